"""`kpi NAME`: one figure, for people or as JSON."""

from __future__ import annotations

import argparse
import json
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from kpi.figures import Result, get_figure, measure, measure_by
from kpi.periods import Period


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day such as 2026-03-31") from None


def _number(value: Decimal | int | None) -> float | int | None:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and value.as_tuple().exponent == 0 else float(value)
    return value


class Command(BaseCommand):
    """Prints numerator, denominator and value; both days of the period are included, in the company's zone."""

    help = "Print a figure: kpi on_time_delivery_lines --by country --json"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--from", dest="first", type=_day, metavar="DATE")
        parser.add_argument("--to", dest="last", type=_day, metavar="DATE")
        parser.add_argument("--by", metavar="FIELD")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        first, last, by = options["first"], options["last"], options["by"]
        if first and last and first > last:
            raise CommandError(f"--from {first} lies after --to {last}")
        period = Period(first, last)
        try:
            figure = get_figure(options["name"])
            parts = measure_by(figure, period, by) if by else []
        except LookupError as error:
            raise CommandError(str(error)) from error
        total = measure(figure, period)
        with translation.override("en"):
            answer = {
                "name": figure.name,
                "definition": str(figure.definition),
                "unit": figure.unit,
                "from": first.isoformat() if first else None,
                "to": last.isoformat() if last else None,
                **self._plain(total),
                "by": [{"key": part.key, **self._plain(part)} for part in parts],
            }
        if options["as_json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self.stdout.write(f"{figure.name}: {total.value} {figure.unit} ({total.numerator} of {total.denominator})")
        for part in parts:
            self.stdout.write(f"  {part.key or '–'}: {part.value} ({part.numerator} of {part.denominator})")

    @staticmethod
    def _plain(result: Result) -> dict[str, Any]:
        return {
            "numerator": _number(result.numerator),
            "denominator": result.denominator,
            "value": None if result.value is None else float(result.value),
        }
