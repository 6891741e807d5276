"""Which news of tasks nobody has to read any more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.journal.standing import follow_hands, holds_while, register_settled
from foundation.todos import events
from foundation.todos.models import Task

DONE = _("The task has been done or cancelled meanwhile.")
MOVED_ON = _("The task has gone to somebody else meanwhile.")


def given(told: Sequence[Any]) -> dict[int, Any]:
    """Of the events that gave somebody a task, those whose task is done or in other hands. One query."""
    tasks = Task.objects.in_bulk([event.object_id for event in told])
    found = {}
    for event in told:
        task = tasks.get(event.object_id)
        if task is None or not task.is_open:
            found[event.pk] = DONE
        elif task.person_id != event.facts.get("owner_id", task.person_id):
            found[event.pk] = MOVED_ON
    return found


def register() -> None:
    """A reminder is for open tasks; a new task is told at once in any case, but not in a digest that comes too late."""
    holds_while((events.REMINDED, events.OVERDUE), Task, {Task.Status.OPEN}, why=DONE)
    follow_hands(events.REMINDED, events.OVERDUE)
    for code in (events.CREATED, events.ASSIGNED):
        register_settled(code, given)
