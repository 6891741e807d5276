"""What tasks and mentions show on pages that belong to others."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from foundation.journal.registry import get_type
from foundation.journal.timeline import Entry, register_source, words_of
from foundation.lists.pages.record import page_of
from foundation.lists.search import register_search
from foundation.todos import drawing
from foundation.todos.badges import due_badge, due_state
from foundation.todos.models import Task
from foundation.todos.selectors import (
    any_of,
    day_wishes,
    due_count,
    due_today,
    due_within_a_week,
    events_of,
    latest_mentions,
    names_of_records,
    ref_of,
    tasks_on,
    visible_tasks,
    words_of_mentions,
)
from foundation.ui import parts
from foundation.ui.addresses import page_url, record_url
from foundation.ui.ahead import register_wishes
from foundation.ui.nav import register_below, register_counter, register_link, register_new
from foundation.ui.panels import register_panel
from foundation.ui.presence import register_presence

LONGEST_EXCERPT = 160


# ---------------------------------------------------------------- a record's page


def record_main(subject: Any = None, request: Any = None, **_context: Any) -> parts.Section | None:
    """`record.main`: the open tasks of a record, and the way to another one."""
    if request is None or not _takes_tasks(subject):
        return None
    url = f"{page_url('todos:tasks')}?{urlencode({'record': ref_of(subject), 'view': 'all'})}"
    every = parts.Action(_("All tasks"), url) if tasks_on(subject) else None
    return parts.Section(_("Tasks"), draw_panel(request, subject), "tasks", every)


def _takes_tasks(subject: Any) -> bool:
    return not isinstance(subject, Task) and page_of(subject._meta.label_lower) is not None


def draw_panel(request: HttpRequest, record: models.Model, *, form: Any = None, said: str = "") -> SafeString:
    """The inside of the panel: open tasks, what was just done, and the form where it was asked for."""
    now, ref, here = timezone.now(), ref_of(record), f"{record.get_absolute_url()}#tasks"  # type: ignore[attr-defined]
    rows = [_row(task, request.user, now) for task in tasks_on(record) if task.is_open]
    asked = urlencode({"record": ref})
    new_url, token = f"{page_url('todos:task-new')}?{asked}", get_token(request)
    if form is not None:
        context = {"form": form, "new_url": new_url, "here": here, "csrf_token": token}
        foot: str = render_to_string("todos/_add.html", context)
    else:
        foot = drawing.draw_add(new_url, f"{page_url('todos:record-panel')}?{asked}")
    nothing = drawing.draw_none() if form is None else ""
    return drawing.draw_panel(drawing.draw_rows(rows, token, ref=ref, here=here) if rows else nothing, foot, said)


def _row(task: Task, user: Any, now: datetime) -> dict[str, Any]:
    return {
        "task": task,
        "badge": due_badge(task, now),
        "state": due_state(task, now),
        "person": "" if task.person_id == user.pk else str(task.person),
        "tick_url": record_url("todos:task-tick", task.pk),
        "may_tick": user.pk in (task.person_id, task.asked_by_id),
    }


def task_entries(
    *, subject: models.Model | None = None, customer_id: int | None = None, limit: int, before: datetime | None = None
) -> list[Entry]:
    """What happened to the tasks of a record, quietly among its own events; a customer's timeline has them by itself."""
    if subject is None or not _takes_tasks(subject):
        return []
    tasks = {task.pk: task for task in tasks_on(subject)}
    return [
        _entry(event, tasks[event.object_id])
        for event in events_of(tasks.values(), limit=limit, before=before)
        if event.code.startswith("task.")
    ]


def _entry(event: Any, task: Task) -> Entry:
    private = event.private.data if hasattr(event, "private") else {}
    return Entry(
        kind="system",
        text=get_type(event.code).say({"title": task.title, **private, **event.facts}),
        when=event.occurred_at,
        actor=str(event.actor) if event.actor else "",
        body=words_of({"reason": private.get("reason")}),
        url=task.get_absolute_url(),
        id=f"event-{event.pk}",
        code=event.code,
        rank=event.pk,
    )


