"""`manage.py verify_journal`"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from foundation.journal.verifying import verify


class Command(BaseCommand):
    """Proves that what was sealed is still there, unchanged, in its order."""

    help = "Check the chain; exit 1 and name the first row that was altered, removed, inserted or cut off."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head", default="", help="a head that seal_journal printed earlier and you kept elsewhere"
        )
        parser.add_argument("--skip-files", action="store_true", help="do not read the bytes of attached files")

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify(head=options["head"], with_files=not options["skip_files"])
        if report.fault:
            self.stderr.write(str(report.fault))
            sys.exit(1)
        self.stdout.write(
            f"{report.links} links are whole; {report.waiting} rows wait for the seal; head {report.head or '(none)'}"
        )
        if not options["head"] and report.links:
            self.stdout.write(
                "Keep the head outside this machine and give it as --head: only then a cut tail is found."
            )
