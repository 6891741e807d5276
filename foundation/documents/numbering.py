"""The next number of a series, given out once.

One UPDATE … RETURNING counts up: two people who save together wait for one another at the row, and a transaction that
rolls back gives its number back. Administrators edit the pattern; series that nobody declared come into being when asked.
"""

from __future__ import annotations

import zoneinfo
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from foundation.accounts.models import Company
from foundation.documents.models import NumberSeries
from foundation.documents.patterns import render_number
from foundation.ui.server_plans import Statement, rows_of

DEFAULT_PATTERNS = {
    "customer": "C-{n:05}",
    "inquiry": "IN-{year}-{n:04}",
    "visit": "VIS-{year}-{n:04}",
    "reception": "REC-{year}-{n:04}",
    "sample": "SA-{year}-{n:04}",
    "technical": "TR-{year}-{n:04}",
    "campaign": "CA-{year}-{n:04}",
    "restock": "RS-{year}-{n:04}",
    "quote": "QU-{year}-{n:04}",
    "order": "SO-{year}-{n:04}",
    "payment": "PAY-{year}-{n:04}",
    "document": "DOC-{year}-{n:04}",
    "shipment": "SH-{year}-{n:04}",
    "ticket": "T-{year}-{n:04}",
    "survey": "SV-{year}-{n:04}",
}

# A number of the year before, asked for a second late, does not set the count back: the year only grows.
_COUNT_UP = Statement.named(
    """
UPDATE documents_numberseries
   SET last = CASE WHEN year < %(year)s AND pattern ~ '[{](year|yy)' THEN 0 ELSE last END + %(count)s,
       year = GREATEST(year, %(year)s)
 WHERE code = %(code)s
RETURNING pattern, year, last
""",
    {"year": "integer", "count": "bigint", "code": "varchar"},
)


def next_number(series: str, *, at: datetime | None = None) -> str:
    """The next number of `series`, such as `SO-2026-0001`; the year is that of `at` (now) in the company's zone."""
    return next_numbers(series, 1, at=at)[0]


def next_numbers(series: str, count: int, *, at: datetime | None = None) -> list[str]:
    """`count` numbers in one statement, ascending. Raises ValueError for a count below 1."""
    if count < 1:
        raise ValueError(f"{count!r}: ask for at least one number")
    year = _company_year(at)
    with transaction.atomic(savepoint=False):
        row = _count_up(series, year, count)
        if row is None:
            _begin(series)
            row = _count_up(series, year, count)
    assert row is not None
    pattern, year, last = row
    return [render_number(pattern, year=year, n=n) for n in range(last - count + 1, last + 1)]


def load_series() -> int:
    """Make the series of the house that do not exist yet; returns how many were added."""
    before = NumberSeries.objects.count()
    rows = [NumberSeries(code=code, pattern=pattern) for code, pattern in DEFAULT_PATTERNS.items()]
    NumberSeries.objects.bulk_create(rows, ignore_conflicts=True)
    return NumberSeries.objects.count() - before


def _company_year(at: datetime | None) -> int:
    moment = at or timezone.now()
    return timezone.localtime(moment, zoneinfo.ZoneInfo(Company.current().time_zone)).year


def _begin(series: str) -> None:
    pattern = DEFAULT_PATTERNS.get(series) or f"{series.upper()[:12]}-{{year}}-{{n:04}}"
    NumberSeries.objects.bulk_create([NumberSeries(code=series, pattern=pattern)], ignore_conflicts=True)


def _count_up(series: str, year: int, count: int) -> tuple[str, int, int] | None:
    for pattern, year_now, last in rows_of(connection, _COUNT_UP, (year, count, series)):
        return pattern, year_now, last
    return None
