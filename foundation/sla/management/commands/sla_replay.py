"""manage.py sla_replay FILE: run cases worked out by hand through the engine of the live clocks."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.sla.replay import ReplayError, replay


class Command(BaseCommand):
    help = "Replays SLA cases from a JSON file ('-' reads standard input) and prints one result a case. Writes nothing."
    # Runs where there is no database.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        try:
            raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
            results = replay(raw.decode("utf-8-sig"))
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{file}: not UTF-8 text") from error
        except ReplayError as error:
            raise CommandError(f"{file}: {error}") from error
        self.stdout.write("[" + ",\n ".join(json.dumps(result) for result in results) + "]")
