"""What a working calendar says of a person's days: hours that are open, holidays and closures by name. No query in a warm process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.calendars.months import day_of
from foundation.calendars.selectors import calendar_for, calendar_of_country, office_calendar
from foundation.calendars.zones import load_zone, to_second

WORDS = {
    "free": _("no working day"),
    "holiday": _("public holiday"),
    "closure": _("own closure"),
    "short": _("shorter hours"),
    "make_up": _("make-up working day"),
    "special": _("special hours"),
}


@dataclass(frozen=True)
class Opening:
    """One date of somebody's: whether work is done, a name where there is one, and the open spans as the reader's seconds of the day."""

    is_open: bool
    kind: str = "open"
    name: str = ""
    spans: tuple[tuple[int, int], ...] = ()

    @property
    def word(self) -> str:
        """What is told of the day: nothing for an ordinary one."""
        if self.kind == "open":
            return ""
        word = str(WORDS[self.kind])
        return f"{self.name} ({word})" if self.name and self.name != word else word


def opening_of(team_id: int | None, day: date, zone: tzinfo) -> Opening | None:
    """The day of a team, seen from `zone`; None where no working calendar is known."""
    calendar = office_calendar(team_id=team_id)
    if calendar is None or calendar.current is None:
        return None
    business = calendar.current.business()
    told = day_of(calendar.plan, business, day)
    begin = datetime.combine(day, time(), zone)
    end = datetime.combine(day + timedelta(days=1), time(), zone)
    spans = []
    for first, last in business.pieces(to_second(begin), to_second(end)):
        here, there = (datetime.fromtimestamp(one, zone) for one in (first, last))
        stop = 86400 if there.date() > day else _second(there)
        if stop > _second(here):
            spans.append((_second(here), stop))
    return Opening(told.seconds > 0, told.kind, told.name, tuple(spans))


def _second(moment: datetime) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def is_open_for(team_id: int | None, start: datetime) -> bool:
    """Whether the team works at this moment; yes where nobody knows."""
    calendar = office_calendar(team_id=team_id)
    return calendar is None or calendar.current is None or calendar.current.business().is_open(to_second(start))


def customer_is_open(customer_id: int | None, country: str, start: datetime) -> tuple[bool, str]:
    """Whether the customer works at this moment by the calendar agreed with them, or that of their country; and the day's word."""
    calendar: Any = calendar_for(customer_id=customer_id) if customer_id else None
    calendar = calendar or calendar_of_country(country, start.year)
    if calendar is None or calendar.current is None:
        return True, ""
    business = calendar.current.business()
    if business.is_open(to_second(start)):
        return True, ""
    here = start.astimezone(load_zone(calendar.plan["tz"]))
    told = day_of(calendar.plan, business, here.date())
    word = Opening(False, told.kind, told.name).word if told.kind != "open" else ""
    return False, word
