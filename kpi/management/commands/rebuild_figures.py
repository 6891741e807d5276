"""`rebuild_figures [--check]`: every day of every figure, from its rows."""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kpi.services import differences, rebuild_figures, uncounted_figures


class Command(BaseCommand):
    """With --check nothing is written: each day that differs is printed, and the answer is 1 where there is one."""

    help = "Counts all figures anew; with --check says where what was counted differs from the rows."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare only; exit 1 when a day differs")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not check:
            self.stdout.write(f"{rebuild_figures()} days")
            return
        for name in uncounted_figures():
            self.stdout.write(f"{name}: not counted yet, pages count it live")
        found = differences()
        for one in found:
            self.stdout.write(
                f"{one.figure} {one.day}: kept {self._pair(one.kept)}, rows say {self._pair(one.counted)}"
            )
        self.stdout.write(f"{len(found)} days differ")
        if found:
            sys.exit(1)

    @staticmethod
    def _pair(pair: tuple[Any, int] | None) -> str:
        return "nothing" if pair is None else f"{Decimal(pair[0]).normalize():f} of {pair[1]}"
