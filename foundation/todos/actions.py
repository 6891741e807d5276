"""The verbs behind the buttons of a task's page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from foundation.journal.machine import actions
from foundation.todos import forms
from foundation.todos.models import Task
from foundation.todos.services import tasks


def _is_open(task: Task, user: object) -> bool:
    return task.is_open


def register() -> None:
    """Put the services behind the buttons, in the order in which they are shown."""
    actions.register(Task, "finish", service=tasks.finish_task, done=_("The task is done."))
    actions.add(
        Task,
        "postpone",
        label=_("Postpone"),
        service=tasks.postpone_task,
        form=forms.PostponeForm,
        available=_is_open,
        wants_context=True,
        done=_("The task is postponed."),
    )
    actions.add(
        Task,
        "assign",
        label=_("Hand over"),
        service=tasks.assign_task,
        form=forms.AssignForm,
        available=_is_open,
        wants_context=True,
        done=_("The task is handed over."),
    )
    actions.register(Task, "reopen", service=tasks.reopen_task, done=_("The task is open again."))
    actions.register(
        Task,
        "cancel",
        service=tasks.cancel_task,
        form=forms.CancelForm,
        wants_context=True,
        done=_("The task is cancelled."),
    )
