"""The people around a task and a note, for the rules of messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.accounts.audiences import Recipient, register_audience, staff_recipient
from foundation.accounts.models import User
from foundation.todos.models import Task


def _staff(user: Any) -> list[Recipient]:
    return [staff_recipient(user)] if user is not None and user.is_active else []


def task_person(event: Any, subject: Any) -> list[Recipient]:
    """Whoever is to do the task."""
    return _staff(subject.person) if isinstance(subject, Task) else []


def task_asker(event: Any, subject: Any) -> list[Recipient]:
    """Whoever asked for it, if that is somebody else."""
    if not isinstance(subject, Task) or subject.asked_by_id == subject.person_id:
        return []
    return _staff(subject.asked_by)


def mentioned(event: Any, subject: Any) -> list[Recipient]:
    """The colleagues named in the note; a new task's own person hears of the task itself."""
    user_ids: Sequence[int] = event.facts.get("mentioned_ids") or ()
    if not user_ids:
        return []
    own = subject.person_id if isinstance(subject, Task) and event.code == "task.created" else None
    people = User.objects.filter(pk__in=user_ids, is_active=True).exclude(pk=own or 0).order_by("pk")
    return [staff_recipient(user) for user in people]


def register() -> None:
    """Offer them to the rules."""
    register_audience("task_person", _("Whoever is to do the task"), task_person)
    register_audience("task_asker", _("Whoever asked for the task"), task_asker)
    register_audience("mentioned", _("Those mentioned in the note"), mentioned, is_named_by_event=True)
