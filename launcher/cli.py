"""The commands of `./kontor`."""

from __future__ import annotations

import importlib
import sys

from launcher import say
from launcher.say import Failure

COMMANDS = {
    "run": ("launcher.serve", "bring everything up: ./kontor run [--port 8000] [--host 127.0.0.1] [--no-demo]"),
    "test": ("launcher.checks", "all checks and all tests; with arguments only pytest, with them"),
    "doctor": ("launcher.care", "say what is there, what is missing and what to do about it"),
    "backup": ("launcher.archive", "write database, files and keys to one archive: ./kontor backup [FILE]"),
    "restore": ("launcher.archive", "put an archive back: ./kontor restore FILE --yes"),
    "reset": ("launcher.care", "remove all state but the backups: ./kontor reset --yes"),
    "shell": ("launcher.care", "Django's shell"),
    "manage": ("launcher.care", "any command of manage.py: ./kontor manage COMMAND …"),
    "bench": ("launcher.care", "the measured workloads"),
    "soak": ("launcher.checks", "the long tests: crashes, outages, races; --long for the full figures"),
}


def usage() -> str:
    """One line per command."""
    rows = [f"  ./kontor {name:8} {text}" for name, (_module, text) in COMMANDS.items()]
    return "\n".join(["Kontor, the CRM that keeps promises.", "", *rows])


def main(arguments: list[str]) -> int:
    """Run one command; answers the exit code."""
    if not arguments or arguments[0] in ("help", "-h", "--help"):
        say.line(usage())
        return 0
    name, *rest = arguments
    if name not in COMMANDS:
        say.line(usage())
        print(f"\nkontor: there is no command {name!r}.", file=sys.stderr)
        return 2
    try:
        command = getattr(importlib.import_module(COMMANDS[name][0]), name)
        return int(command(rest) or 0)
    except Failure as failure:
        say.complain(failure)
        return 1
    except KeyboardInterrupt:
        say.line("\nStopped.")
        return 130
