"""What the figures' pages show."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from kpi.figures import FIGURES, Figure, Result, measure_with_course, result_of
from kpi.periods import Period
from kpi.rollups import Plan, State, counted_and_touched_days, counted_days, fetch, read_states

Course = list[tuple[date, Result]]


@dataclass(frozen=True)
class Card:
    """One figure with its goal, its course by month, and how it does: in-time, soon, late or plain."""

    figure: Figure
    result: Result
    goal: Decimal | None
    state: str
    course: Course


def state_of(figure: Figure, value: Decimal | None, goal: Decimal | None) -> str:
    """In time when the goal is reached, soon within a tenth of it, late beyond."""
    if value is None or goal is None:
        return "plain"
    if (value <= goal) if figure.lower_is_better else (value >= goal):
        return "in-time"
    slack = goal / 10
    near = value <= goal + slack if figure.lower_is_better else value >= goal - slack
    return "soon" if near else "late"


def _result(figure: Figure, numerator: Any, denominator: Any) -> Result:
    """From sums of days; a percentage's numerator is a whole number of rows again."""
    above = int(numerator or 0) if figure.hit is not None else (numerator or 0)
    return result_of(figure, {"numerator": above, "denominator": int(denominator or 0)})


def _measures(rows: list[tuple[Any, ...]]) -> dict[str, tuple[Result, Course]]:
    found: dict[str, tuple[Result, Course]] = {}
    for name in dict.fromkeys(row[0] for row in rows):
        figure, months = FIGURES[name], [row[1:] for row in rows if row[0] == name]
        total = _result(figure, sum(month[3] or 0 for month in months), sum(month[4] or 0 for month in months))
        course = [(month[0], _result(figure, month[1], month[2])) for month in months if month[2]]
        found[name] = (total, course)
    return found


@lru_cache(maxsize=128)
def _counted(
    period: Period, year: Period, plans: tuple[Plan, ...], counted_at: tuple[Any, ...]
) -> dict[str, tuple[Result, Course]]:
    """The sums of what was counted at these moments: they change only with the moments. One statement, then none."""
    return _measures(fetch(counted_days(plans, period, year)))


def measures_from_days(states: Collection[State], period: Period, year: Period) -> dict[str, tuple[Result, Course]]:
    """What `measure_with_course` answers, of every figure whose days are fresh. Two statements at most.

    Days touched since they were counted are counted from their rows, so the answer is never behind.
    """
    fresh = [state for state in states if state.is_fresh]
    quiet = [state for state in fresh if not state.touches]
    stirred = [state.plan for state in fresh if state.plan is not None and state.touches]
    found: dict[str, tuple[Result, Course]] = {}
    if quiet:
        plans = tuple(state.plan for state in quiet if state.plan is not None)
        found.update(_counted(period, year, plans, tuple(state.counted_at for state in quiet)))
    if stirred:
        found.update(_measures(fetch(counted_and_touched_days(stirred, period, year))))
    return found


def cards(period: Period, year: Period, zone: ZoneInfo | None = None) -> list[Card]:
    """Every figure over the period, with its course over a year; those without a roll-up cost a query each."""
    states = read_states(zone)
    counted = measures_from_days(states.values(), period, year)
    found = []
    for name, state in states.items():
        result, course = counted.get(name) or measure_with_course(state.figure, period, year)
        found.append(Card(state.figure, result, state.goal, state_of(state.figure, result.value, state.goal), course))
    return found


def cards_key(shown: list[Card], words: dict[str, str]) -> str:
    """The same for cards that look the same, other for all others; beside the language, which it leaves out."""
    seen = [(card.figure.name, card.result, card.goal, card.course) for card in shown]
    return hashlib.sha256(repr((seen, words)).encode()).hexdigest()


def rows_of(figure: Figure, period: Period, by: str = "", key: str | None = None) -> Any:
    """The rows behind a figure, or behind one of its parts; their count is the figure's denominator."""
    rows = figure.within(period)
    if by:
        path = figure.fields[by]
        if key:
            return rows.filter(**{path: key})
        # null stands for empty and unknown alike
        return rows.filter(**{f"{path}__isnull": True}) | rows.filter(**{path: ""})
    return rows
