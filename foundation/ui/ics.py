"""Calendars as other programmes read them (iCalendar, RFC 5545). Moments are written in UTC, so no zone needs to be described."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST_LINE = 75  # octets, the line's end not counted


@dataclass(frozen=True, slots=True)
class Appointment:
    """One entry. `uid` is the same each time the calendar is read; `alarm` rings so many minutes before."""

    uid: str
    start: dt.datetime
    summary: str
    url: str = ""
    description: str = ""
    alarm: int = 0


def escape(text: object) -> str:
    """A text value: commas, semicolons, backslashes and line ends would end it."""
    clean = "".join(char for char in str(text) if char >= " " or char in "\n\t")
    return clean.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def fold(line: str) -> str:
    """One content line, broken after 75 octets at most, never within a character."""
    parts, size = [""], 0
    for char in line:
        width = len(char.encode())
        if size + width > LONGEST_LINE:
            parts.append(" ")
            size = 1
        parts[-1] += char
        size += width
    return "\r\n".join(parts)


def moment(when: dt.datetime) -> str:
    """`20261124T084000Z`."""
    return when.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def calendar(name: str, appointments: Iterable[Appointment], *, now: dt.datetime, refresh_minutes: int = 15) -> str:
    """A whole calendar, to be read again every so many minutes."""
    every = f"PT{refresh_minutes}M"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Kontor//Deadlines//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    lines += [f"NAME:{escape(name)}", f"X-WR-CALNAME:{escape(name)}"]
    lines += [f"REFRESH-INTERVAL;VALUE=DURATION:{every}", f"X-PUBLISHED-TTL:{every}"]
    for one in appointments:
        lines += _event(one, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{fold(line)}\r\n" for line in lines)


def _event(one: Appointment, now: dt.datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escape(one.uid)}"
    yield f"DTSTAMP:{moment(now)}"
    yield f"DTSTART:{moment(one.start)}"
    yield f"SUMMARY:{escape(one.summary)}"
    if one.description:
        yield f"DESCRIPTION:{escape(one.description)}"
    if one.url:
        yield f"URL:{one.url}"
    yield "CLASS:PRIVATE"
    yield "TRANSP:TRANSPARENT"  # a deadline blocks no time
    if one.alarm:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{escape(one.summary)}")
        yield from (f"TRIGGER:-PT{one.alarm}M", "END:VALARM")
    yield "END:VEVENT"
