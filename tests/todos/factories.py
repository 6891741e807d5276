"""Tasks and people for tests, made as the application makes them."""

from __future__ import annotations

import itertools
from datetime import date, time, timedelta
from typing import Any

from django.utils import timezone

from foundation.accounts.models import User
from foundation.todos.due import Due, zone_of
from foundation.todos.models import Task
from foundation.todos.services.series import Repetition
from foundation.todos.services.tasks import Wish, create_task
from tests.accounts.factories import make_user

_numbers = itertools.count(1)


def colleague(name: str = "", **fields: Any) -> User:
    """Somebody who lives in Berlin, unless it is said otherwise."""
    return make_user(name or f"Colleague {next(_numbers)}", **{"time_zone": "Europe/Berlin", **fields})


def due_in(person: User, days: int = 1, at: time | None = None) -> Due:
    """So many days from the person's today."""
    today = timezone.now().astimezone(zone_of(person)).date()
    return Due(today + timedelta(days=days), at, zone_of(person))


def make_task(person: User, *, actor: User | None = None, subject: Any = None, **values: Any) -> Task:
    """A task of this person; `actor` asked for it (the person, if nobody is named)."""
    values.setdefault("title", f"Call number {next(_numbers)}")
    return create_task(Wish(**values), actor=actor or person, person=person, subject=subject)


def repeating(person: User, unit: str = "daily", on: date | None = None, at: time | None = None, **more: Any) -> Task:
    """A task that comes again."""
    due = Due(on, at, zone_of(person)) if on else due_in(person, 1, at)
    return make_task(person, due=due, repetition=Repetition(unit, **more))


def late(task: Task, **delta: float) -> Task:
    """The same task, due so long ago; its reminder is due as well where it has one."""
    moment = timezone.now() - timedelta(**(delta or {"minutes": 5}))
    Task.objects.filter(pk=task.pk).update(due_at=moment)
    return Task.objects.get(pk=task.pk)
