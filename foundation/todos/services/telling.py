"""The round that reminds and tells what is overdue: rows decide, each is told once, however many rounds run at once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils import timezone

from foundation.journal.rounds import record_found
from foundation.todos import events
from foundation.todos.models import Task

log = logging.getLogger(__name__)
BATCH = 200
# A task whose event cannot be recorded waits this long, so that it does not keep the others waiting.
HELD_BACK = timedelta(hours=1)


@dataclass(frozen=True)
class _Kind:
    """What is told: which open rows are due, in which order, and how they are marked."""

    code: str
    due: str
    order: str
    mark: str

    @property
    def waiting(self) -> str:
        """The condition of a row that is to be told now."""
        return f"status = 'open' AND {self.due} AND (retry_at IS NULL OR retry_at <= %(now)s)"

    @property
    def claimed(self) -> str:
        """The rows of this round, locked; those of another round are left to it."""
        return (
            "due AS MATERIALIZED (SELECT id, person_id, asked_by_id, priority, due_on, due_time, due_at "  # noqa: S608
            f"FROM todos_task WHERE {self.waiting} AND (%(only)s::bigint IS NULL OR id = %(only)s) "
            f"ORDER BY {self.order}, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)"
        )

    @property
    def marked(self) -> str:
        """The same rows as told, in the statement that records their events."""
        return f"marked AS (UPDATE todos_task SET {self.mark} FROM told WHERE todos_task.id = told.object_id)"  # noqa: S608


# The facts that every event of a task carries (`Task.journal_facts`). The customer's timeline has no use for them.
SOURCE = """
SELECT %(code)s::text AS code, %(type)s::int AS content_type_id, id AS object_id, NULL::bigint AS customer_id,
  jsonb_build_object('owner_id', person_id, 'asked_by_id', asked_by_id, 'priority', priority, 'due_on', due_on,
    'due_at', CASE WHEN due_time IS NOT NULL THEN due_at END) AS facts,
  clock_timestamp() AS occurred_at
FROM due ORDER BY due_at, id
"""
# Overdue first: a task that is both after a long stop is told as overdue, and once.
KINDS = (
    _Kind(
        events.OVERDUE,
        "overdue_at IS NULL AND due_at <= %(now)s",
        "due_at",
        "overdue_at = %(now)s, remind_at = NULL",
    ),
    _Kind(events.REMINDED, "remind_at <= %(now)s", "remind_at", "remind_at = NULL, reminded_at = %(now)s"),
)


def tell_due(limit: int = BATCH) -> int:
    """Tell one batch of each kind, oldest first, and return how many; safe to run any number of times at once."""
    return sum(_tell(kind, limit) for kind in KINDS)


def _tell(kind: _Kind, limit: int) -> int:
    now = timezone.now()
    try:
        return _told(kind, now, limit)
    except Exception:
        log.exception("A batch of tasks failed; each is told alone")
        return _one_by_one(kind, _waiting(kind, now, limit), now)


@transaction.atomic
def _told(kind: _Kind, now: datetime, limit: int, only: int | None = None) -> int:
    """Claim, record and mark, all or nothing."""
    params: dict[str, Any] = {
        "code": kind.code,
        "type": ContentType.objects.get_for_model(Task).pk,
        "now": now,
        "limit": limit,
        "only": only,
    }
    return record_found(SOURCE, params, codes=(kind.code,), before=kind.claimed, beside=kind.marked)


def _waiting(kind: _Kind, now: datetime, limit: int) -> list[int]:
    sql = f"SELECT id FROM todos_task WHERE {kind.waiting} ORDER BY {kind.order}, id LIMIT %(limit)s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, {"now": now, "limit": limit})
        return [pk for (pk,) in cursor.fetchall()]


def _one_by_one(kind: _Kind, pks: Sequence[int], now: datetime) -> int:
    told = 0
    for pk in pks:
        try:
            told += _told(kind, now, 1, only=pk)
        except Exception:
            log.exception("Task %s cannot be told; it is tried again in an hour", pk)
            Task.objects.filter(pk=pk).update(retry_at=now + HELD_BACK)
    return told
