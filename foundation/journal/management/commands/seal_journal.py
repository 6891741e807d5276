"""`manage.py seal_journal`"""

from typing import Any

from django.core.management.base import BaseCommand

from foundation.journal import sealing


class Command(BaseCommand):
    """What the periodic task does, by hand."""

    help = "Seal every row of the journal whose transaction has finished, and print the head of the chain."

    def handle(self, *args: Any, **options: Any) -> None:
        done = sealing.seal()
        if done.is_busy:
            self.stdout.write("Another sealer is at work.")
        self.stdout.write(f"{done.rows} rows sealed; {done.position} links; head {done.head or '(none)'}")
