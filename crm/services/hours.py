"""Whether somebody is in the office to read an inquiry, and when somebody will be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from foundation.calendars.engine import CalendarError
from foundation.calendars.months import day_of
from foundation.calendars.selectors import office_calendar
from foundation.calendars.zones import load_zone, to_datetime, to_second


@dataclass(frozen=True)
class Office:
    """The office at one moment: `closed_for` names the holiday or closure, `back_at` is when it opens next."""

    is_open: bool = True
    on_holiday: bool = False
    closed_for: str = ""
    back_at: datetime | None = None


def office_at(at: datetime | None = None) -> Office:
    """By the working calendar of the company's own zone; always open, where it has none."""
    calendar = office_calendar()
    version = calendar.current if calendar else None
    if version is None:
        return Office()
    business, second = version.business(), to_second(at or timezone.now())
    if business.is_open(second):
        return Office()
    here = to_datetime(second).astimezone(load_zone(business.zone)).date()
    day = day_of(version.plan, business, here)
    on_holiday = day.kind in ("holiday", "closure")
    try:
        back_at = to_datetime(business.reach(second, 1) - 1)
    except CalendarError:  # nobody works within a year: nothing can be promised
        back_at = None
    return Office(False, on_holiday, day.name if on_holiday else "", back_at)


def office_facts(at: datetime | None) -> dict[str, bool]:
    """What rules may ask about the moment at which something arrived."""
    office = office_at(at)
    return {"out_of_hours": not office.is_open, "on_holiday": office.on_holiday}
