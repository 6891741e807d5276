"""The calendar: day, week and month of oneself, of a colleague, of a team; what can be begun in it; moving what stands there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from foundation.calendars.diary import moves
from foundation.calendars.diary.drawing import FIRST, LAST, VIEWS, Drawing, Place
from foundation.calendars.diary.entries import Entry, Source, beginnings_for, sources_for
from foundation.calendars.diary.team_feed import may_have
from foundation.calendars.diary.whose import ALL, Choice, Whose, choice_of, whose
from foundation.calendars.diary_forms import MoveEntryForm
from foundation.journal.machine import Refused
from foundation.ui import formats, parts
from foundation.ui.addresses import page_url
from foundation.ui.panels import panels_for
from foundation.ui.submissions import submit_once

SLIP = 18


def place_of(request: HttpRequest) -> Place:
    """What the address asks for; whatever makes no sense is as if it were not said."""
    view = request.GET.get("view", "")
    said = {one for text in request.GET.getlist("kinds") for one in text.split(",")}
    kinds = tuple(one.code for one in sources_for(request.user) if one.code in said)
    try:
        day = date.fromisoformat(request.GET.get("date", "")[:10])
    except ValueError:
        day = timezone.localdate()
    if not FIRST <= day <= LAST:
        day = timezone.localdate()
    who = request.GET.get("who", "")
    return Place(view if view in VIEWS else "week", day, who, kinds)


def _teams(choice: Choice, chosen: Whose) -> list[tuple[str, object, bool]]:
    """The teams that can be chosen; all of them together where there are several."""
    found: list[tuple[str, object]] = [(f"team-{one.pk}", one) for one in choice.teams]
    if len(found) > 1:
        found.insert(0, (ALL, choice.all_label))
    return [(value, words, value == chosen.code) for value, words in found]


@require_safe
@login_required
def diary(request: HttpRequest) -> HttpResponse:
    """One page of the calendar. Everything is in the address: `?view=week&date=2026-11-26&who=team-3&kinds=visits,calls`."""
    asked = place_of(request)
    every = sources_for(request.user)
    choice = choice_of(request.user)
    chosen = whose(request.user, asked.who, choice)
    place = Place(asked.view, asked.day, chosen.code, asked.kinds)
    shown = [one for one in every if not place.kinds or one.code in place.kinds]
    drawing = Drawing(request.user, place, chosen, shown)
    kind = "month" if place.view == "month" else "rows" if chosen.is_team and place.view == "week" else "columns"
    drawn = {"month": drawing.weeks, "rows": drawing.team_rows, "columns": drawing.columns}[kind]()
    context = {
        "title": pgettext("diary", "Calendar"),
        "place": place,
        "whose": chosen,
        "span": place.title,
        "kind": kind,
        "drawn": drawn,
        "strip": drawing.strip(),
        "kinds": [(one, not place.kinds or one.code in place.kinds) for one in every],
        "teams": _teams(choice, chosen),
        "colleagues": [(one.pk, one, chosen.code == str(one.pk)) for one in choice.people if one.pk != request.user.pk],
        "views": [
            parts.Tab(label, place.url(view=code), is_current=code == place.view)
            for code, label in (
                ("day", pgettext("calendar", "Day")),
                ("week", pgettext("calendar", "Week")),
                ("month", pgettext("calendar", "Month")),
            )
        ],
        "before": place.shifted(-1).url(),
        "after": place.shifted(1).url(),
        "now": place.url(day=drawing.today),
        "is_now": drawing.today in place.days,
        "may_begin": bool(beginnings_for(request.user)),
        "here": request.get_full_path(),
        "count": len(drawing.entries),
        "has_team_feed": chosen.is_team and may_have(request.user),
        "links": [one for found in panels_for("diary.links", user=request.user) for one in found],
    }
    return render(request, "calendars/diary/page.html", context)


@require_safe
@login_required
def begin(request: HttpRequest) -> HttpResponse:
    """What can be begun at this time: `?at=2026-11-26T10:00`, by the reader's clock."""
    try:
        at = datetime.fromisoformat(request.GET.get("at", "")[:16]).replace(tzinfo=None)
    except ValueError:
        at = timezone.localtime(moves.rounded(timezone.now() + timedelta(hours=1))).replace(tzinfo=None)
    offered = [(one, f"{reverse(one.url_name)}?{urlencode(one.query(at))}") for one in beginnings_for(request.user)]
    context = {
        "title": pgettext("diary", "New in the calendar"),
        "when": formats.moment(timezone.make_aware(at)),
        "offered": offered,
        "crumbs": [parts.Crumb(pgettext("diary", "Calendar"), page_url("calendars:diary"))],
    }
    return render(request, "calendars/diary/new.html", context)


# ---------------------------------------------------------------- moving


def _found(request: HttpRequest, code: str, pk: int) -> tuple[Source, Entry]:
    found = moves.found_for(request.user, code, pk) if len(str(pk)) < SLIP else None
    if found is None:
        raise Http404
    return found


def _back(request: HttpRequest, wanted: str, start: Any) -> str:
    """The page of the calendar that was looked at, on the day to which the entry went where that is not on it."""
    here = page_url("calendars:diary")
    if wanted.startswith(here) and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    day = timezone.localtime(start).date() if isinstance(start, datetime) else start
    return f"{here}?{urlencode({'view': 'day', 'date': day.isoformat()})}"


