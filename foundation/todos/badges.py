"""How a task does against its time, and how it comes again, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.todos.models import Series, Task
from foundation.todos.repeats import DAILY, MONTHLY, WEEKLY, WORKING_DAYS
from foundation.ui import formats, html

SOON = timedelta(hours=4)
STATES = {Task.Status.DONE: "done", Task.Status.CANCELLED: "plain"}


def due_text(task: Task) -> str:
    """The day, and the time in the reader's zone if there is one; empty without a day."""
    if task.due_at is None or task.due_on is None:
        return ""
    if task.due_time is None:
        return formats.day(task.due_on)
    return formats.moment(task.due_at)


def due_state(task: Task, now: datetime | None = None) -> str:
    """late, soon, in-time or plain, for the mark and the row's edge."""
    now = now or timezone.now()
    if not task.is_open or task.due_at is None:
        return STATES.get(task.status, "plain")
    if task.due_at <= now:
        return "late"
    return "soon" if task.due_at - now <= SOON else "in-time"


def due_badge(task: Task, now: datetime | None = None) -> SafeString:
    """When it is due, in a word with its mark."""
    now = now or timezone.now()
    state = due_state(task, now)
    if not task.is_open:
        return html.badge(task.get_status_display(), state)
    if task.due_at is None or task.due_on is None:
        return html.badge(_("no date"), "plain", quiet=True)
    title = formats.exact(task.due_at) if task.due_time else formats.day(task.due_on)
    return html.badge(_due_words(task, now), state, title=title)


def _due_words(task: Task, now: datetime) -> str:
    assert task.due_at is not None and task.due_on is not None
    if task.due_at <= now:
        return _("overdue %(time)s") % {"time": formats.span((now - task.due_at).total_seconds())}
    here, today = _day(task), timezone.localdate(now)
    clock = f" {formats.clock_time(task.due_at)}" if task.due_time else ""
    if here == today:
        return _("due today%(clock)s") % {"clock": clock}
    if here == today + timedelta(days=1):
        return _("due tomorrow%(clock)s") % {"clock": clock}
    return _("due %(day)s") % {"day": due_text(task)}


def _day(task: Task) -> object:
    """The day on which the reader's calendar has it; a whole day is the person's own."""
    return task.due_on if task.due_time is None or task.due_at is None else timezone.localdate(task.due_at)


def repeat_text(series: Series | None) -> str:
    """“every 2 weeks, until 31 Dec 2026”; empty for a task that comes once."""
    if series is None:
        return ""
    n = series.every
    every = {
        DAILY: ngettext("every day", "every %(count)s days", n),
        WORKING_DAYS: ngettext("every working day", "every %(count)s working days", n),
        WEEKLY: ngettext("every week", "every %(count)s weeks", n),
        MONTHLY: ngettext("every month", "every %(count)s months", n),
    }[series.unit] % {"count": n}
    parts = [every]
    if series.until:
        parts.append(_("until %(day)s") % {"day": formats.day(series.until)})
    if series.times:
        parts.append(ngettext("%(count)s time", "%(count)s times", series.times) % {"count": series.times})
    return ", ".join(parts)


def reminder_text(task: Task) -> str:
    """How long before it reminds; empty when it does not."""
    if task.remind_minutes is None:
        return ""
    if task.remind_minutes == 0:
        return _("when it is due") if task.due_time else _("on the day")
    return _("%(time)s before") % {"time": formats.span(task.remind_minutes * 60)}


def note_html(task: Task) -> str:
    """The note, with the colleagues whom it names marked."""
    return html.with_mentions(task.note, task.note_mentions) if task.note_mentions else task.note
