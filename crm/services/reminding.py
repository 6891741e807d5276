"""A task that reminds whoever looks after a record to ask the customer; one at a time, and none once it is settled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import translation

from foundation.journal.machine import Refused
from foundation.todos.due import Due, zone_of
from foundation.todos.models import Task
from foundation.todos.services.tasks import Wish, create_task, finish_task


def ask_later(record: Any, person: Any, title: Callable[[], str], *, on: date, actor: Any) -> None:
    """Remind `person` on that day, in words of their language; an earlier reminder is done with.

    Somebody who has left, or may not see the record, is not reminded: the list of what is to be followed up knows it still.
    """
    settle_reminder(record)
    if person is None or not person.is_active:
        return
    with translation.override(person.language):
        wish = Wish(title()[:200], due=Due(on, None, zone_of(person)))
    try:
        record.reminder = create_task(wish, actor=actor, person=person, subject=record)
    except Refused:
        return
    record.save(update_fields=["reminder"])


def settle_reminder(record: Any) -> None:
    """There is nothing to be reminded of any more."""
    kept = record.reminder_id
    if kept is None:
        return
    record.reminder = None
    record.save(update_fields=["reminder"])
    if Task.objects.filter(pk=kept, status=Task.Status.OPEN).exists():
        finish_task(kept, actor=None)
