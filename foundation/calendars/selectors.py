"""Reading calendars."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.utils import timezone

from foundation.accounts.models import Company
from foundation.calendars.engine import CalendarError
from foundation.calendars.models import Calendar, CalendarUse, CalendarVersion, HolidayYear
from foundation.calendars.zones import load_zone, to_second
from foundation.ui.shelf import Shelf, follow

AROUND_THE_CLOCK = "24x7"


@dataclass(frozen=True)
class Uses:
    """Whose hours are agreed or given, by bare id."""

    teams: dict[int, Calendar] = field(default_factory=dict)
    customers: dict[int, Calendar] = field(default_factory=dict)


def _read_uses() -> Uses:
    uses = Uses()
    for use in CalendarUse.objects.select_related("calendar__current"):
        if use.team_id is not None:
            uses.teams[use.team_id] = use.calendar
        elif use.customer_id is not None:
            uses.customers[use.customer_id] = use.calendar
    return uses


def _read_calendars() -> list[Calendar]:
    return list(Calendar.objects.select_related("current"))


_uses: Shelf[Uses] = Shelf(_read_uses, of=[Calendar, CalendarVersion, CalendarUse])
_calendars: Shelf[list[Calendar]] = Shelf(_read_calendars, of=[Calendar, CalendarVersion])
follow(Calendar, CalendarVersion, CalendarUse)


def calendar_for(*, team_id: int | None = None, customer_id: int | None = None) -> Calendar | None:
    """The calendar agreed with the customer, else that of the team, else None. Kept in the process: shared, not to be changed."""
    uses = _uses.get()
    return uses.customers.get(customer_id or 0) or uses.teams.get(team_id or 0)


def office_calendar(*, team_id: int | None = None) -> Calendar | None:
    """The hours in which somebody is in: the team's own, else the working calendar of the company's zone."""
    if (own := calendar_for(team_id=team_id)) is not None:
        return own
    zone = Company.current().time_zone
    in_zone = [
        one
        for one in _calendars.get()
        if one.code != AROUND_THE_CLOCK and one.current is not None and one.current.plan.get("tz") == zone
    ]
    return min(in_zone, key=lambda one: one.pk, default=None)


def is_office_open(at: datetime | None = None, *, team_id: int | None = None) -> bool:
    """Whether somebody is in at that moment (now); always, where no working calendar is known. No query in a warm process."""
    calendar = office_calendar(team_id=team_id)
    if calendar is None or calendar.current is None:
        return True
    return calendar.current.business().is_open(to_second(at or timezone.now()))


def office_opens_at(at: datetime | None = None, *, team_id: int | None = None) -> datetime | None:
    """The next moment at which somebody is in; None where no working calendar knows one."""
    calendar = office_calendar(team_id=team_id)
    if calendar is None or calendar.current is None:
        return None
    try:
        first = calendar.current.business().reach(to_second(at or timezone.now()), 1) - 1
    except CalendarError:
        return None
    return datetime.fromtimestamp(first, UTC)


def calendar_of_country(country: str, year: int) -> Calendar | None:
    """A calendar whose public holidays of that country and year are confirmed, one for the whole country first. Kept too."""
    fitting = [
        one
        for one in _calendars.get()
        if one.country == country and one.current is not None and year in one.current.plan.get("years", [])
    ]
    return min(fitting, key=lambda one: (bool(one.region), one.pk), default=None) if country else None


def calendar_of_customer(customer_id: int) -> Calendar | None:
    """The calendar that was agreed with this customer."""
    return calendar_for(customer_id=customer_id)


def missing_years(now: datetime | None = None) -> list[tuple[Calendar, int]]:
    """Calendars whose public holidays are not confirmed for a year that is near, with that year. No query in a warm process."""
    found = []
    for calendar in _calendars.get():
        if calendar.current is not None:
            on = timezone.localdate(now, load_zone(calendar.current.plan["tz"]))
            year = calendar.missing_notice(on)
            if year is not None:
                found.append((calendar, year))
    return found


def proposals_of(calendar: Calendar) -> list[HolidayYear]:
    """The years that were proposed for a calendar, newest first, each with its days."""
    return list(calendar.holiday_years.select_related("proposed_by").prefetch_related("days"))


def uses_of(calendar: Calendar) -> tuple[list[CalendarUse], int]:
    """The teams that go by a calendar, and with how many customers it was agreed."""
    uses = list(calendar.uses.select_related("team", "set_by"))
    teams = sorted((use for use in uses if use.team), key=lambda use: str(use.team))
    return teams, len(uses) - len(teams)
