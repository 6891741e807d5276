"""Whether somebody is in the office to read an inquiry, and when somebody will be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from foundation.accounts.models import Company
from foundation.calendars.engine import CalendarError
from foundation.calendars.models import Calendar, CalendarVersion
from foundation.calendars.months import day_of
from foundation.calendars.zones import load_zone, to_datetime, to_second

AROUND_THE_CLOCK = "24x7"


@dataclass(frozen=True)
class Office:
    """The office at one moment: `closed_for` names the holiday or closure, `back_at` is when it opens next."""

    is_open: bool = True
    on_holiday: bool = False
    closed_for: str = ""
    back_at: datetime | None = None


def is_working_time(at: datetime | None = None) -> bool:
    """By the working calendar of the company's own zone; always, where it has none."""
    return office_at(at).is_open


def office_at(at: datetime | None = None) -> Office:
    """By the working calendar of the company's own zone; always open, where it has none."""
    version = _version()
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


def _version() -> CalendarVersion | None:
    calendars = Calendar.objects.exclude(code=AROUND_THE_CLOCK).filter(current__plan__tz=Company.current().time_zone)
    calendar = calendars.select_related("current").order_by("pk").first()
    return calendar.current if calendar else None
