"""Reading a CSV file in a stream: any line ending, with or without BOM, packed with gzip or not."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO

GZIP_MAGIC = b"\x1f\x8b"
SAMPLE = 256 * 1024
LONGEST_CELL = 1_000_000
ENCODINGS = ("utf-8", "gb18030", "cp1252")


class Unreadable(Exception):
    """The file as a whole cannot be read; the message says why."""


def _binary(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        packed = file.read(2) == GZIP_MAGIC
    return gzip.open(path, "rb") if packed else path.open("rb")  # type: ignore[return-value]


def guess_encoding(sample: bytes) -> str:
    """UTF-8 (UTF-16 by its mark) if the sample is that, else the first of the usual ones that fits."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for name in ENCODINGS:
        try:
            codecs.getincrementaldecoder(name)().decode(sample, final=False)
        except UnicodeDecodeError:
            continue
        return "utf-8-sig" if name == "utf-8" else name
    return "cp1252"


def guess_delimiter(line: str) -> str:
    """The separator that occurs most often in the header."""
    return max(",;\t|", key=line.count)


def rows_of(path: Path, *, encoding: str = "", delimiter: str = "") -> Iterator[tuple[int, list[str]]]:
    """(number, cells) of every row, the header being number 1; blank lines are no rows. Raises Unreadable."""
    try:
        with _binary(path) as file:
            sample = file.read(SAMPLE)
        if not sample:
            raise Unreadable("The file is empty.")
        encoding = encoding or guess_encoding(sample)
        if encoding.lower().replace("_", "-") == "utf-8":
            encoding = "utf-8-sig"
        if not delimiter:
            head = sample.decode(encoding, errors="replace").replace("\r", "\n").split("\n", 1)[0]
            delimiter = guess_delimiter(head)
        csv.field_size_limit(LONGEST_CELL)
        # newline="" keeps quoted line ends, and lets the reader see lone carriage returns as line ends
        with _binary(path) as binary, io.TextIOWrapper(binary, encoding=encoding, newline="") as text:
            number = 0
            for cells in csv.reader(text, delimiter=delimiter):
                if not cells:
                    continue
                number += 1
                yield number, cells
    except LookupError as error:
        raise Unreadable(f"The encoding {encoding!r} is not known.") from error
    except UnicodeDecodeError as error:
        raise Unreadable(f"The file is not written in {encoding}: name its encoding in the mapping.") from error
    except (OSError, EOFError, csv.Error) as error:
        raise Unreadable(f"The file cannot be read: {error}") from error
