"""Moving a task to another day or time, as in a calendar."""

from __future__ import annotations

from datetime import date, time, tzinfo
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.journal.machine import Refused
from foundation.journal.services import record
from foundation.todos import events
from foundation.todos.due import Due, set_due, today_of, zone_of
from foundation.todos.models import Task
from foundation.todos.services.tasks import _open, _words


@transaction.atomic
def reschedule_task(pk: int, *, actor: Any, on: date, at: time | None = None, zone: tzinfo | None = None) -> Task:
    """Another day, and with `at` another time of `zone`'s wall clock; nothing happens when nothing differs.

    Raises Refused for what has passed.
    """
    task = _open(pk, actor)
    before, was_on = task.due_at, task.due_on
    set_due(task, Due(on, at, zone or zone_of(task.person)))
    if task.due_at == before:
        return task
    assert task.due_at is not None and task.due_on is not None
    if at is not None and task.due_at <= timezone.now():
        raise Refused(_("This time has passed already."), reason="input", field="start")
    if task.due_on < today_of(task.person):
        raise Refused(_("This day has passed already."), reason="input", field="day")
    task.save()
    facts = {"was_on": was_on, "asked_by_id": task.asked_by_id}
    record(events.POSTPONED, task, actor=actor, facts=facts, private=_words(task))
    return task
