"""Tasks as work that is handed over and given back."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.accounts.work import WorkKind, register_work
from foundation.todos.models import Task
from foundation.todos.selectors import WORK
from foundation.todos.services.tasks import reassign_task


def handed() -> QuerySet[Task]:
    """Open tasks on a record, and those that somebody else asked for. What people noted for themselves alone stays theirs."""
    for_others = Q(content_type__isnull=False) | Q(asked_by=None) | ~Q(asked_by=F("person"))
    rows: QuerySet[Task] = Task.objects.open().filter(for_others)
    return rows


def continued(pk: int) -> QuerySet[Task]:
    """The open task itself, or the one that followed it in its series."""
    same_series = Task.objects.filter(pk=pk, series__isnull=False).values("series")
    rows: QuerySet[Task] = Task.objects.open().filter(Q(pk=pk) | Q(series__in=same_series))
    return rows


def register() -> None:
    """Offer them after the records, so that whoever takes a task has its record already and may see it."""
    register_work(
        WorkKind(
            WORK,
            _("Tasks"),
            handed,
            reassign_task,
            order=100,
            title=lambda task: task.title,
            owner_field="person",
            continued=continued,
        )
    )
