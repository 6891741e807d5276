"""Absences on a colleague's page, handing over work, and what became of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.absence_forms import HandOverForm, LeaveForm
from foundation.accounts.handovers import (
    begin_leave,
    hand_over_work,
    handovers_of,
    kinds_staying,
    may_hand_over,
    return_work,
)
from foundation.accounts.leaves import (
    away_today,
    cancel_leave,
    enter_leave,
    is_away_on,
    may_manage_absence,
    today_of,
)
from foundation.accounts.models import HandedItem, HandOver, Leave, User
from foundation.accounts.selectors import visible_people
from foundation.accounts.work import WorkKind, work_kind, work_kinds
from foundation.journal.machine import Refused
from foundation.ui import formats, html, parts
from foundation.ui.addresses import may_open
from foundation.ui.submissions import submit_once
from foundation.ui.table import Head, Row, render_rows


def _person(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(visible_people(request.user), pk=pk)


# ---------------------------------------------------------------- on the colleague's page


def absence_actions(reader: Any, user: User) -> list[parts.Action]:
    """Entering an absence and handing over work, for those who may."""
    if not user.is_active:
        return []
    found = []
    if reader.pk == user.pk or may_manage_absence(reader, user):
        url = reverse("accounts:leave-new", args=[user.pk])
        found.append(parts.Action(_("Enter an absence"), url, "calendar-days", opens_dialog=True))
    if may_hand_over(reader, user):
        found.append(
            parts.Action(_("Hand over the work"), reverse("accounts:hand-over", args=[user.pk]), "arrow-right")
        )
    return found


def absence_section(request: HttpRequest, user: User) -> parts.Section | None:
    """Absences of now and to come, and work that is in other hands; None where there is neither."""
    reader: Any = request.user
    is_close = reader.pk == user.pk or may_manage_absence(reader, user)
    leaves = _coming(user)
    lent = list(handovers_of(user)) if may_hand_over(reader, user) else []
    if not leaves and not lent:
        return None
    context = {
        "leaves": [_leave_line(one, is_close) for one in leaves],
        "lent": [{"url": one.get_absolute_url(), "back": formats.day(one.back_on)} for one in lent if one.back_on],
        "may_cancel": is_close,
    }
    body = render_to_string("accounts/_absences.html", context, request)
    return parts.Section(_("Absences"), body, "absences")


def _coming(user: User) -> list[Leave]:
    leaves = Leave.objects.standing().filter(person=user, last_day__gte=today_of(user)).select_related("deputy")
    return list(leaves.order_by("first_day"))


def _days_of(leave: Leave) -> str:
    first, last = formats.day(leave.first_day), formats.day(leave.last_day)
    return first if first == last else f"{first} – {last}"


def _leave_line(leave: Leave, is_close: bool) -> dict[str, Any]:
    return {
        "days": _days_of(leave),
        "kind": leave.get_kind_display() if is_close else _("away"),
        "deputy": str(leave.deputy or ""),
        "note": leave.note if is_close else "",
        "cancel_url": reverse("accounts:leave-cancel", args=[leave.pk]),
    }


def away_section(request: Any = None, **_context: Any) -> parts.Section | None:
    """`day.main`: who is away today, for those who may see it. No query while everybody is here, one otherwise."""
    if request is None or not request.user.has_perm("accounts.view_leave"):
        return None
    away = away_today()
    if not away:
        return None
    leaves = (
        Leave.objects.standing().filter(person_id__in=away).select_related("person", "deputy").order_by("person__name")
    )
    here = [one for one in leaves if one.first_day <= today_of(one.person) <= one.last_day]
    rows = [
        {
            "person": html.link(one.person, one.person.get_absolute_url()),
            "until": formats.day(one.last_day),
            "deputy": str(one.deputy or ""),
        }
        for one in here
    ]
    return parts.Section(_("Away today"), render_to_string("accounts/_away.html", {"rows": rows}), "away")


# ---------------------------------------------------------------- absences


@submit_once
def leave_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter days of absence."""
    person = _person(request, pk)
    if request.user.pk != person.pk and not may_manage_absence(request.user, person):
        raise PermissionDenied
    form = LeaveForm(request.POST if request.method == "POST" else None, person=person)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            with transaction.atomic():
                leave = enter_leave(person.pk, actor=request.user, **form.cleaned_data)
                staying = kinds_staying(leave)  # before the rest has gone
                begin_leave(leave.pk)  # somebody who is ill today has nobody waiting for the next round
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            status = 409
        else:
            messages.success(request, _("The absence is entered."))
            _say_what_waits(request, leave, staying)
            return redirect(person)
    return _form_page(request, person, form, _("Enter an absence"), "accounts:leave-new", status)


def _say_what_waits(request: HttpRequest, leave: Leave, staying: list[str]) -> None:
    """What the deputy cannot take over, or not yet."""
    if leave.deputy is None:
        return
    values = {"name": leave.deputy, "kinds": ", ".join(staying)}
    if is_away_on(leave.deputy, leave.first_day):
        messages.warning(
            request, _("%(name)s is away on the first day too: the work goes over on their return.") % values
        )
    if staying:
        messages.warning(request, _("%(name)s may not do this work, which stays: %(kinds)s.") % values)


