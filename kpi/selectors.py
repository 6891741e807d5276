"""What the figures' pages show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kpi.figures import FIGURES, Figure, Result, measure_with_course
from kpi.models import FigureTarget
from kpi.periods import Period


@dataclass(frozen=True)
class Card:
    """One figure with its goal, its course by month, and how it does: in-time, soon, late or plain."""

    figure: Figure
    result: Result
    goal: Decimal | None
    state: str
    course: list[tuple[date, Result]]


def goals() -> dict[str, Decimal]:
    """The goal of each figure. One query."""
    return dict(FigureTarget.objects.values_list("figure", "value"))


def state_of(figure: Figure, value: Decimal | None, goal: Decimal | None) -> str:
    """In time when the goal is reached, soon within a tenth of it, late beyond."""
    if value is None or goal is None:
        return "plain"
    if (value <= goal) if figure.lower_is_better else (value >= goal):
        return "in-time"
    slack = goal / 10
    near = value <= goal + slack if figure.lower_is_better else value >= goal - slack
    return "soon" if near else "late"


def cards(period: Period, year: Period) -> list[Card]:
    """Every figure over the period, with its course over a year. One query a figure."""
    wanted = goals()
    found = []
    for figure in FIGURES.values():
        result, course = measure_with_course(figure, period, year)
        goal = wanted.get(figure.name)
        found.append(Card(figure, result, goal, state_of(figure, result.value, goal), course))
    return found


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
