"""How a figure's days are counted in SQL: the same rows as `figures.measure`, grouped by day.

Nothing here has a definition of its own: every statement is made from the figure's querysets.
"""

from __future__ import annotations

import hashlib
import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import TruncDate

from kpi.figures import FIGURES, Figure
from kpi.periods import Period, company_zone

MANY = 2000


@dataclass(frozen=True)
class Sql:
    """A piece of a statement with its parameters."""

    text: str
    params: tuple[Any, ...] = ()


def joined(glue: str, pieces: Iterable[Sql]) -> Sql:
    """The pieces one after the other."""
    pieces = list(pieces)
    return Sql(glue.join(one.text for one in pieces), tuple(value for one in pieces for value in one.params))


@dataclass(frozen=True, eq=False)
class Plan:
    """A figure's statements for one zone and one state of its settings.

    `every_day` answers on_day, numerator, denominator; `one_day` the same for the day `touched.day` of the statement
    around it, reading only the rows near it; `touched` the days that the rows of a relation `touches` name.
    """

    figure: Figure
    basis: str
    every_day: Sql
    one_day: Sql
    touched: Sql


def _sql(rows: QuerySet[Any]) -> Sql:
    text, params = rows.query.sql_with_params()
    return Sql(text, tuple(params))


def _day(figure: Figure, zone: zoneinfo.ZoneInfo) -> Any:
    """The day on which a row counts."""
    return F(figure.day) if figure.is_date else TruncDate(figure.day, tzinfo=zone)


def _by_day(figure: Figure, zone: zoneinfo.ZoneInfo, *, only_touched: bool) -> Sql:
    rows = figure.within(Period())
    if only_touched and figure.is_date:
        rows = rows.filter(**{figure.day: RawSQL("touched.day", ())})
    elif only_touched:
        # A day lies within these three wherever the zone: the bounds are for the index, the day itself decides.
        near = {
            f"{figure.day}__gte": RawSQL("(touched.day - 1)::timestamp AT TIME ZONE 'UTC'", ()),
            f"{figure.day}__lt": RawSQL("(touched.day + 2)::timestamp AT TIME ZONE 'UTC'", ()),
        }
        rows = rows.filter(**near).alias(its_day=_day(figure, zone)).filter(its_day=RawSQL("touched.day", ()))
    return _sql(rows.order_by().values(on_day=_day(figure, zone)).annotate(**figure.totals()))


def _touched(figure: Figure, zone: zoneinfo.ZoneInfo) -> Sql:
    sources = list(figure.touched_by)
    pieces = [
        Sql("SELECT day FROM touches WHERE source = ANY(%s) AND day IS NOT NULL", (sources,)),
        Sql(
            "SELECT (moment AT TIME ZONE %s)::date FROM touches WHERE source = ANY(%s) AND moment IS NOT NULL",
            (zone.key, sources),
        ),
    ]
    for source, rows_of in figure.touched_by.items():
        if rows_of is not None:
            named = RawSQL("SELECT ref FROM touches WHERE source = %s AND ref IS NOT NULL", (source,))
            pieces.append(_sql(rows_of(named).order_by().values_list(_day(figure, zone))))
    return joined(" UNION ", pieces)


@lru_cache(maxsize=64)
def _plan(name: str, zone: str, settings: str | None) -> Plan:
    figure, where = FIGURES[name], zoneinfo.ZoneInfo(zone)
    every_day = _by_day(figure, where, only_touched=False)
    basis = hashlib.sha256(repr((every_day.text, every_day.params, zone, settings)).encode()).hexdigest()
    return Plan(figure, basis, every_day, _by_day(figure, where, only_touched=True), _touched(figure, where))


@dataclass(frozen=True)
class State:
    """Where a figure stands: its goal, and the plan of its roll-up (None: it has none) with when it was last counted.

    `is_current` is false until the plan was carried out once; `counted_at` then changes with every count. `touches` is how
    often something has touched the figure's days since, up to MANY.
    """

    figure: Figure
    goal: Decimal | None
    plan: Plan | None
    is_current: bool
    counted_at: datetime | None
    touches: int

    @property
    def is_fresh(self) -> bool:
        """Whether its days can be read: counted, and not touched so often that counting all rows is quicker."""
        return self.is_current and self.touches < MANY


STATES = """
SELECT w.figure, w.settings, r.basis, r.counted_at, g.value,
  (SELECT count(*) FROM (SELECT FROM kpi_touch WHERE source = ANY(w.sources) LIMIT %s) AS t)
FROM ("""
STATES_OF = """) AS w (figure, sources, settings)
LEFT JOIN kpi_rollup r USING (figure) LEFT JOIN kpi_figuretarget g USING (figure)"""