def _form_page(
    request: HttpRequest, person: User, form: Any, title: str, route: str, status: int, page: str = "ui/form.html"
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "lead": str(person),
        "submit": title,
        "cancel_url": person.get_absolute_url(),
        "action": reverse(route, args=[person.pk]),
        "crumbs": [
            parts.Crumb(_("People"), reverse("accounts:people")),
            parts.Crumb(str(person), person.get_absolute_url()),
        ],
    }
    return render(request, page, context, status=status)


@require_POST
@submit_once
def leave_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call an absence off; what was handed over because of it goes back at once."""
    leave = get_object_or_404(
        Leave.objects.filter(person__in=visible_people(request.user)).select_related("person"), pk=pk
    )
    try:
        cancelled = cancel_leave(leave.pk, actor=request.user)
        handover = HandOver.objects.filter(leave=cancelled, returned_at=None).first()
        if handover is not None:
            return_work(handover.pk, actor=request.user)
    except Refused as refusal:
        if refusal.reason == "permission":
            raise PermissionDenied from refusal
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The absence is called off."))
    return redirect(leave.person)


# ---------------------------------------------------------------- hand-overs


@submit_once
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """How much of each kind a colleague has open, and to whom it goes."""
    person = _person(request, pk)
    if not may_hand_over(request.user, person):
        raise PermissionDenied
    counts = {kind.code: kind.of(person.pk).order_by().count() for kind in work_kinds()}
    if not any(counts.values()):
        messages.info(request, _("%(name)s has no open work.") % {"name": person})
        return redirect(person)
    form = HandOverForm(request.POST if request.method == "POST" else None, person=person, counts=counts)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            made = hand_over_work(person.pk, actor=request.user, to=form.chosen(), back_on=form.cleaned_data["back_on"])
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            status = 409
        else:
            if staying := form.staying():
                values = {"name": form.cleaned_data["all_to"], "kinds": ", ".join(staying)}
                messages.warning(request, _("%(name)s may not do this work, which stays: %(kinds)s.") % values)
            return redirect(made)
    title = _("Hand over the work")
    return _form_page(request, person, form, title, "accounts:hand-over", status, page="accounts/hand_over.html")


def _visible_handovers(user: Any) -> QuerySet[HandOver]:
    return HandOver.objects.filter(person__in=visible_people(user)).select_related("person__team", "made_by")


def _handover(request: HttpRequest, pk: int) -> HandOver:
    found = get_object_or_404(_visible_handovers(request.user), pk=pk)
    if not may_hand_over(request.user, found.person):
        raise Http404
    return found


@require_safe
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """What was handed to whom, what was refused and why, and when it comes back."""
    found = _handover(request, pk)
    items = list(found.items.select_related("given_to"))
    heads = [
        Head(_("Record"), "title"),
        Head(_("Kind"), "fact"),
        Head(pgettext("handing over", "To whom"), "fact"),
        Head(_("State"), "end"),
    ]
    colours = {"given": "in-time", "refused": "late", "returned": "done", "kept": "plain"}
    rows = [
        Row(
            [
                _named(one, kind, request.user),
                str(kind.label) if kind else one.kind,
                one.given_to,
                html.two_lines(html.badge(one.get_state_display(), colours[one.state], quiet=True), one.reason),
            ],
            one.pk,
        )
        for one, kind in ((one, work_kind(one.kind)) for one in items)
    ]
    given = sum(one.state != "refused" for one in items)
    page = parts.List(
        title=_("Work of %(name)s") % {"name": found.person},
        lead=_when_back(found),
        heads=heads,
        rows=render_rows(heads, rows),
        caption=_("Handed over: %(given)s, refused: %(refused)s") % {"given": given, "refused": len(items) - given},
        actions=_return_action(found),
        empty=None if rows else parts.Empty("nothing"),
        crumbs=[parts.Crumb(str(found.person), found.person.get_absolute_url())],
        pager=parts.Pager(
            total=_("Handed over: %(given)s, refused: %(refused)s") % {"given": given, "refused": len(items) - given}
        ),
    )
    return render(request, "ui/list.html", {"page": page, "list": page, "title": page.title})


def _named(item: HandedItem, kind: WorkKind | None, reader: Any) -> str:
    """The record as it was called then, leading to it for those who may open such pages."""
    url = kind.address(item.object_id) if kind is not None else ""
    return html.link(item.label, url) if url and may_open(reader, url) else item.label


def _when_back(found: HandOver) -> str:
    if found.returned_at is not None:
        return _("Given back %(when)s.") % {"when": formats.exact(found.returned_at)}
    if found.back_on is None:
        return _("Handed over for good.")
    return _("What is still open goes back on %(day)s.") % {"day": formats.day(found.back_on)}


def _return_action(found: HandOver) -> parts.Actions | None:
    if found.returned_at is not None:
        return None
    url = reverse("accounts:handover-return", args=[found.pk])
    ask = _("Give the work back to %(name)s now?") % {"name": found.person}
    return parts.Actions.sorted_from(
        [parts.Action(_("Give back now"), url, "arrow-uturn-left", method="post", confirm=ask)]
    )


@require_POST
@submit_once
def handover_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Give back before the day."""
    found = _handover(request, pk)
    return_work(found.pk, actor=request.user)
    messages.success(request, _("The work is back."))
    return redirect(found)
