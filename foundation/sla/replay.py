"""Replaying cases worked out by hand: JSON in, JSON out, through the very clock that live cases run on."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from foundation.calendars.engine import BusinessCalendar, CalendarError, always_open
from foundation.calendars.zones import to_datetime, to_second
from foundation.sla.engine import STOPPED, Clock, ClockError, check_target

EVENT_TYPES = ("start", "pause", "resume", "target", "calendar", "stop")

_LEAP_SECOND = re.compile(r"(\d{2}:\d{2}):60(?:[.,]\d+)?(?=$|[Zz+-])", re.ASCII)


class ReplayError(ValueError):
    """The case, or the whole file, cannot be read; the message says why."""


def replay(text: str) -> list[dict[str, Any]]:
    """One result a case, in order; a case that cannot be run answers {"id", "error"}.

    Raises ReplayError when the text as a whole is not a set of cases.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ReplayError(f"this is no JSON: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("cases"), list):
        raise ReplayError('expected an object with "calendars" and a list of "cases"')
    plans = document.get("calendars")
    if plans is not None and not isinstance(plans, dict):
        raise ReplayError('"calendars" is an object')
    calendars = Calendars(plans or {})
    return [run_case(case, calendars) for case in document["cases"]]


class Calendars:
    """The calendars of one file, checked when a case first asks for one."""

    def __init__(self, plans: Mapping[str, Any]) -> None:
        self._plans = plans
        self._ready: dict[str, BusinessCalendar] = {}

    def get(self, name: Any) -> BusinessCalendar:
        """The calendar of this name, 24x7 for None; raises CalendarError."""
        if name is None:
            return always_open()
        if not isinstance(name, str) or name not in self._plans:
            raise CalendarError(f"unknown calendar {name!r}")
        if name not in self._ready:
            try:
                self._ready[name] = BusinessCalendar.from_plan(self._plans[name])
            except CalendarError as error:
                raise CalendarError(f"calendar {name}: {error}") from error
        return self._ready[name]


def run_case(case: Any, calendars: Calendars) -> dict[str, Any]:
    """The result of one case, or its id and the reason why it cannot be run."""
    identity = case.get("id") if isinstance(case, dict) else None
    try:
        return {"id": identity, **_describe(_run(case, calendars))}
    except (ReplayError, ClockError, CalendarError) as error:
        return {"id": identity, "error": str(error)}
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        return {"id": identity, "error": f"this case cannot be run: {error}"}


def _run(case: Any, calendars: Calendars) -> Clock:
    if not isinstance(case, dict):
        raise ReplayError("a case is an object")
    events = _events(case)
    clock: Clock | None = None
    for at, event in events:
        if clock is None:
            if event["type"] != "start":
                raise ReplayError(f"events out of order: {event['type']} before start")
            clock = Clock.start(calendars.get(case.get("calendar")), _target(case), _levels(case), at)
        else:
            _apply(clock, event, at, calendars)
    assert clock is not None
    return clock


def _apply(clock: Clock, event: Mapping[str, Any], at: int, calendars: Calendars) -> None:
    if clock.state == STOPPED:
        return  # a stop is for good; reopening is another cycle, and so another case
    match event["type"]:
        case "pause":
            clock.pause(at)
        case "resume":
            clock.resume(at)
        case "stop":
            clock.stop(at)
        case "target":
            clock.retarget(_target(event), at)
        case "calendar":
            clock.recalendar(calendars.get(event.get("calendar")), at)


def _events(case: Mapping[str, Any]) -> list[tuple[int, Mapping[str, Any]]]:
    """The events with their instants; raises ReplayError when they are no orderly log with a start."""
    events = case.get("events")
    if not isinstance(events, list):
        raise ReplayError("events is missing or is no list")
    read: list[tuple[int, Mapping[str, Any]]] = []
    for event in events:
        if not isinstance(event, dict):
            raise ReplayError("an event is an object with at and type")
        if event.get("type") not in EVENT_TYPES:
            raise ReplayError(f"unknown event type {event.get('type')!r}")
        if event["type"] == "calendar" and event.get("calendar") is None:
            raise ReplayError("a calendar event names its calendar")
        at = parse_instant(event.get("at"))
        if read and at < read[-1][0]:
            raise ReplayError("events out of order")
        read.append((at, event))
    if not any(event["type"] == "start" for _, event in read):
        raise ReplayError("no start")
    return read


def _target(holder: Mapping[str, Any]) -> int:
    target = holder.get("target_seconds")
    check_target(target)  # type: ignore[arg-type]
    assert isinstance(target, int)
    return target


def _levels(case: Mapping[str, Any]) -> list[int]:
    levels = case.get("warning_percent")
    if levels is None:
        return []
    if not isinstance(levels, list):
        raise ReplayError("warning_percent is a list")
    for level in levels:
        if isinstance(level, bool) or not isinstance(level, int) or level < 0:
            raise ReplayError("a warning level is a whole number of percent, 0 or more")
    return levels


def parse_instant(value: Any) -> int:
    """POSIX seconds of an ISO 8601 time with its offset, cut to whole seconds; raises ReplayError."""
    if not isinstance(value, str):
        raise ReplayError("an event needs at, an ISO 8601 time with its offset")
    text = value.strip()
    text, leap = _LEAP_SECOND.subn(r"\1:00", text)
    if text[-1:] == "z":
        text = text[:-1] + "Z"
    try:
        instant = datetime.fromisoformat(text) + timedelta(minutes=leap)
    except (ValueError, OverflowError) as error:
        raise ReplayError(f"{value!r} is no ISO 8601 time") from error
    if instant.tzinfo is None:
        raise ReplayError(f"{value!r} has no offset from UTC")
    return to_second(instant)


def format_instant(second: int | None) -> str | None:
    """UTC with a Z, or None."""
    return None if second is None else to_datetime(second).isoformat().replace("+00:00", "Z")


def _describe(clock: Clock) -> dict[str, Any]:
    return {
        "due_at": format_instant(clock.due_at),
        "breach_at": format_instant(clock.breaches_at()),
        "outcome": clock.outcome(),
        "warnings": {str(level): format_instant(at) for level, at in clock.levels.items() if at is not None},
        "consumed_seconds_at_stop": clock.consumed if clock.state == STOPPED else None,
    }
