"""The dialogs of a clock's page: its due time by hand, its promise afresh."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.journal.machine import Refused
from foundation.sla.forms import DueForm, ResetForm
from foundation.sla.models import Clock
from foundation.sla.selectors.clocks import visible_clock
from foundation.sla.services.by_hand import reset_clock, set_due
from foundation.ui import parts
from foundation.ui.submissions import submit_once


def actions_of(user: Any, clock: Clock) -> parts.Actions:
    """What this person may do to the clock now: nothing once it has stopped, no other time once it is missed."""
    found = []
    if clock.is_open and clock.breached_at is None and user.has_perm("sla.set_due"):
        url = reverse("sla:clock-due", args=[clock.pk])
        found.append(parts.Action(_("Set the due time"), url, "clock", opens_dialog=True))
    if clock.is_open and user.has_perm("sla.reset_clock"):
        url = reverse("sla:clock-reset", args=[clock.pk])
        found.append(parts.Action(_("Begin afresh"), url, "arrow-path", "danger", opens_dialog=True))
    return parts.Actions.sorted_from(found)


@permission_required("sla.set_due", raise_exception=True)
@submit_once
def due(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a time in the reader's zone and a reason."""
    return _ask(request, pk, "clock-due", _("Set the due time"), DueForm, set_due, _("The due time is set."))


@permission_required("sla.reset_clock", raise_exception=True)
@submit_once
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a reason."""
    return _ask(request, pk, "clock-reset", _("Begin afresh"), ResetForm, reset_clock, _("The promise begins afresh."))


def _ask(
    request: HttpRequest,
    pk: int,
    route: str,
    title: str,
    form_class: Callable[..., forms.Form],
    service: Callable[..., Clock],
    done: str,
) -> HttpResponse:
    clock = visible_clock(request.user, pk)
    if clock is None:
        raise Http404
    form: Any = form_class(request.POST if request.method == "POST" else None, clock=clock)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            now = service(clock.pk, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            status = 409
        else:
            messages.success(request, done)
            return redirect(now.get_absolute_url())
    name = f"{clock.target.label} · {clock.number}"
    context = {
        "form": form,
        "title": title,
        "lead": name,
        "submit": title,
        "danger": route == "clock-reset",
        "cancel_url": clock.get_absolute_url(),
        "action": reverse(f"sla:{route}", args=[clock.pk]),
        "crumbs": [parts.Crumb(name, clock.get_absolute_url())],
    }
    return render(request, "ui/form.html", context, status=status)
