"""The feed of a team: appointments and absences of the colleagues whom somebody looks after, behind a private address of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.calendars.diary.entries import Asked, Entry, entries_between, sources_for
from foundation.calendars.diary.whose import people_seen_by
from foundation.ui import ics
from foundation.ui.ics import Appointment

PURPOSE = "team_calendar_feed"
BEHIND, AHEAD = timedelta(days=14), timedelta(days=120)
KINDS = ("visits", "receptions", "absences")
MOST_PEOPLE = 200


def may_have(user: Any) -> bool:
    """Whether somebody leads or manages anybody, or plans everybody's absences."""
    is_above = User.objects.filter(team__lead=user.pk) | User.objects.filter(manager=user.pk)
    return bool(user.has_perm("accounts.manage_leave")) or is_above.filter(is_active=True).exclude(pk=user.pk).exists()


def calendar_of_team(user: User, *, now: datetime | None = None) -> str:
    """The text, in the reader's language: name of the colleague and what it is about, nothing of the customer's."""
    now = now or timezone.now()
    with translation.override(user.language), timezone.override(user.time_zone):
        people = {one.pk: one for one in people_seen_by(user)[:MOST_PEOPLE]}
        asked = Asked(user, tuple(people), now - BEHIND, now + AHEAD)
        wanted = [one for one in sources_for(user) if one.code in KINDS]
        found = [_appointment(one, people) for one in entries_between(asked, wanted)]
        return ics.calendar(_("Team of %(name)s") % {"name": user}, found, now=now)


def _appointment(entry: Entry, people: dict[int, User]) -> Appointment:
    host = urlsplit(settings.ORIGIN).hostname or "kontor"
    names = ", ".join(str(people[pk]) for pk in entry.people if pk in people)
    summary = entry.title if entry.source == "absences" else f"{names}: {entry.title}" if names else entry.title
    one = Appointment(
        f"team-{entry.key}@{host}", entry.start, summary, f"{settings.ORIGIN}{entry.url}", place=entry.place
    )
    return replace(one, end=entry.end if not entry.is_whole_day or entry.end else None)
