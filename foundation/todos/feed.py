"""What tasks add to a person's calendar feed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.feeds import register_feed
from foundation.todos.selectors import due_items
from foundation.ui.ics import Appointment

BEHIND, AHEAD = timedelta(days=366), timedelta(days=732)


def tasks(user: Any) -> Iterator[Appointment]:
    """Open tasks with a day, overdue ones among them: a moment where they have a time, their whole day otherwise. One query."""
    host = urlsplit(settings.ORIGIN).hostname or "kontor"
    now = timezone.now()
    for item in due_items(user, now - BEHIND, now + AHEAD):
        summary = _("Task: %(title)s") % {"title": item.title}
        if item.when <= now:
            summary = _("Overdue: %(what)s") % {"what": summary}
        start = item.when if item.has_time else item.day
        yield Appointment(f"task-{item.pk}@{host}", start, summary, f"{settings.ORIGIN}{item.url}")


def register() -> None:
    """Join the feed."""
    register_feed("tasks", tasks, gettext_lazy("Tasks"))
