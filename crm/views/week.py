"""The week plan of one person's visits, moved by buttons, or by drag where scripts run."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm import services
from crm.models import Visit
from crm.selectors import visible_visits
from crm.views.visits import STATES
from crm.week import Call, Day, monday_of, people_of, week_of
from foundation.accounts.models import User
from foundation.journal.machine import Refused
from foundation.ui import formats, parts
from foundation.ui.addresses import page_url
from foundation.ui.submissions import submit_once

FIRST, LAST = date(2000, 1, 3), date(2199, 12, 30)


def _day(text: str) -> date:
    """The day that was asked for, else today."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
    return day if FIRST <= day <= LAST else timezone.localdate()


def _person(request: HttpRequest, people: Any) -> User:
    """Whose week: the one asked for among those whom one may look at, else one's own."""
    asked = request.GET.get("person", "")
    user: Any = request.user
    if asked.isascii() and asked.isdigit() and len(asked) < 18:
        return people.filter(pk=asked).first() or user
    return user  # type: ignore[no-any-return]


def travel_words(call: Call) -> str:
    """How long the way is, and how we know."""
    travel = call.leg.travel
    how = {
        "entered": _("%(time)s of travel"),
        "usual": _("about %(time)s of travel (usual time)"),
        "estimated": _("about %(time)s of travel (estimated, %(km)s km in a straight line)"),
    }[travel.source]
    km = formats.number((travel.metres or 0) / 1000, 1)
    return how % {"time": formats.span(travel.minutes * 60), "km": km}


def warning_of(call: Call) -> str:
    """What does not fit; empty when all does."""
    if call.leg.overlaps:
        return _("Overlaps with the visit before.")
    if call.leg.short_minutes:
        return _("The way does not fit: %(time)s too short.") % {"time": formats.span(call.leg.short_minutes * 60)}
    return ""


def _leave(leave: datetime, start: datetime) -> str:
    """The time; with its day where one has to leave on the evening before."""
    return formats.clock_time(leave) if leave.date() == start.date() else formats.moment(leave)


def _row(call: Call) -> dict[str, Any]:
    visit = call.visit
    assert visit.planned_start is not None and visit.planned_end is not None
    here = timezone.localtime(visit.planned_start)
    return {
        "visit": visit,
        "state": STATES[visit.status],
        "is_tentative": visit.status in ("proposed", "agreed"),
        "leave": _leave(timezone.localtime(call.leg.leave_at), here),
        "arrive": formats.clock_time(timezone.localtime(call.leg.arrive_at)),
        "times": f"{formats.clock_time(here)}–{formats.clock_time(timezone.localtime(visit.planned_end))}",
        "place": visit.address.city if visit.address else "",
        "travel": travel_words(call),
        "warning": warning_of(call),
        "moves": _moves(call, here.date()) if call.may_move else [],
    }


def _moves(call: Call, day: date) -> list[tuple[str, str, str]]:
    """Icon, words and target of each button that moves this visit."""
    found = []
    if not call.is_first:
        found.append(("chevron-up", _("Earlier on this day"), "earlier"))
    if not call.is_last:
        found.append(("chevron-down", _("Later on this day"), "later"))
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    if before >= timezone.localdate():
        found.append(("chevron-left", _("To the day before"), before.isoformat()))
    found.append(("chevron-right", _("To the day after"), after.isoformat()))
    return found


def _shown(day: Day) -> dict[str, Any]:
    return {
        "iso": day.on.isoformat(),
        "name": formats.weekday(day.on),
        "is_today": day.is_today,
        "rows": [_row(call) for call in day.calls],
    }


@permission_required("crm.view_visit", raise_exception=True)
@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """Seven days of one person's visits. Everything is in the address: `?day=2026-11-26&person=7`."""
    people = people_of(request.user)
    person = _person(request, people)
    monday = monday_of(_day(request.GET.get("day", "")))
    every = list(people)
    whose = {"person": person.pk} if person.pk != request.user.pk else {}

    def address(day: date) -> str:
        return f"?{urlencode({'day': day.isoformat(), **whose})}"

    context = {
        "title": _("Week plan"),
        "crumbs": [parts.Crumb(_("Visits"), page_url("crm:visits"))],
        "span": f"{formats.day(monday)} – {formats.day(monday + timedelta(days=6))}",
        "person": person,
        "people": every if len(every) > 1 else [],
        "day": monday.isoformat(),
        "days": [_shown(day) for day in week_of(request.user, person, monday)],
        "before": address(monday - timedelta(days=7)),
        "after": address(monday + timedelta(days=7)),
        "now": address(timezone.localdate()),
        "may_plan": request.user.has_perm("crm.plan_visit"),
        "here": request.get_full_path(),
    }
    return render(request, "crm/week.html", context)


@require_POST
@permission_required("crm.plan_visit", raise_exception=True)
@submit_once
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a visit within the week plan; the customer is not told, and the page says so."""
    visit = get_object_or_404(visible_visits(request.user), pk=pk)
    try:
        moved = services.move_visit(visit.pk, actor=request.user, to=request.POST.get("to", ""))
    except Refused as refusal:
        messages.error(request, refusal.message)
        moved = visit
    else:
        messages.success(request, _said(moved))
    day = timezone.localtime(moved.planned_start).date() if moved.planned_start else timezone.localdate()
    whose = {} if moved.owner_id in (None, request.user.pk) else {"person": moved.owner_id}
    return redirect(f"{page_url('crm:week')}?{urlencode({'day': day.isoformat(), **whose})}#visit-{moved.pk}")


def _said(visit: Visit) -> str:
    assert visit.planned_start is not None
    values = {"visit": visit, "when": formats.exact(visit.planned_start)}
    if visit.status == Visit.Status.PLANNED:
        return _("%(visit)s is now on %(when)s. The customer has not been told.") % values
    return _("%(visit)s is now on %(when)s.") % values