@lru_cache(maxsize=1)
def _states_sql() -> Sql:
    wanted = []
    for figure in FIGURES.values():
        settings = Sql("NULL::text") if figure.settings is None else _sql(figure.settings())
        name = Sql("SELECT %s, %s::text[], (", (figure.name, list(figure.touched_by)))
        wanted.append(joined("", [name, settings, Sql(")::text")]))
    return joined("", [Sql(STATES, (MANY,)), joined(" UNION ALL ", wanted), Sql(STATES_OF)])


def fetch(sql: Sql) -> list[tuple[Any, ...]]:
    """Run a statement; its rows where it has some."""
    with connection.cursor() as cursor:
        cursor.execute(sql.text, sql.params)
        return cursor.fetchall() if cursor.description else []


def read_states(zone: zoneinfo.ZoneInfo | None = None) -> dict[str, State]:
    """Every figure's state, in the order of the figures. One statement."""
    where = (zone or company_zone()).key
    rows = {row[0]: row[1:] for row in fetch(_states_sql())}
    states = {}
    for name, figure in FIGURES.items():
        settings, basis, counted_at, goal, touches = rows[name]
        plan = _plan(name, where, settings) if figure.touched_by else None
        is_current = plan is not None and basis == plan.basis
        states[name] = State(figure, goal, plan, is_current, counted_at if is_current else None, touches)
    return states


# ---------------------------------------------------------------- reading

COUNTED = "SELECT figure, day, numerator, denominator FROM kpi_dailyfigure"
SUMS = """
SELECT f.figure, date_trunc('month', d.day)::date,
  sum(d.numerator) FILTER (WHERE d.day BETWEEN %s AND %s), sum(d.denominator) FILTER (WHERE d.day BETWEEN %s AND %s),
  sum(d.numerator) FILTER (WHERE d.day BETWEEN %s AND %s), sum(d.denominator) FILTER (WHERE d.day BETWEEN %s AND %s)
FROM kpi_rollup f JOIN unnest(%s::text[], %s::text[]) AS wanted (figure, basis) USING (figure, basis)
LEFT JOIN ({days}) d ON d.figure = f.figure AND (d.day BETWEEN %s AND %s OR d.day BETWEEN %s AND %s)
GROUP BY 1, 2 ORDER BY 1, 2
"""


def _ends(period: Period) -> tuple[Any, Any]:
    """Both ends as the database takes them."""
    return period.first or "-infinity", period.last or "infinity"


def _sums(plans: Sequence[Plan], period: Period, year: Period, days: Sql) -> Sql:
    inside, course = _ends(period), _ends(year)
    params = (*course, *course, *inside, *inside)
    params += ([plan.figure.name for plan in plans], [plan.basis for plan in plans], *days.params, *course, *inside)
    return Sql(SUMS.format(days=days.text), params)


def _counted_now(plan: Plan, bounds: tuple[Any, Any]) -> Sql:
    head = Sql("SELECT %s, c.on_day, coalesce(c.numerator, 0), c.denominator FROM (", (plan.figure.name,))
    return joined(
        "", [head, plan.touched, Sql(") AS touched (day) CROSS JOIN LATERAL ("), plan.one_day,
             Sql(") c WHERE touched.day BETWEEN %s AND %s", bounds)],
    )  # fmt: skip


def counted_days(plans: Sequence[Plan], period: Period, year: Period) -> Sql:
    """Month by month what was counted before: figure, month, both sums in the year, both in the period."""
    return _sums(plans, period, year, Sql(COUNTED))


def counted_and_touched_days(plans: Sequence[Plan], period: Period, year: Period) -> Sql:
    """The same with the touched days counted from their rows, all of it as of one moment."""
    (first, last), (since, until) = _ends(period), _ends(year)
    bounds = (
        "-infinity" if "-infinity" in (first, since) else min(first, since),
        "infinity" if "infinity" in (last, until) else max(last, until),
    )
    touched = [
        joined("", [Sql("SELECT %s, t.day FROM (", (plan.figure.name,)), plan.touched, Sql(") AS t (day)")])
        for plan in plans
    ]
    untouched = Sql(
        COUNTED + " r WHERE NOT EXISTS (SELECT FROM touched_days t WHERE t.figure = r.figure AND t.day = r.day)"
    )
    days = joined(" UNION ALL ", [untouched, *(_counted_now(plan, bounds) for plan in plans)])
    head = joined(
        "", [Sql("WITH touches AS (SELECT source, day, moment, ref FROM kpi_touch), touched_days (figure, day) AS ("),
             joined(" UNION ALL ", touched), Sql(")")],
    )  # fmt: skip
    return joined("", [head, _sums(plans, period, year, days)])
