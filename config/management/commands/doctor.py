"""`doctor`: is everything in order, and if not, what to do."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.doctor import examine


class Command(BaseCommand):
    help = "Examine database, rights, queue, clocks, mail, PDF, disk and keys; exits with 1 when something is wrong."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line per check."""
        findings = examine()
        if options["json"]:
            self.stdout.write(json.dumps({one.name: {"well": one.well, "text": one.text} for one in findings}))
        else:
            for one in findings:
                mark = self.style.SUCCESS("ok ") if one.well else self.style.ERROR("BAD")
                self.stdout.write(f"  {mark} {one.name:18} {one.text}")
        if not all(one.well for one in findings):
            raise SystemExit(1)
