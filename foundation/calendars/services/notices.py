"""Saying in time that next year's public holidays are missing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from foundation.calendars import events
from foundation.calendars.models import Calendar
from foundation.calendars.selectors import missing_years
from foundation.calendars.services.versions import lock_calendar
from foundation.journal.models import Event
from foundation.journal.services import record


def note_missing_years(now: datetime | None = None) -> int:
    """Remember, once for each calendar and year, that its holidays are not confirmed; returns how many are new."""
    return sum(_note(calendar, year) for calendar, year in missing_years(now or timezone.now()))


@transaction.atomic
def _note(calendar: Calendar, year: int) -> bool:
    calendar = lock_calendar(calendar.pk)  # two beats at once: the second waits, and finds the event
    if Event.objects.about(calendar).filter(code=events.YEAR_MISSING, facts__year=year).exists():
        return False
    record(events.YEAR_MISSING, calendar, facts={"year": year})
    return True
