"""`receive_mail FILE…`: take in mails from files, or one from standard input with `-`."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand

from foundation.mailroom.reading.letter import LARGEST, head_of
from foundation.mailroom.services import take_in

CHUNK = 2**20
MOST_SAID = 2**31 - 1  # what the column of sizes takes


class Command(BaseCommand):
    """What a mail server's pipe calls, and whoever has mails as files."""

    help = "Take in mails from files (- is standard input): store each, then join, make an inquiry, or set it aside."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="a mail as it came; - reads standard input")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        lost = 0
        for name in options["files"]:
            line = self._one(name)
            lost += line["result"] == "error"
            self.stdout.write(json.dumps(line, ensure_ascii=False) if options["json"] else _plain(line))
        if lost == len(options["files"]):
            sys.exit(75)  # EX_TEMPFAIL: the mail server keeps the mail and tries again

    def _one(self, name: str) -> dict[str, str]:
        """One mail; whatever happens to it does not stop the next."""
        try:
            if name == "-":
                raw, size = _read(sys.stdin.buffer)
            else:
                with Path(name).open("rb") as file:
                    raw, size = _read(file)
            mail, result = take_in(raw, size=size)
        except Exception as error:
            self.stderr.write(f"{name}: {type(error).__name__}: {error}")
            return {"file": name, "result": "error", "subject": "", "from": ""}
        return {"file": name, "result": result, "subject": mail.subject_line, "from": mail.sender}


def _read(file: IO[bytes]) -> tuple[bytes, int | None]:
    """The mail; of one beyond the limit only its header, with the size of the whole, which is read to its end and let go."""
    raw = file.read(LARGEST + 1)
    if len(raw) <= LARGEST:
        return raw, None
    head, size = head_of(raw), len(raw)
    del raw
    while chunk := file.read(CHUNK):
        size += len(chunk)
    return head, min(size, MOST_SAID)


def _plain(line: dict[str, str]) -> str:
    return f"{line['result']:<12} {line['file']}: {line['subject']} ({line['from']})"
