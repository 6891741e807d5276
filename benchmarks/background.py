"""Work without a page: the round of the clocks, and a file of customers."""

from __future__ import annotations

import csv
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from django.db import connection, connections, transaction

from benchmarks.copying import ALIAS
from benchmarks.house import LANDS, names
from foundation.calendars.defaults import YEAR, guangzhou_plan
from foundation.calendars.engine import BusinessCalendar
from foundation.imports.mapping import build_mapping
from foundation.imports.registry import get_kind
from foundation.imports.running import run_import
from foundation.notifications.wording import word_pending
from foundation.sla.models import Clock
from foundation.sla.scanner import scan

DUE = 1000
BARE = """
WITH due AS (SELECT id FROM sla_timer WHERE fired_at IS NULL AND cancelled_at IS NULL AND due_at < now()
  ORDER BY due_at LIMIT 1000 FOR UPDATE SKIP LOCKED)
UPDATE sla_timer t SET fired_at = now() FROM due WHERE t.id = due.id RETURNING t.id
"""


@dataclass(frozen=True)
class Line:
    """One line of the report."""

    name: str
    value: str
    ratio: str
    bar: str


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _run(sql: str) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def _make_due(round_number: int) -> None:
    """Let a thousand open promises have been due for some seconds; their warnings were told in time, as on any day."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE due_now ON COMMIT PRESERVE ROWS AS SELECT id FROM sla_clock WHERE stopped_at IS NULL "
            "AND breached_at IS NULL AND due_at > now() ORDER BY id OFFSET %s LIMIT %s",
            [round_number * DUE, DUE],
        )
        cursor.execute(
            "UPDATE sla_clock SET due_at = now() - interval '20 seconds' WHERE id IN (SELECT id FROM due_now)"
        )
        cursor.execute(
            "UPDATE sla_timer SET due_at = now() - interval '20 seconds', fired_at = CASE WHEN kind LIKE 'warn%%' "
            "THEN now() - interval '20 seconds' END WHERE kind NOT LIKE 'escalate%%' AND fired_at IS NULL "
            "AND clock_id IN (SELECT id FROM due_now)"
        )
        cursor.execute("DROP TABLE due_now")


def _bare(round_number: int) -> float:
    """The bare statement on a thousand due timers, with its commit; they get their way back afterwards."""
    _make_due(round_number)
    fired: list[int] = []

    def work() -> None:
        with transaction.atomic():
            fired.extend(row[0] for row in _run(BARE))

    took = _timed(work)
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("UPDATE sla_timer SET fired_at = NULL WHERE id = ANY(%s)", [fired])
    return took


def _told() -> float:
    def work() -> None:
        while scan(DUE):
            pass

    return _timed(work)


def _worded() -> float:
    return _timed(lambda: word_pending(until=time.monotonic() + 60))


def clocks() -> list[Line]:
    """A thousand due promises against the bare statement on as many, and a round that finds nothing."""
    while scan():  # what the service's own example left due
        pass
    _worded()
    bare, told, worded = [], [], []
    for turn in range(5):
        bare.append(_bare(turn))
        told.append(_told())
        worded.append(_worded())
    best, ours = statistics.median(bare), statistics.median(told)
    select = statistics.median(_timed(lambda: _run("SELECT 1")) for _turn in range(200))
    idle = statistics.median(_timed(scan) for _turn in range(200))
    running = Clock.objects.open().count()
    return [
        Line(f"{DUE:,} due of {running:,} running clocks", f"{ours:.0f} ms", f"{ours / best:.1f} × bare ({best:.0f} ms)", "≤ 6 ×"),
        Line(f"words for {DUE:,} of them", f"{statistics.median(worded):.0f} ms", "by a worker, afterwards", ""),
        Line("round with nothing due", f"{idle:.2f} ms", f"{idle - select:.2f} ms over SELECT 1", "≤ 2 ms"),
    ]  # fmt: skip


def due_times() -> list[Line]:
    """A due time over a year of Chinese holidays: as clocks ask for it, and for the first time with a new version."""
    plan = guangzhou_plan()
    start = int(datetime(YEAR, 1, 5, 1, tzinfo=UTC).timestamp())
    year = BusinessCalendar.from_plan(plan).seconds_between(start, start + 365 * 86_400)
    kept = BusinessCalendar.from_plan(plan)
    kept.reach(start, year)
    warm = statistics.median(_timed(partial(kept.reach, start + 60 * turn, year - 86_400)) for turn in range(500))
    fresh = [BusinessCalendar.from_plan(plan) for _turn in range(50)]
    first = statistics.median(_timed(partial(one.reach, start, year)) for one in fresh)
    return [
        Line(
            "due time over a year of holidays",
            f"{warm * 1000:.1f} µs",
            f"{first * 1000:.0f} µs the first time with a new version",
            "≤ 200 µs",
        )
    ]


def importing(rows: int, folder: Path) -> Line:
    """A file of customers, read, checked and written."""
    import random

    path = folder / "customers.csv"
    namer = names(random.Random(7))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Key", "Name", "Country", "Contact", "Mail"])
        for number in range(rows):
            name, word, _language = next(namer)
            writer.writerow([f"K{number}", name, LANDS[number % 3][1], word, f"import{number}@example.com"])
    kind = get_kind("customers")
    mapping = build_mapping(
        {
            "kind": "customers",
            "source": "bench",
            "identify": {"customer": ["Key"]},
            "fields": {
                "customer.name": "Name",
                "customer.country": "Country",
                "contact.name": "Contact",
                "contact.email": "Mail",
            },
        },
        kind,
    )
    started = time.perf_counter()
    summary = run_import(kind, path, mapping)
    took = time.perf_counter() - started
    return Line(
        f"import of {rows:,} customers",
        f"{took:.1f} s",
        f"{summary.created:,} created, {rows / took:,.0f} rows/s",
        f"≤ {20 * rows / 100_000:.0f} s",
    )
