"""What the journal remembers of tasks. What a task is about lies in the erasable part of each event."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from foundation.journal.registry import event_type

CREATED = "task.created"
CHANGED = "task.changed"
ASSIGNED = "task.assigned"
REASSIGNED = "task.reassigned"  # with all work of a person; that hand-over has its own message
POSTPONED = "task.postponed"
DONE = "task.done"
REOPENED = "task.reopened"
CANCELLED = "task.cancelled"
REMINDED = "task.reminded"
OVERDUE = "task.overdue"


def register() -> None:
    """Make the codes known to the journal."""
    event_type(CREATED, _("Task: %(title)s"))
    event_type(CHANGED, _("Task changed: %(title)s"))
    event_type(ASSIGNED, _("Task handed to %(person)s: %(title)s"))
    event_type(REASSIGNED, _("Task handed to %(person)s: %(title)s"))
    event_type(POSTPONED, _("Task postponed to %(due_on)s: %(title)s"))
    event_type(DONE, _("Task done: %(title)s"))
    event_type(REOPENED, _("Task reopened: %(title)s"))
    event_type(CANCELLED, _("Task cancelled: %(title)s"))
    event_type(REMINDED, _("Reminded of the task"))
    event_type(OVERDUE, _("The task is overdue"))
