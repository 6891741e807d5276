"""Appointments in the words of iCalendar (RFC 5545), by the library; apart, since few processes ever write one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from icalendar import Alarm, Calendar, Event, vText

from foundation.ui.ics import Appointment


def write(name: str, appointments: Iterable[Appointment], *, now: dt.datetime, refresh_minutes: int) -> str:
    """A whole calendar."""
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
