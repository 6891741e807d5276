"""Calendars and a slow, obviously right oracle that the engine is held against."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from foundation.calendars.engine import BusinessCalendar

DAY = 86_400
OFFICE = {"tz": "Europe/Berlin", "weekly": {str(day): [["09:00", "17:00"]] for day in range(1, 6)}}
ROUND_THE_CLOCK = {"tz": "UTC", "weekly": {str(day): [["00:00", "24:00"]] for day in range(1, 8)}}

# (zone, a moment near which its wall clock does something odd)
ODD_MOMENTS = [
    ("Europe/Berlin", "2026-03-29T01:00:00+00:00"),
    ("Europe/Berlin", "2026-10-25T01:00:00+00:00"),
    ("America/New_York", "2026-11-01T06:00:00+00:00"),
    ("Australia/Lord_Howe", "2026-04-04T15:00:00+00:00"),
    ("America/St_Johns", "2006-10-29T02:31:00+00:00"),
    ("America/Sao_Paulo", "2018-11-04T03:00:00+00:00"),
    ("Pacific/Apia", "2011-12-30T10:00:00+00:00"),
    ("Asia/Shanghai", "2026-02-13T16:00:00+00:00"),
    ("Asia/Kathmandu", "2028-02-28T18:15:00+00:00"),
    ("UTC", "2016-12-31T23:59:59+00:00"),
]


def second(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def oracle(plan: dict[str, Any]) -> Callable[[int], bool]:
    """Whether a second is a business second, straight from the definition (spans of whole minutes)."""
    zone = ZoneInfo(plan["tz"])

    @cache
    def minute_is_open(minute: int) -> bool:
        wall = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)).astimezone(zone)
        day = wall.date().isoformat()
        if day in plan.get("special", {}):
            spans = plan["special"][day]
        elif day in plan.get("closed", []):
            spans = []
        else:
            spans = plan["weekly"].get(str(wall.isoweekday()), [])
        clock = f"{wall.hour:02}:{wall.minute:02}"
        return any(begin <= clock < end for begin, end in spans)

    return lambda t: minute_is_open(t // 60)


def text_of(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def span_lists(draw: st.DrawFn) -> list[list[str]]:
    """Up to three spans of one day, which may touch and may end at 24:00."""
    cuts = sorted(draw(st.sets(st.integers(0, 1440), min_size=0, max_size=6)))
    return [[text_of(a), text_of(b)] for a, b in zip(cuts[::2], cuts[1::2], strict=False)]


@st.composite
def odd_plans(draw: st.DrawFn) -> tuple[dict[str, Any], int]:
    """A calendar, and a second near a change of its zone's clock."""
    zone, moment = draw(st.sampled_from(ODD_MOMENTS))
    near = second(moment)
    weekly = {str(day): draw(span_lists()) for day in range(1, 8)}
    around = [(date.fromisoformat(moment[:10]) + timedelta(days=n)).isoformat() for n in (-1, 0, 1)]
    special = draw(st.dictionaries(st.sampled_from(around), span_lists(), max_size=1))
    closed = draw(st.sets(st.sampled_from([day for day in around if day not in special]), max_size=1))
    return {"tz": zone, "weekly": weekly, "special": special, "closed": sorted(closed)}, near


def office_plans() -> st.SearchStrategy[dict[str, Any]]:
    """Weekly plans with at least one hour a week, in zones of all kinds."""
    zones = st.sampled_from(["Europe/Berlin", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "UTC"])
    days = st.lists(span_lists(), min_size=7, max_size=7)

    def plan(zone: str, spans: list[list[list[str]]]) -> dict[str, Any]:
        weekly = {str(n + 1): day for n, day in enumerate(spans)}
        weekly["3"] = weekly["3"] or [["10:00", "11:00"]]
        return {"tz": zone, "weekly": weekly}

    return st.builds(plan, zones, days)


def calendar(plan: dict[str, Any]) -> BusinessCalendar:
    return BusinessCalendar.from_plan(plan)
