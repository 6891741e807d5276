"""Absences in the calendar: that somebody is away, not why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.feeds import register_feed
from foundation.accounts.models import Leave
from foundation.accounts.selectors import absences_seen_by
from foundation.calendars.diary.entries import MOST, Asked, Entry, Source, register_source
from foundation.ui.ics import Appointment

MOST_IN_FEED = 100


def absences(asked: Asked) -> Iterator[Entry]:
    """The days on which these people are away, as far as the reader may see them. One query."""
    rows = absences_seen_by(asked.reader, asked.first_day, asked.last_day).filter(person__in=asked.people)
    for leave in rows[:MOST]:
        title = _("Away") if len(asked.people) == 1 else _("%(name)s is away") % {"name": leave.person}
        yield Entry(
            "absences",
            leave.pk,
            leave.first_day,
            leave.last_day,
            title,
            (leave.person_id,),
            url=leave.person.get_absolute_url(),
            tone="paused",
        )


def days_away(user: Any) -> Iterator[Appointment]:
    """One's own absences that are not over, for the calendar feed. One query."""
    host = urlsplit(settings.ORIGIN).hostname or "kontor"
    rows = Leave.objects.standing().filter(person=user.pk, last_day__gte=timezone.localdate())
    for leave in rows.order_by("first_day")[:MOST_IN_FEED]:
        url = f"{settings.ORIGIN}{user.get_absolute_url()}"
        yield Appointment(
            f"absence-{leave.pk}@{host}", leave.first_day, _("Away"), url, end=leave.last_day, is_busy=True
        )


def register() -> None:
    """Join the calendar, and the feed of each person."""
    register_feed("absences", days_away, gettext_lazy("Absences"))
    register_source(
        Source("absences", gettext_lazy("Absences"), gettext_lazy("Absence"), "user-minus", 60, between=absences)
    )