@login_required
@submit_once
def move(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Move an entry: by this form, or dropped onto another place (`drop=1`), where only what must be asked is asked."""
    source, entry = _found(request, code, pk)
    if request.method != "POST":
        return _ask(request, source, entry)
    form = MoveEntryForm(request.POST, source=source, entry=entry)
    if not form.is_valid():
        return _show(request, source, entry, form, 422)
    start, end = form.wanted
    is_drop = request.POST.get("drop") == "1"
    back = _back(request, form.cleaned_data.get("back", ""), start)
    if entry.may_move:
        conflicts = moves.conflicts_of(request.user, source, entry, start, end)
        is_said = form.cleaned_data["sure"] == _sure(start, end)
        if is_drop and (conflicts or entry.asks_telling):
            return HttpResponse(status=204, headers={"X-Ask": _asking(entry, start, end, back)})
        if conflicts and not is_said:
            return _show(request, source, entry, form, 422, conflicts, _sure(start, end))
    tells = bool(form.cleaned_data.get("tells"))
    try:
        moved = moves.move_entry(request.user, source, entry, start, end, tells=tells)
    except Refused as refusal:
        if is_drop:
            messages.error(request, refusal.message)
            return redirect(back)
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _show(request, source, entry, form, 409 if refusal.reason == "state" else 422)
    messages.success(request, _said(source, entry, moved, tells, back))
    return redirect(back)


def _asking(entry: Entry, start: Any, end: Any, back: str) -> str:
    """The address of the form that asks what must be asked after something was dropped."""
    times = {"day": start.isoformat()} if entry.is_whole_day else {"start": _typed(start), "end": _typed(end)}
    query = urlencode({**{name: text for name, text in times.items() if text}, "back": back})
    return f"{reverse('calendars:diary-move', args=[entry.source, entry.pk])}?{query}"


def _sure(start: Any, end: Any) -> str:
    """Which times the reader has been warned of."""
    return f"{start.isoformat()}|{end.isoformat() if end else ''}"


def _ask(request: HttpRequest, source: Source, entry: Entry) -> HttpResponse:
    """The form, filled with the times of the address where it names some: what does not fit is said at once."""
    asked = {name: request.GET[name][:16] for name in ("start", "end", "day") if request.GET.get(name)}
    back = request.GET.get("back", "")
    if asked:
        tried = MoveEntryForm({**asked, "back": back}, source=source, entry=entry)
        if tried.is_valid():
            start, end = tried.wanted
            conflicts = moves.conflicts_of(request.user, source, entry, start, end)
            form = MoveEntryForm(
                source=source, entry=entry, back=back, initial={**asked, "end": asked.get("end") or _typed(end)}
            )
            return _show(request, source, entry, form, 200, conflicts, _sure(start, end))
    return _show(request, source, entry, MoveEntryForm(source=source, entry=entry, back=back))


def _typed(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}" if isinstance(moment, datetime) else ""


def _show(
    request: HttpRequest,
    source: Source,
    entry: Entry,
    form: Any,
    status: int = 200,
    conflicts: list[str] | None = None,
    sure: str = "",
) -> HttpResponse:
    if sure and form.is_bound:
        form.data = form.data.copy()
        form.data["sure"] = sure
    elif sure:
        form.initial["sure"] = sure
    context = {
        "title": _("Move: %(what)s") % {"what": entry.title},
        "lead": " · ".join(part for part in (str(source.word), entry.customer, _when(entry)) if part),
        "form": form,
        "conflicts": conflicts or [],
        "submit": _("Move anyway") if conflicts else _("Move"),
        "action": reverse("calendars:diary-move", args=[entry.source, entry.pk]),
        "cancel_url": request.GET.get("back") or page_url("calendars:diary"),
        "crumbs": [parts.Crumb(pgettext("diary", "Calendar"), page_url("calendars:diary"))],
    }
    if not str(context["cancel_url"]).startswith(page_url("calendars:diary")):
        context["cancel_url"] = page_url("calendars:diary")
    return render(request, "calendars/diary/move.html", context, status=status)


def _when(entry: Entry) -> str:
    return formats.exact(entry.start) if isinstance(entry.start, datetime) else formats.day(entry.start)


def _said(source: Source, before: Entry, after: Entry, told: bool, back: str) -> str:
    """Where it is now, whether anybody outside was told, and the way back."""
    values = {"what": after.title, "when": _when(after)}
    if told:
        said = _("%(what)s is now on %(when)s. The customer is told.") % values
    elif before.asks_telling:
        said = _("%(what)s is now on %(when)s. The customer has not been told.") % values
    else:
        said = _("%(what)s is now on %(when)s.") % values
    if _has_passed(before.start):
        return said  # nothing moves back to a time that has passed
    query = urlencode({"token": moves.undo_token(before, after, told=told), "back": back})
    return format_html(
        '{} <a class="undo" href="{}" hx-post="{}?{}" hx-swap="none">{}</a>',
        said,
        before.url,
        reverse("calendars:diary-undo"),
        query,
        _("Undo and tell the customer") if told else _("Undo"),
    )


def _has_passed(start: Any) -> bool:
    return start <= timezone.now() if isinstance(start, datetime) else start < timezone.localdate()


@require_POST
@login_required
def undo(request: HttpRequest) -> HttpResponse:
    """Back to where it was."""
    start: Any = timezone.localdate()
    try:
        entry = moves.undo_move(request.user, request.GET.get("token", "")[:2000])
        start = entry.start
        messages.success(request, _("%(what)s is back on %(when)s.") % {"what": entry.title, "when": _when(entry)})
    except Refused as refusal:
        messages.error(request, refusal.message)
    back = _back(request, request.GET.get("back", "")[:1000], start)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": back})
    return redirect(back)
