"""Writing tasks down and ticking them off: from their own pages, from a record, from My day."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.journal.machine import Refused
from foundation.todos.forms import TaskForm
from foundation.todos.models import Task
from foundation.todos.panels import draw_panel
from foundation.todos.selectors import look_again, may_change, may_see, record_named, ref_of
from foundation.todos.services.tasks import change_task, create_task, finish_task, reopen_task
from foundation.ui import parts
from foundation.ui.submissions import submit_once


def _record(request: HttpRequest, ref: str) -> models.Model | None:
    """The record that is named, or 404 for one that this person may not see; None for no name."""
    if not ref:
        return None
    record = record_named(request.user, ref)
    if record is None:
        raise Http404
    return record


def _next(request: HttpRequest, otherwise: str) -> str:
    return _inside(request.POST.get("next", ""), otherwise)


def _inside(wanted: str, otherwise: str) -> str:
    """The address, if it is one of this house."""
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if wanted.startswith("/") and is_ours else otherwise


@login_required
@submit_once
def new_task(request: HttpRequest) -> HttpResponse:
    """A task, on a record or on none; from a record's page only its panel comes back."""
    ref = (request.POST if request.method == "POST" else request.GET).get("record", "")
    record = _record(request, ref)
    if request.method != "POST":
        asked = {name: request.GET[name] for name in ("due_on", "due_time") if request.GET.get(name)}
        form = TaskForm(actor=request.user, initial={"record": ref, **asked})
        return _form_page(request, form, _("New task"), record)
    form = TaskForm(request.POST, actor=request.user)
    task = None
    if form.is_valid():
        try:
            task = create_task(form.wish(), actor=request.user, person=form.cleaned_data["person"], subject=record)
        except Refused as refusal:
            _say(form, refusal)
    in_panel = bool(request.headers.get("HX-Request")) and record is not None
    if task is None:
        return _panel(request, record, form) if in_panel else _form_page(request, form, _("New task"), record, 422)
    said = _("Task noted: %(task)s.") % {"task": task}
    if in_panel:
        return _changed(request, record, said)
    messages.success(request, said)
    return redirect(_next(request, f"{record.get_absolute_url()}#tasks" if record else task.get_absolute_url()))  # type: ignore[attr-defined]


@login_required
@submit_once
def edit_task(request: HttpRequest, pk: int) -> HttpResponse:
    """Write an open task anew; 404 for one that this person may not see."""
    task = _task(request, pk, Task.objects.select_related("person", "series"))
    if not may_change(request.user, task):
        raise PermissionDenied
    bound = request.method == "POST"
    form = TaskForm(request.POST if bound else None, actor=request.user, task=task)
    if bound and form.is_valid():
        try:
            change_task(task.pk, form.wish(), actor=request.user)
        except Refused as refusal:
            _say(form, refusal)
        else:
            messages.success(request, _("The task is changed."))
            return redirect(task.get_absolute_url())
    return _form_page(request, form, _("Change the task"), None, 422 if bound else 200, task)


def _task(request: HttpRequest, pk: int, rows: models.QuerySet[Task]) -> Task:
    task = get_object_or_404(rows, pk=min(pk, 2**63 - 1))
    if not may_see(request.user, task):
        raise Http404
    return task


def _say(form: TaskForm, refusal: Refused) -> None:
    """The refusal next to its field."""
    if refusal.reason == "permission":
        raise PermissionDenied from refusal
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


def _form_page(
    request: HttpRequest, form: TaskForm, title: str, record: Any, status: int = 200, task: Task | None = None
) -> HttpResponse:
    back = task.get_absolute_url() if task else record.get_absolute_url() if record else reverse("todos:tasks")
    context = {
        "form": form,
        "title": title,
        "lead": str(task or record or ""),
        "submit": _("Save") if task else _("Note the task"),
        "cancel_url": back,
        "next": request.POST.get("next", ""),
        "crumbs": [parts.Crumb(_("Tasks"), reverse("todos:tasks"))],
    }
    return render(request, "todos/form.html", context, status=status)


# ---------------------------------------------------------------- the panel of a record


@login_required
@require_safe
def record_panel(request: HttpRequest) -> HttpResponse:
    """The tasks of one record, with the form for another one."""
    record = _record(request, request.GET.get("record", ""))
    if record is None:
        raise Http404
    if not request.headers.get("HX-Request"):
        return redirect(f"{reverse('todos:task-new')}?{urlencode({'record': ref_of(record)})}")
    return _panel(request, record, TaskForm(actor=request.user, initial={"record": ref_of(record)}))


def _panel(request: HttpRequest, record: Any, form: TaskForm | None = None, said: str = "") -> HttpResponse:
    look_again(record)
    return HttpResponse(draw_panel(request, record, form=form, said=said))


def _changed(request: HttpRequest, record: Any, said: str) -> HttpResponse:
    """The panel after something was done in it; the timeline beside it looks again."""
    response = _panel(request, record, said=said)
    response["HX-Trigger"] = "timeline-changed"
    return response


# ---------------------------------------------------------------- ticking off


@login_required
@require_POST
def tick(request: HttpRequest, pk: int) -> HttpResponse:
    """Done, with the way back; answers where it was pressed."""
    task = _task(request, pk, Task.objects.all())
    record = _record(request, request.POST.get("record", ""))
    in_panel = bool(request.headers.get("HX-Request")) and record is not None
    try:
        finish_task(task.pk, actor=request.user)
    except Refused as refusal:
        if refusal.reason == "permission":
            raise PermissionDenied from refusal
        if in_panel:
            return _panel(request, record, said=refusal.message)
        messages.error(request, refusal.message)
        return redirect(_next(request, task.get_absolute_url()))
    said = _undo_offer(task, request, in_panel=in_panel)
    if in_panel:
        return _changed(request, record, said)
    messages.success(request, said)
    return redirect(_next(request, task.get_absolute_url()))


def _undo_offer(task: Task, request: HttpRequest, *, in_panel: bool) -> str:
    """“Done: …”, and a button that takes it back; without scripts it leads to the task, which can be reopened there."""
    back = {"record": request.POST["record"]} if in_panel else {"next": _next(request, task.get_absolute_url())}
    return format_html(
        '{} <a class="undo" href="{}" hx-post="{}?{}"{}>{}</a>',
        _("Done: %(task)s.") % {"task": task},
        task.get_absolute_url(),
        reverse("todos:task-undo", args=[task.pk]),
        urlencode(back),
        "" if in_panel else mark_safe(' hx-swap="none"'),
        _("Undo"),
    )


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Not done after all; answers where it was pressed."""
    task = _task(request, pk, Task.objects.all())
    record = _record(request, request.GET.get("record", ""))
    is_htmx = bool(request.headers.get("HX-Request"))
    try:
        reopen_task(task.pk, actor=request.user)
        said, level = _("The task is open again."), messages.SUCCESS
    except Refused as refusal:
        if refusal.reason == "permission":
            raise PermissionDenied from refusal
        said, level = refusal.message, messages.ERROR
    if is_htmx and record is not None:
        return _changed(request, record, said)
    messages.add_message(request, level, said)
    target = _inside(request.GET.get("next", ""), task.get_absolute_url())
    if is_htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(target)
