"""manage.py sla_scan: one round of the scanner, by hand or from cron."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from foundation.sla.tasks import BATCH, run_round


class Command(BaseCommand):
    help = "Tells what is due: warnings, breaches, escalations. Prints how often a clock had something to say."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, default=BATCH, help="clocks in one transaction")

    def handle(self, *args: Any, limit: int, **options: Any) -> None:
        self.stdout.write(str(run_round(limit)))
