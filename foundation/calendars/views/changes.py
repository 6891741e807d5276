"""Forms and buttons that change a calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.calendars.forms import CalendarForm, ClosureForm, DecisionForm, EditForm, write_spans
from foundation.calendars.models import Calendar, HolidayYear
from foundation.calendars.services import create_calendar, edit_calendar
from foundation.calendars.services.closures import change_closure, find_closure, take_back_closure
from foundation.calendars.services.holidays import confirm_holidays
from foundation.calendars.services.uses import end_use_for_team
from foundation.calendars.views.calendars import country_text, visible_calendars
from foundation.journal.machine import Refused
from foundation.ui import formats, html, parts
from foundation.ui.addresses import page_url
from foundation.ui.submissions import submit_once

CHANGE = "calendars.change_calendar"


def _calendar(pk: int) -> Calendar:
    try:
        return get_object_or_404(visible_calendars(), pk=pk)
    except OverflowError as error:
        raise Http404 from error


def _form_page(request: HttpRequest, form: Any, title: str, calendar: Calendar | None = None) -> HttpResponse:
    """The form, with status 422 when something in it is wrong."""
    list_crumb = parts.Crumb(_("Working calendars"), page_url("calendars:calendars"))
    context = {
        "form": form,
        "title": title,
        "lead": calendar.label if calendar and calendar.label not in title else "",
        "cancel_url": calendar.get_absolute_url() if calendar else page_url("calendars:calendars"),
        "crumbs": [list_crumb, *([parts.Crumb(calendar.label, calendar.get_absolute_url())] if calendar else [])],
        "action": request.get_full_path(),
    }
    return render(request, "ui/form.html", context, status=422 if form.errors else 200)


def _refuse(form: Any, refusal: Refused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


@permission_required("calendars.add_calendar", raise_exception=True)
@submit_once
def new(request: HttpRequest) -> HttpResponse:
    """A calendar with its first version."""
    form = CalendarForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        names = ("code", "name", "country", "region", "needs_notice")
        calendar = create_calendar(
            actor=request.user,
            plan=form.plan(),
            day_seconds=form.day_seconds,
            **{name: form.cleaned_data[name] for name in names},
        )
        messages.success(request, _("Saved."))
        return redirect(calendar)
    return _form_page(request, form, _("New calendar"))


@permission_required(CHANGE, raise_exception=True)
@submit_once
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Name and plan; what is saved counts as the next version from now on."""
    calendar = _calendar(pk)
    label = calendar.label  # a bound form writes into the calendar, also what it then refuses
    form = EditForm(request.POST if request.method == "POST" else None, instance=calendar)
    if form.is_bound and form.is_valid():
        try:
            edit_calendar(
                form.instance,
                actor=request.user,
                changed=form.changed_data,
                plan=form.plan(),
                day_seconds=form.day_seconds,
                based_on=form.cleaned_data["based_on"],
            )
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("Saved. It counts from now on; what was counted before stays."))
            return redirect(calendar)
    if form.errors:
        calendar = _calendar(pk)
        # Who has been told what the other one did, and saves again, has seen it.
        form.data = {**form.data.dict(), "based_on": calendar.current.number if calendar.current else ""}  # type: ignore[attr-defined]
    return _form_page(request, form, _("Edit %(name)s") % {"name": label}, calendar)


@permission_required(CHANGE, raise_exception=True)
@submit_once
def closure(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Change a closure that has not begun."""
    calendar = _calendar(pk)
    found = find_closure(calendar, number)
    if found is None:
        raise Http404
    if request.method == "POST":
        form = ClosureForm(request.POST)
        if form.is_valid():
            try:
                change_closure(pk, number, actor=request.user, **form.cleaned_data)
            except Refused as refusal:
                _refuse(form, refusal)
            else:
                messages.success(request, _("The closure counts from now on."))
                return redirect(calendar)
    else:
        form = ClosureForm()
        dates = {name: date.fromisoformat(found[name]) for name in ("first", "last")}
        form.initial = {**found, **dates, "spans": write_spans(found["spans"])}
    return _form_page(request, form, _("Change the closure"), calendar)


@require_POST
@permission_required(CHANGE, raise_exception=True)
@submit_once
def take_back(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Open again what a closure shuts."""
    calendar = _calendar(pk)
    try:
        take_back_closure(pk, number, actor=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The closure is taken back."))
    return redirect(calendar)


@require_POST
@permission_required("calendars.change_calendaruse", raise_exception=True)
@submit_once
def end_team(request: HttpRequest, pk: int, use: int) -> HttpResponse:
    """The team goes by each target's own calendar again."""
    calendar = _calendar(pk)
    if not calendar.uses.exclude(team=None).filter(pk=use).exists():
        raise Http404
    end_use_for_team(use, actor=request.user)
    messages.success(request, _("The team goes by each target's own calendar again."))
    return redirect(calendar)


@permission_required(CHANGE, raise_exception=True)
@submit_once
def holidays(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposed year, day by day: what a person confirms counts, nothing else."""
    try:
        proposal = get_object_or_404(HolidayYear.objects.select_related("calendar__current", "proposed_by"), pk=pk)
    except OverflowError as error:
        raise Http404 from error
    days = list(proposal.days.select_related("decided_by"))
    form = DecisionForm(request.POST if request.method == "POST" else None, rows=[one for one in days if one.is_open])
    if form.is_bound and form.is_valid():
        try:
            _confirm(request, proposal, form)
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            return redirect(proposal if request.POST.get("rest") == "later" else proposal.calendar)
    return _holidays_page(request, proposal, form, [one for one in days if not one.is_open])


def _confirm(request: HttpRequest, proposal: HolidayYear, form: DecisionForm) -> None:
    shown = set(request.POST.getlist("row"))
    if shown and shown != {str(row.pk) for row in form.rows}:
        raise Refused(_("Somebody has decided on these days already. Look again."))
    taken = form.taken()
    rest = set() if request.POST.get("rest") == "later" else {row.pk for row in form.rows} - set(taken)
    if not taken and not rest:
        raise Refused(_("Tick at least one day."), reason="input")
    confirm_holidays(proposal.pk, actor=request.user, days=taken, leave_out=rest)
    messages.success(request, _("Confirmed. These days count from now on."))


def _holidays_page(
    request: HttpRequest, proposal: HolidayYear, form: forms.BaseForm, decided: list[Any]
) -> HttpResponse:
    calendar = proposal.calendar
    lines = [
        {"row": row, "day": formats.weekday(row.day), "kind": row.get_kind_display(), "tick": tick, "hours": hours}
        for row, tick, hours in form.lines()  # type: ignore[attr-defined]
    ]
    context = {
        "form": form,
        "title": _("Public holidays %(year)s") % {"year": proposal.year},
        "proposal": proposal,
        "calendar": calendar,
        "country": country_text(proposal.country, proposal.region),
        "lines": lines,
        "decided": [
            {
                "day": formats.weekday(one.day),
                "name": one.name,
                "kind": one.get_kind_display(),
                "hours": ", ".join(f"{a}–{b}" for a, b in one.spans),
                "badge": html.badge(
                    one.get_decision_display(), "in-time" if one.decision == "taken" else "plain", quiet=True
                ),
                "by": one.decided_by,
                "at": one.decided_at,
            }
            for one in decided
        ],
        "crumbs": [
            parts.Crumb(_("Working calendars"), page_url("calendars:calendars")),
            parts.Crumb(calendar.label, reverse("calendars:calendar", args=[calendar.pk])),
        ],
    }
    return render(request, "calendars/holidays.html", context, status=422 if form.errors else 200)
