"""The list of tasks and the page of one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.lists.pages import Column, ListPage, RecordPage, Tab
from foundation.todos.badges import due_badge, due_state, due_text, note_html, reminder_text, repeat_text
from foundation.todos.filters import TaskFilter
from foundation.todos.models import Task
from foundation.todos.selectors import (
    leads_anybody,
    may_change,
    may_see,
    names_of_records,
    record_named,
    team_of,
    visible_tasks,
)
from foundation.ui import formats, html, parts

PRIORITY_STATES = {"high": "late", "low": "plain"}


def _record_of(task: Task, page: ListPage) -> Any:
    return page.extra["records"].get((task.content_type_id, task.object_id))


def _title(task: Task, page: ListPage) -> object:
    record = _record_of(task, page)
    return html.two_lines(html.link(task.title, task.get_absolute_url()), record.title if record else "")


def priority_badge(task: Task) -> object:
    """The priority where it is out of the ordinary."""
    state = PRIORITY_STATES.get(task.priority)
    return html.badge(task.get_priority_display(), state, quiet=True) if state else task.get_priority_display()


class TaskList(ListPage):
    """Tasks: mine, those that I asked for, my team's; done ones; all on one record."""

    model = Task
    title = _("Tasks")
    filterset_class = TaskFilter
    ordering = ("due_at", "pk")
    columns = (
        Column("title", _("Task"), _title, sort="title", place="title", plain=lambda t, page: t.title),
        Column("due", _("Due"), lambda t, page: due_badge(t), sort="due_at", place="end", plain=lambda t, page: due_text(t)),
        Column("person", pgettext_lazy("person", "For"), lambda t, page: str(t.person), sort="person__name", place="fact"),
        Column("asked_by", _("Asked for by"), lambda t, page: str(t.asked_by or "–"), sort="asked_by__name"),
        Column("priority", _("Priority"), lambda t, page: priority_badge(t), plain=lambda t, page: t.get_priority_display()),
        Column("status", _("Status"), lambda t, page: t.get_status_display(), sort="status"),
        Column("repeat", _("Repetition"), lambda t, page: repeat_text(t.series)),
        Column("record", _("Record"), lambda t, page: (record := _record_of(t, page)) and html.link(record.title, record.url) or ""),
    )  # fmt: skip
    tabs = (
        Tab("mine", _("Mine"), lambda rows, request: rows.filter(person=request.user.pk, status="open")),
        Tab("asked", _("Given by me"), lambda rows, request: rows.filter(asked_by=request.user.pk, status="open").exclude(person=request.user.pk)),
        Tab("team", _("My team"), lambda rows, request: rows.filter(person__in=team_of(request.user).values("pk"), status="open")),
        Tab("open", _("All open"), lambda rows, request: rows.filter(status="open")),
        Tab("done", pgettext_lazy("tasks", "Done"), lambda rows, request: rows.filter(status="done")),
        Tab("all", _("All")),
    )  # fmt: skip

    def visible(self, user: Any) -> QuerySet[Any]:
        """Tasks behind this person's door."""
        return visible_tasks(user)

    def queryset(self) -> QuerySet[Any]:
        """With their people; of one record everything, if the reader may open it."""
        rows: QuerySet[Any] = self.visible(self.request.user)
        if ref := self.request.GET.get("record"):
            record = record_named(self.request.user, ref)
            rows = Task.objects.about(record) if record is not None else Task.objects.none()
        return rows.select_related("person", "asked_by", "series")

    def _open_tabs(self) -> list[Tab]:
        """The team's only for those who have one."""
        tabs = super()._open_tabs()
        return tabs if leads_anybody(self.request.user) else [tab for tab in tabs if tab.code != "team"]

    def _order(self) -> tuple[str, ...]:
        """What is done, latest first."""
        if self.tab is not None and self.tab.code == "done" and not self.sort:
            return ("-done_at", "-pk")
        return super()._order()

    def prepare(self, rows: list[Any]) -> None:
        """What the records are called."""
        self.extra["records"] = names_of_records(rows)

    def row_state(self, obj: Any) -> str:
        """Late and soon ones are marked at their edge."""
        state = due_state(obj)
        return state if state in ("late", "soon") else ""

    def actions(self) -> list[parts.Action]:
        """A new task."""
        record = self.request.GET.get("record")
        address = reverse("todos:task-new")
        url = f"{address}?record={record}" if record and record_named(self.request.user, record) else address
        return [parts.Action(_("New task"), url, icon="plus", style="primary", opens_dialog=True)]


