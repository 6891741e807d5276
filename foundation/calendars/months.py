"""A month of a calendar, day by day: what is open, and why not."""

from __future__ import annotations

import calendar as gregorian
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from foundation.calendars.engine import BusinessCalendar, format_time
from foundation.calendars.zones import load_zone, to_second

FIRST_YEAR, LAST_YEAR = 1970, 2200
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True)
class Day:
    """One date. `kind` is open, free (the weekly plan has no hours), holiday, closure, short (closure with hours), make_up, special."""

    day: date
    kind: str
    seconds: int
    hours: str
    name: str = ""
    is_today: bool = False
    is_outside: bool = False

    @property
    def is_told(self) -> bool:
        """Whether the weekly plan does not explain it."""
        return self.kind not in ("open", "free")


def month_of(plan: dict[str, Any], business: BusinessCalendar, year: int, month: int, today: date) -> list[list[Day]]:
    """The weeks of a month from Monday to Sunday; the days of its neighbours stand there too."""
    closures = _closures(plan)
    weeks = gregorian.Calendar().monthdatescalendar(year, month)
    return [[_day(plan, business, closures, day, today, month) for day in week] for week in weeks]


def day_of(plan: dict[str, Any], business: BusinessCalendar, day: date) -> Day:
    """One date of a calendar."""
    return _day(plan, business, _closures(plan), day, day)


def told_days(plan: dict[str, Any], business: BusinessCalendar, year: int, today: date) -> list[Day]:
    """The dates of a year that its weekly plan does not explain, in order."""
    closures = _closures(plan)
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range(366 if gregorian.isleap(year) else 365))
    return [one for one in (_day(plan, business, closures, day, today) for day in days) if one.is_told]


def stretches(days: Iterable[Day]) -> list[tuple[Day, date]]:
    """Days in a row with one name, kind and hours, as the first of them and the last date."""
    found: list[tuple[Day, date]] = []
    for one in days:
        if found and one.day - found[-1][1] == timedelta(days=1) and _same(found[-1][0], one):
            found[-1] = found[-1][0], one.day
        else:
            found.append((one, one.day))
    return found


def _same(one: Day, other: Day) -> bool:
    return (one.name, one.kind, one.hours) == (other.name, other.kind, other.hours)


def _closures(plan: dict[str, Any]) -> list[tuple[date, date, dict[str, Any]]]:
    found = plan.get("closures", [])
    return [(date.fromisoformat(one["first"]), date.fromisoformat(one["last"]), one) for one in found]


def _day(
    plan: dict[str, Any],
    business: BusinessCalendar,
    closures: list[tuple[date, date, dict[str, Any]]],
    day: date,
    today: date,
    month: int | None = None,
) -> Day:
    spans, key = business.spans_on(day), day.isoformat()
    closure = next((one for first, last, one in closures if first <= day <= last), None)
    is_worked = bool(plan.get("weekly", {}).get(str(day.isoweekday())))
    name = plan.get("names", {}).get(key, "")
    if key in plan.get("closed", []):
        kind = "holiday"
    elif key in plan.get("special", {}):
        kind = "special" if is_worked else "make_up"
    elif closure is not None and is_worked:
        kind, name = "short" if closure["spans"] else "closure", closure["name"]
    else:
        kind = "open" if spans else "free"
    return Day(
        day,
        kind,
        _seconds(plan["tz"], business, day) if spans else 0,
        ", ".join(f"{format_time(a)}–{format_time(b)}" for a, b in spans),
        name,
        day == today,
        month is not None and day.month != month,
    )


def _seconds(zone: str, business: BusinessCalendar, day: date) -> int:
    """Business seconds of a local date: more or fewer than its spans say where the clocks change."""
    here = load_zone(zone)
    begin, end = (to_second(datetime.combine(one, time(), tzinfo=here)) for one in (day, day + timedelta(days=1)))
    return business.seconds_between(begin, end)


def away_by_day(absences: Iterable[tuple[date, date, str]]) -> dict[date, list[str]]:
    """From first day, last day and name of each absence: who is away on each date, in the order given."""
    found: dict[date, list[str]] = {}
    for first, last, name in absences:
        for number in range((last - first).days + 1):
            found.setdefault(first + timedelta(days=number), []).append(name)
    return found


def month_asked(text: str, today: date) -> tuple[int, int]:
    """Year and month from `2026-12`; this month for anything else."""
    match = _MONTH.fullmatch(text)
    if match and FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        return int(match[1]), int(match[2])
    return today.year, today.month


def shifted(year: int, month: int, by: int) -> str:
    """The month so many before or after, as an address names it."""
    number = year * 12 + month - 1 + by
    return f"{number // 12:04}-{number % 12 + 1:02}"
