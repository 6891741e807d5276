"""manage.py sla_verify: hold every running clock against its ledger."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from foundation.sla.services.verifying import verify_clocks


class Command(BaseCommand):
    help = "Recomputes every running clock from its ledger; names those that differ and exits with 1. Writes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify_clocks()
        for pk, problems in verdict.problems.items():
            self.stdout.write(f"clock {pk}: {'; '.join(problems)}")
        self.stdout.write(f"{verdict.looked_at} running clocks, {len(verdict.problems)} differ from their ledger")
        if verdict.problems:
            raise SystemExit(1)