# ---------------------------------------------------------------- my day


def day_promises(request: Any = None, **_context: Any) -> list[dict[str, Any]]:
    """`day.promises`: my tasks that are due today or were due before."""
    if request is None:
        return []
    tasks = due_today(request.user)
    names, now = names_of_records(tasks), timezone.now()
    return [_promise(task, names, now) for task in tasks]


def deadline_tasks(request: Any = None, owner: Any = None, **_context: Any) -> list[dict[str, Any]]:
    """`deadlines.tasks`: my tasks that are overdue or due within a week; a colleague's stay with the colleague."""
    if request is None or owner is None or owner.pk != request.user.pk:
        return []
    tasks = due_within_a_week(owner)
    names, now = names_of_records(tasks), timezone.now()
    return [_promise(task, names, now) for task in tasks]


def _promise(task: Task, names: Any, now: datetime) -> dict[str, Any]:
    record = names.get((task.content_type_id, task.object_id))
    asked = str(task.asked_by) if task.asked_by and task.asked_by_id != task.person_id else ""
    return {
        "badge": due_badge(task, now),
        "title": task.title,
        "url": task.get_absolute_url(),
        "sub": " · ".join(part for part in (_("Task"), record.title if record else "", asked) if part),
        "when": task.due_at,
        "tick": {"url": record_url("todos:task-tick", task.pk), "label": _("Done")},
    }


def day_tasks(request: Any = None, **_context: Any) -> parts.Section | None:
    """`day.main`: a line to note a task quickly, and the way to all of them."""
    if request is None:
        return None
    every = parts.Action(_("All tasks"), page_url("todos:tasks"))
    today, url = timezone.localdate().isoformat(), page_url("todos:task-new")
    line = drawing.draw_quick(get_token(request), url=url, back=page_url("home"), today=today)
    return parts.Section(_("Tasks"), line, "tasks", every)


def day_mentions(request: Any = None, **_context: Any) -> parts.Section | None:
    """`day.main`: where colleagues named me, unread first."""
    mentions = latest_mentions(request.user) if request is not None else []
    if not mentions:
        return None
    names, words = names_of_records(mentions), words_of_mentions(mentions)
    rows = [
        {
            "mention": one,
            "by": str(one.by or ""),
            "record": record.title if (record := names.get((one.content_type_id, one.object_id))) else "",
            "words": _excerpt(words.get(one.event_id, {})),
            "url": record_url("todos:mention", one.pk),
        }
        for one in mentions
    ]
    body = render_to_string("todos/_mentions.html", {"rows": rows, "csrf_token": get_token(request)})
    return parts.Section(_("Mentions"), body, "mentions")


def _excerpt(private: dict[str, Any]) -> str:
    text = str(private.get("text") or "")
    return text if len(text) <= LONGEST_EXCERPT else f"{text[:LONGEST_EXCERPT].rstrip()}…"


def register() -> None:
    """Put everything in its place."""
    register_panel("record.main", record_main, order=500)
    register_source("tasks", task_entries, kinds=("system",))
    register_presence("tasks", any_of)
    register_panel("day.promises", day_promises, order=20)
    register_wishes("day", day_wishes)
    register_panel("deadlines.tasks", deadline_tasks)
    register_panel("day.main", day_tasks, order=10)
    register_panel("day.main", day_mentions, order=20)
    register_new("task", _lazy("Task"), "clipboard-document-check", "todos:task-new", 90)
    register_link("mentions", "todos:colleagues")
    register_below("day", "/tasks/")
    register_counter("day", due_count)
    register_search(
        "tasks",
        _lazy("Tasks"),
        visible=visible_tasks,
        title=lambda task: task.title,
        subtitle=lambda task: task.get_status_display(),
        icon="clipboard-document-check",
        order=90,
        list_url_name="todos:tasks",
    )
