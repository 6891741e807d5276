"""When a task is due and when it reminds: wall clocks of people, kept as moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from foundation.calendars.zones import UnknownZone, load_zone
from foundation.todos.models import Task, TaskPolicy
from foundation.todos.repeats import instant


@dataclass(frozen=True)
class Due:
    """A day, and perhaps a time of whoever wrote it down, whose wall clock is `zone`."""

    on: date
    at: time | None = None
    zone: tzinfo | None = None


def zone_of(person: Any) -> ZoneInfo:
    """The zone that the person lives in."""
    try:
        return load_zone(person.time_zone)
    except UnknownZone:
        return load_zone("UTC")


def today_of(person: Any, now: datetime | None = None) -> date:
    """The day that it is where the person lives."""
    return (now or timezone.now()).astimezone(zone_of(person)).date()


def set_due(task: Task, due: Due | None) -> None:
    """Put the task on this day of its person: a time is one moment for all, a day is the person's own."""
    zone = zone_of(task.person)
    task.overdue_at = None
    if due is None:
        task.due_on = task.due_time = task.due_at = None
    elif due.at is None:
        task.due_on, task.due_time, task.due_at = due.on, None, instant(due.on, None, zone)
    else:
        moment = datetime.combine(due.on, due.at, due.zone or zone).astimezone(UTC)
        here = moment.astimezone(zone)
        task.due_on, task.due_time, task.due_at = here.date(), here.time(), moment
    set_reminder(task)


def move_to(task: Task, person: Any) -> None:
    """The task is another person's now: a moment stays, a day becomes the day of the new person."""
    kept = None if task.due_on is None else Due(task.due_on, task.due_time, zone_of(task.person))
    task.person = person
    set_due(task, kept)


def set_reminder(task: Task) -> None:
    """When to remind of the task; what has passed already reminds nobody."""
    task.remind_at = task.reminded_at = None
    if task.due_at is None or task.due_on is None or task.remind_minutes is None or not task.is_open:
        return
    at = reminder_time(task)
    task.remind_at = at if at > timezone.now() else None


def reminder_time(task: Task) -> datetime:
    """So long before the task is due; a task of a whole day counts from the beginning of that day's work."""
    assert task.due_on is not None and task.due_at is not None and task.remind_minutes is not None
    counted_from = task.due_at
    if task.due_time is None:
        counted_from = instant(task.due_on, TaskPolicy.current().day_begins, zone_of(task.person))
    return counted_from - timedelta(minutes=task.remind_minutes)
