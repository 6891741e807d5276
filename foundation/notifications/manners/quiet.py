"""Whose quiet hours count for a message, and until when it waits; rows and calendars are kept in the process."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from foundation.accounts.models import Company
from foundation.calendars.selectors import calendar_of_country
from foundation.calendars.zones import UnknownZone, load_zone
from foundation.notifications.manners import reasons
from foundation.notifications.manners.hours import NEVER, Hours, decent_moment
from foundation.notifications.manners.kinds import MARKETING, STAFF, kind_of
from foundation.notifications.models import QuietHours
from foundation.ui.shelf import Shelf, follow

SATURDAY = 6


@dataclass(frozen=True)
class _Table:
    people: dict[str, Hours] = field(default_factory=dict)
    customers: dict[int, Hours] = field(default_factory=dict)
    countries: dict[str, Hours] = field(default_factory=dict)
    company: Hours = NEVER


def _read() -> _Table:
    people, customers, countries, company = {}, {}, {}, NEVER
    for row in QuietHours.objects.all():
        hours = NEVER if row.is_off else Hours(row.begins, row.ends)
        if row.person_key:
            people[row.person_key] = hours
        elif row.customer_id is not None:
            customers[row.customer_id] = hours
        elif row.country:
            countries[row.country] = hours
        else:
            company = hours
    return _Table(people, customers, countries, company)


_table: Shelf[_Table] = Shelf(_read, of=[QuietHours])
follow(QuietHours)


def hours_for(person_key: str, customer_id: int | None, country: str) -> Hours:
    """The person's own quiet hours, else the customer's, the country's, the company's. No query in a warm process."""
    table = _table.get()
    for found in (table.people.get(person_key), table.customers.get(customer_id or 0), table.countries.get(country)):
        if found is not None:
            return found
    return table.company


def zone_for(name: str) -> ZoneInfo:
    """The recipient's zone, the company's where theirs is unknown."""
    try:
        return load_zone(name)
    except UnknownZone:
        pass
    try:
        return load_zone(Company.current().time_zone)
    except UnknownZone:
        return load_zone("UTC")


def is_working_day(day: date, country: str) -> bool:
    """By the country's calendar where its holidays of that year are confirmed; Monday to Friday elsewhere."""
    calendar = calendar_of_country(country, day.year)
    if calendar is None or calendar.current is None:
        return day.isoweekday() < SATURDAY
    return bool(calendar.current.business().spans_on(day))


def wait_of(message: Any, asked: datetime) -> tuple[datetime, str]:
    """When a message that is to go at `asked` may go, and what it waits for (a code of `reasons`; empty: nothing).

    Needs kind, is_urgent, time_zone, country, recipient_key and customer_id of the message. Where the message expires
    before that moment, its expiry wins: whoever claims it looks at that first, and it is not sent at all.
    """
    kind = kind_of(message.kind)
    if message.is_urgent or kind.is_urgent or kind.nature == STAFF:
        return asked, ""
    hours = hours_for(message.recipient_key, message.customer_id, message.country)
    zone = zone_for(message.time_zone)
    night = decent_moment(asked, hours, zone)
    if kind.nature != MARKETING:
        return night, reasons.QUIET_HOURS if night > asked else ""
    country = message.country
    day = decent_moment(asked, hours, zone, lambda one: is_working_day(one, country))
    if day > night:
        return day, reasons.WORKING_DAY
    return night, reasons.QUIET_HOURS if night > asked else ""