def _again(task: Task, reader: Any) -> object:
    """When a settled task comes again, leading there if that one is made already; one query for those of a series only."""
    if task.is_open or task.series is None:
        return ""
    following = visible_tasks(reader).filter(series=task.series_id, status=Task.Status.OPEN).first()
    if following is not None and following.due_on is not None:
        return html.link(formats.day(following.due_on), following.get_absolute_url())
    return formats.day(timezone.localdate(task.series.next_at)) if task.series.next_at else ""


class TaskPage(RecordPage):
    """One task."""

    model = Task
    namespace = "todos"
    name = "task"
    type_label = _("Task")
    list_label = _("Tasks")
    list_name = "tasks"

    def visible(self, user: Any) -> QuerySet[Any]:
        """The door, with the people."""
        return visible_tasks(user).select_related("person__team", "asked_by", "series")

    def is_visible_to(self, user: Any, pk: int) -> bool:
        """Also by the door of the record that it is on."""
        task = Task.objects.filter(pk=pk).first()
        return task is not None and may_see(user, task)

    def get_object(self, request: HttpRequest, pk: int) -> Any:
        """A task on a record that this person may open is theirs to look at."""
        try:
            return super().get_object(request, pk)
        except Http404:
            task = (
                Task.objects.select_related("person__team", "asked_by", "series").filter(pk=min(pk, 2**63 - 1)).first()
            )
            if task is None or not may_see(request.user, task):
                raise
            return task  # fmt: skip

    def buttons(self, obj: Any, user: Any) -> tuple[parts.Actions, list[parts.Blocked]]:
        """Only for those who may change it."""
        return super().buttons(obj, user) if may_change(user, obj) else (parts.Actions(), [])

    def edit_url(self, obj: Any, user: Any) -> str:
        """While it is open."""
        return reverse("todos:task-edit", args=[obj.pk]) if obj.is_open and may_change(user, obj) else ""

    def subtitle(self, obj: Any, request: HttpRequest) -> object:
        """The record that it is about."""
        record = names_of_records([obj]).get((obj.content_type_id, obj.object_id))
        return html.link(record.title, record.url) if record else ""

    def facts(self, obj: Any, request: HttpRequest) -> list[parts.Fact]:
        """Whose, until when, how often."""
        done = formats.exact(obj.done_at) if obj.done_at else ""
        return [
            parts.Fact(pgettext_lazy("person", "For"), str(obj.person)),
            parts.Fact(_("Due"), html.two_lines(due_badge(obj), due_text(obj)) if obj.due_at else ""),
            parts.Fact(_("Asked for by"), str(obj.asked_by or "")),
            parts.Fact(_("Priority"), priority_badge(obj)),
            parts.Fact(_("Repetition"), repeat_text(obj.series)),
            parts.Fact(_("Reminder"), reminder_text(obj)),
            *([parts.Fact(_("Done at"), done)] if done else []),
            *([parts.Fact(_("Comes again"), again)] if (again := _again(obj, request.user)) else []),
        ]

    def sections(self, obj: Any, request: HttpRequest) -> list[object]:
        """The note."""
        if not obj.note:
            return []
        return [parts.Section(_("Note"), render_to_string("todos/_note.html", {"note": note_html(obj)}), "note")]
