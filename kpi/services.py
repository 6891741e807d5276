"""Keeping the roll-up: count again what was touched, or everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from foundation.journal.models import ClockTimestamp
from kpi.models import DailyFigure, RollUp, Touch
from kpi.rollups import Plan, Sql, State, fetch, joined, read_states

LOCK = 7_204_114_190_233_801


@dataclass(frozen=True)
class Difference:
    """A day on which the roll-up and the rows disagree: (numerator, denominator), None where there is none."""

    figure: str
    day: date
    kept: tuple[Any, int] | None
    counted: tuple[Any, int] | None


def _take_touches(plans: list[Plan]) -> dict[str, set[date]]:
    """Remove every note that is visible, and answer by figure the days that they name.

    Names and removal are of one moment, so a note that appears later stays for the next refresh.
    """
    head = Sql("WITH touches AS (DELETE FROM kpi_touch RETURNING source, day, moment, ref) ")
    days = [
        joined("", [Sql("SELECT %s, t.day FROM (", (plan.figure.name,)), plan.touched, Sql(") AS t (day)")])
        for plan in plans
    ]
    found: dict[str, set[date]] = {plan.figure.name: set() for plan in plans}
    none = Sql("SELECT NULL, NULL WHERE false")
    for name, day in fetch(joined("", [head, joined(" UNION ALL ", days or [none])])):
        found[name].add(day)
    return found


def _count_days(plan: Plan, days: set[date]) -> None:
    name, chosen = plan.figure.name, sorted(days)
    DailyFigure.objects.filter(figure=name, day__in=chosen).delete()
    _insert(
        joined("", [
            Sql("SELECT %s, c.on_day, coalesce(c.numerator, 0), c.denominator ", (name,)),
            Sql("FROM unnest(%s::date[]) AS touched (day) CROSS JOIN LATERAL (", (chosen,)), plan.one_day, Sql(") c"),
        ])
    )  # fmt: skip
    RollUp.objects.filter(figure=name).update(counted_at=ClockTimestamp())


def _count_all(plan: Plan) -> None:
    name = plan.figure.name
    DailyFigure.objects.filter(figure=name).delete()
    head = Sql("SELECT %s, c.on_day, coalesce(c.numerator, 0), c.denominator FROM (", (name,))
    _insert(joined("", [head, plan.every_day, Sql(") c")]))
    RollUp.objects.update_or_create(figure=name, defaults={"basis": plan.basis, "counted_at": ClockTimestamp()})


def _insert(rows: Sql) -> None:
    fetch(joined("", [Sql("INSERT INTO kpi_dailyfigure (figure, day, numerator, denominator) "), rows]))


def _is_ours(*, wait: bool) -> bool:
    """Whether this transaction is now the only one that counts: two at once could write the older count last."""
    if wait:
        fetch(Sql("SELECT pg_advisory_xact_lock(%s)", (LOCK,)))
        return True
    return bool(fetch(Sql("SELECT pg_try_advisory_xact_lock(%s)", (LOCK,)))[0][0])


@transaction.atomic
def refresh_figures() -> int:
    """Count the touched days again, and whole the figures that are not fresh; answers how many days.

    Days of a figure that was counted whole are not in the answer. Does nothing while another process counts.
    """
    if not _is_ours(wait=False):
        return 0
    states = read_states()
    plans = _plans(states)
    if all(states[plan.figure.name].is_current for plan in plans) and not Touch.objects.exists():
        return 0
    touched = _take_touches([plan for plan in plans if states[plan.figure.name].is_fresh])
    for plan in plans:
        if plan.figure.name not in touched:
            _count_all(plan)
        elif days := touched[plan.figure.name]:
            _count_days(plan, days)
    return sum(map(len, touched.values()))


@transaction.atomic
def rebuild_figures() -> int:
    """Count every day of every figure from its rows, and forget figures that are no more. Answers how many days have rows."""
    _is_ours(wait=True)
    plans = _plans(read_states())
    _take_touches([])
    for model in (DailyFigure, RollUp):
        model._default_manager.exclude(figure__in=[plan.figure.name for plan in plans]).delete()
    for plan in plans:
        _count_all(plan)
    return DailyFigure.objects.count()


def _plans(states: dict[str, State]) -> list[Plan]:
    return [state.plan for state in states.values() if state.plan is not None]


CHECK = """
SELECT coalesce(c.on_day, k.day), k.numerator, k.denominator, coalesce(c.numerator, 0), c.denominator
FROM ({every_day}) c FULL JOIN (SELECT day, numerator, denominator FROM kpi_dailyfigure WHERE figure = %s) k ON k.day = c.on_day
WHERE (coalesce(c.numerator, 0), c.denominator) IS DISTINCT FROM (k.numerator, k.denominator)
AND NOT EXISTS (SELECT FROM ({touched}) AS t (day) WHERE t.day = coalesce(c.on_day, k.day))
ORDER BY 1
"""


def _differences_of(plan: Plan) -> list[Difference]:
    parts = {"every_day": plan.every_day.text, "touched": plan.touched.text}
    head = "WITH touches AS (SELECT source, day, moment, ref FROM kpi_touch) "
    params = (*plan.every_day.params, plan.figure.name, *plan.touched.params)
    return [
        Difference(
            plan.figure.name, day, None if below is None else (above, below), None if rows is None else (part, rows)
        )
        for day, above, below, part, rows in fetch(Sql(head + CHECK.format(**parts), params))
    ]


def differences() -> list[Difference]:
    """Days whose roll-up differs from a count of their rows; changes nothing.

    Days touched since they were counted are left out, and so are figures that await their first count: pages count both live.
    """
    states = read_states().values()
    return [one for state in states if state.is_current and state.plan for one in _differences_of(state.plan)]


def uncounted_figures() -> list[str]:
    """Figures that have no roll-up of their present definition; the next refresh makes it."""
    return [name for name, state in read_states().items() if state.plan is not None and not state.is_current]
