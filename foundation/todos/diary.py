"""Tasks in the calendar: on their day, or at their time; moved as they are put off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.calendars.diary.entries import (
    MOST,
    Asked,
    Beginning,
    Entry,
    Source,
    register_beginning,
    register_source,
)
from foundation.todos.models import Task
from foundation.todos.selectors import may_change, may_see, visible_tasks
from foundation.todos.services.moving import reschedule_task

FAR = timedelta(days=2)


def tasks(asked: Asked) -> Iterator[Entry]:
    """Open tasks of these people; who sees a task in a list of theirs may move it. One query."""
    rows = visible_tasks(asked.reader).filter(status=Task.Status.OPEN, person__in=asked.people)
    # a day of somebody far away may end after the reader's
    rows = rows.filter(due_at__gte=asked.start - FAR, due_at__lt=asked.end + FAR)
    for task in rows.order_by("due_at", "pk")[:MOST]:
        assert task.due_at is not None and task.due_on is not None
        if (
            task.due_time is None
            and asked.first_day <= task.due_on <= asked.last_day
            or task.due_time is not None
            and asked.start <= task.due_at < asked.end
        ):
            yield _entry(task, may_move=True)


def task(user: Any, pk: int) -> Entry | None:
    """One open task, if this person may see it."""
    found = Task.objects.filter(pk=pk, status=Task.Status.OPEN, due_at__isnull=False).first()
    if found is None or not may_see(user, found):
        return None
    return _entry(found, may_move=may_change(user, found))


def _entry(task: Task, *, may_move: bool) -> Entry:
    assert task.due_at is not None and task.due_on is not None
    is_late = task.due_at < timezone.now()
    return Entry(
        "tasks",
        task.pk,
        task.due_at if task.due_time is not None else task.due_on,
        None,
        task.title,
        (task.person_id,),
        url=task.get_absolute_url(),
        state=str(_("overdue")) if is_late else "",
        tone="late" if is_late else "plain",
        may_move=may_move,
    )


def move(pk: int, *, actor: Any, start: datetime | date, end: Any, tells: bool) -> None:
    """The task's own service; a day stays a day, a time a time."""
    if isinstance(start, datetime):
        here = timezone.localtime(start)
        reschedule_task(pk, actor=actor, on=here.date(), at=here.time(), zone=here.tzinfo)
    else:
        reschedule_task(pk, actor=actor, on=start)


def register() -> None:
    """Join the calendar."""
    register_source(
        Source(
            "tasks", _("Tasks"), _("Task"), "clipboard-document-check", 40, between=tasks, find=task, move=move,
            is_point=True,
        )
    )  # fmt: skip
    register_beginning(
        Beginning(
            "task",
            _("Task"),
            "clipboard-document-check",
            "todos:task-new",
            40,
            lambda at: {"due_on": f"{at:%Y-%m-%d}", "due_time": f"{at:%H:%M}"},
        )
    )
