"""Calendars as other programmes read them (iCalendar, RFC 5545). Moments are written in UTC, so no zone needs to be described."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from icalendar import Alarm, Calendar, Event, vText


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
    every = dt.timedelta(minutes=refresh_minutes)
    whole = Calendar()
    whole.add("version", "2.0")
    whole.add("prodid", "-//Kontor//Deadlines//EN")
    whole.add("calscale", "GREGORIAN")
    whole.add("method", "PUBLISH")
    whole.add("name", _text(name))
    whole.add("x-wr-calname", _text(name))
    whole.add("refresh-interval", every, parameters={"VALUE": "DURATION"})
    whole.add("x-published-ttl", f"PT{refresh_minutes}M")
    for one in appointments:
        whole.add_component(_event(one, now))
    written: bytes = whole.to_ical(sorted=False)
    return written.decode()


def _event(one: Appointment, now: dt.datetime) -> Event:
    event = Event()
    event.add("uid", _text(one.uid))
    event.add("dtstamp", now.astimezone(dt.UTC))
    event.add("dtstart", one.start.astimezone(dt.UTC) if isinstance(one.start, dt.datetime) else one.start)
    if isinstance(one.end, dt.datetime):
        event.add("dtend", one.end.astimezone(dt.UTC))
    elif one.end is not None:
        event.add("dtend", one.end + dt.timedelta(days=1))  # the day after the last
    event.add("sequence", one.revision)
    if one.changed_at is not None:
        event.add("last-modified", one.changed_at.astimezone(dt.UTC))
    event.add("summary", _text(one.summary))
    if one.place:
        event.add("location", _text(one.place))
    if one.description:
        event.add("description", _text(one.description))
    if one.url:
        event.add("url", one.url)
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE" if one.is_busy else "TRANSPARENT")  # a deadline blocks no time
    if one.alarm and not one.is_whole_day:
        event.add_component(_alarm(one))
    return event


def _alarm(one: Appointment) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _text(one.summary))
    alarm.add("trigger", dt.timedelta(minutes=-one.alarm))
    return alarm


def _text(words: object) -> vText:
    """A text value, which the library escapes; control characters it would pass on."""
    return vText("".join(char for char in str(words) if char >= " " or char in "\n\t"))
