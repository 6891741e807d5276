"""What the launcher says: one line per step while it works, one sentence when it cannot go on."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Failure(Exception):
    """The launcher cannot go on; the text is one sentence that says what to do."""

    def __init__(self, sentence: str, *, log: Path | None = None) -> None:
        super().__init__(sentence)
        self.log = log


def line(text: str = "") -> None:
    """Print one line at once, also into a pipe."""
    print(text, flush=True)


def tail(path: Path, count: int = 15) -> str:
    """The last lines of a log, indented; empty when there is none."""
    try:
        rows = path.read_text(encoding="utf-8", errors="replace").splitlines()[-count:]
    except OSError:
        return ""
    return "\n".join("    " + row for row in rows)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Announce a piece of work, show that it goes on, and say how long it took."""
    started = time.monotonic()
    done = threading.Event()
    print(f"  {text} ", end="", flush=True)

    def dots() -> None:
        while not done.wait(2):
            print(".", end="", flush=True)

    ticker = threading.Thread(target=dots, daemon=True)
    ticker.start()
    try:
        yield
    except BaseException:
        done.set()
        ticker.join()
        line("failed")
        raise
    done.set()
    ticker.join()
    line(f"done, {time.monotonic() - started:.1f} s")


def complain(failure: Failure) -> None:
    """Show why the launcher stops: the end of the log if there is one, then the sentence."""
    if failure.log and (rows := tail(failure.log)):
        print(rows, file=sys.stderr)
    print(f"kontor: {failure}", file=sys.stderr, flush=True)
