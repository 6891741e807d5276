"""Reading calendars."""

from __future__ import annotations

from datetime import date

from foundation.calendars.models import Calendar


def missing_notices(on: date) -> list[tuple[Calendar, int]]:
    """Calendars that lack the public holidays of a year that is near, with that year. One query."""
    found = []
    for calendar in Calendar.objects.filter(needs_notice=True).select_related("current"):
        year = calendar.missing_notice(on)
        if year is not None:
            found.append((calendar, year))
    return found
