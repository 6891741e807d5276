"""The round that reminds and tells what is overdue: rows decide, each is told once, however many rounds run at once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from foundation.journal.services import Draft, record_many
from foundation.todos import events
from foundation.todos.models import Task

log = logging.getLogger(__name__)
BATCH = 200
# A task whose event cannot be recorded waits this long, so that it does not keep the others waiting.
HELD_BACK = timedelta(hours=1)


@dataclass(frozen=True)
class _Kind:
    """What is told: which rows are due, and how they are marked."""

    code: str
    due: Callable[[datetime], Any]
    order: str
    mark: Callable[[Task, datetime], None]
    fields: tuple[str, ...]


def _mark_reminded(task: Task, now: datetime) -> None:
    task.remind_at, task.reminded_at = None, now


def _mark_overdue(task: Task, now: datetime) -> None:
    task.overdue_at, task.remind_at = now, None


# Overdue first: a task that is both after a long stop is told as overdue, and once.
KINDS = (
    _Kind(
        events.OVERDUE,
        lambda now: Task.objects.open().filter(due_at__lte=now, overdue_at=None),
        "due_at",
        _mark_overdue,
        ("overdue_at", "remind_at"),
    ),
    _Kind(
        events.REMINDED,
        lambda now: Task.objects.open().filter(remind_at__lte=now),
        "remind_at",
        _mark_reminded,
        ("remind_at", "reminded_at"),
    ),
)


def tell_due(limit: int = BATCH) -> int:
    """Tell one batch of each kind, oldest first, and return how many; safe to run any number of times at once."""
    return sum(_tell(kind, limit) for kind in KINDS)


def _tell(kind: _Kind, limit: int) -> int:
    now = timezone.now()
    rows = kind.due(now).filter(Q(retry_at=None) | Q(retry_at__lte=now)).order_by(kind.order, "pk")
    try:
        with transaction.atomic():
            return _told(kind, _claimed(rows, limit), now)
    except Exception:
        log.exception("A batch of tasks failed; each is told alone")
        return _one_by_one(kind, list(rows.values_list("pk", flat=True)[:limit]), now)


def _claimed(rows: Any, limit: int) -> list[Task]:
    people = rows.select_related(*Task.READ_WITH)
    found: list[Task] = list(people.select_for_update(of=("self",), skip_locked=True)[:limit])
    return found


def _told(kind: _Kind, tasks: Sequence[Task], now: datetime) -> int:
    """Record and mark, in the transaction that claimed them."""
    if not tasks:
        return 0
    type_id = ContentType.objects.get_for_model(Task).pk
    drafts = [
        Draft(
            kind.code,
            type_id,
            task.pk,
            None,  # the customer's timeline has no use for it
            facts={**task.journal_facts(), "asked_by_id": task.asked_by_id},
            subject=task,
        )
        for task in tasks
    ]
    record_many(drafts)
    for task in tasks:
        kind.mark(task, now)
    Task.objects.bulk_update(tasks, kind.fields)
    return len(tasks)


def _one_by_one(kind: _Kind, pks: Sequence[int], now: datetime) -> int:
    told = 0
    for pk in pks:
        try:
            with transaction.atomic():
                told += _told(kind, _claimed(kind.due(now).filter(pk=pk), 1), now)
        except Exception:
            log.exception("Task %s cannot be told; it is tried again in an hour", pk)
            Task.objects.filter(pk=pk).update(retry_at=now + HELD_BACK)
    return told
