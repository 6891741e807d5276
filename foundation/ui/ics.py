"""Calendars as other programmes read them (iCalendar, RFC 5545). Moments are written in UTC, so no zone needs to be described."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Appointment:
    """One entry, at a moment (aware) or on a whole day.

    `uid` is the same each time the calendar is read; `alarm` rings so many minutes before, a whole day rings never.
    `end` is the moment after it, or the last of several days. What takes a person's time `is_busy`. `revision` grows with
    each change, the last of which was at `changed_at`.
    """

    uid: str
    start: dt.datetime | dt.date
    summary: str
    url: str = ""
    description: str = ""
    alarm: int = 0
    end: dt.datetime | dt.date | None = None
    is_busy: bool = False
    revision: int = 0
    changed_at: dt.datetime | None = None
    place: str = ""

    @property
    def is_whole_day(self) -> bool:
        """Whether it has a day and no time."""
        return not isinstance(self.start, dt.datetime)


def calendar(name: str, appointments: Iterable[Appointment], *, now: dt.datetime, refresh_minutes: int = 15) -> str:
    """A whole calendar, to be read again every so many minutes."""
    from foundation.ui.ics_writer import write

    return write(name, appointments, now=now, refresh_minutes=refresh_minutes)
