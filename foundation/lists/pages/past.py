"""The timeline of a record page: which part of it the address asks for, its links, and what is pinned."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.journal.pins import can_be_pinned, pin_event, unpin_event
from foundation.journal.timeline import History, keeps_words
from foundation.ui import parts

LONGEST = 100
STATE = ("show", "find", "before")


class _Kinds(Protocol):
    def kinds(self, request: HttpRequest) -> set[str] | None: ...


def words_asked(request: HttpRequest) -> str:
    """The words that are looked for in the timeline."""
    return request.GET.get("find", "").replace("\0", "").strip()[:LONGEST]


def moment_asked(request: HttpRequest) -> datetime | None:
    """The moment before which the page of the timeline begins; None for the newest."""
    try:
        found = datetime.fromisoformat(request.GET.get("before", ""))
    except ValueError:
        return None
    return found if timezone.is_aware(found) else None


def asked_of(page: _Kinds, request: HttpRequest) -> dict[str, Any]:
    """What `history()` takes, as the address says it."""
    return {"kinds": page.kinds(request), "before": moment_asked(request), "find": words_asked(request)}


def query_of(request: HttpRequest, **changes: str) -> str:
    """The address of the timeline with these changes, on its first page unless they say otherwise."""
    state = {name: request.GET.get(name, "") for name in STATE if name != "before"} | changes
    return "?" + urlencode({key: value for key, value in state.items() if value})


def drawn_timeline(found: Any, request: HttpRequest, here: str, *, may_pin: bool) -> parts.Timeline:
    """What `timeline_of` answered, ready to be drawn: a plain list has neither search nor further pages."""
    if not isinstance(found, History):
        return parts.Timeline(found)
    if may_pin:
        for entry in (*found.pinned, *found.entries):
            is_said = entry.kind == "note" or bool(entry.body) or keeps_words(entry.code)  # not a carrier's scan
            if is_said and entry.id == f"event-{entry.rank}" and can_be_pinned(entry.code):
                entry.pin_id = entry.rank
    shown, before = request.GET.get("show", ""), moment_asked(request)
    kept = query_of(request)
    return parts.Timeline(
        found.entries,
        pinned=found.pinned,
        older_url=query_of(request, before=found.older.isoformat()) if found.older else "",
        newest_url=kept if before is not None else "",
        pin_url=f"{here}pin/{_state(request)}" if may_pin else "",
        url=here,
        find=words_asked(request),
        hidden=[("show", shown)] if shown else [],
    )


def _state(request: HttpRequest) -> str:
    asked = {name: value for name in STATE if (value := request.GET.get(name, ""))}
    return f"?{urlencode(asked)}" if asked else ""


def pin_entry(request: HttpRequest, obj: Any, here: str, *, is_customer: bool) -> HttpResponse:
    """Pin or unpin an entry of this record's timeline; 404 for an entry of another."""
    back = redirect(f"{here}{_state(request)}#timeline")
    if request.method != "POST":
        return back
    name = "unpin" if "unpin" in request.POST else "pin"
    key = request.POST.get(name, "")
    event = Event.objects.filter(pk=int(key)).first() if key.isascii() and key.isdigit() and len(key) < 19 else None
    if event is None or not _stands_on(event, obj, is_customer):
        raise Http404
    try:
        if name == "unpin":
            unpin_event(event.pk, actor=request.user)
            messages.success(request, _("No longer pinned."))
        else:
            pin_event(event.pk, actor=request.user)
            messages.success(request, _("Pinned: it stays on top of the timeline."))
    except Refused as refusal:
        if refusal.reason == "permission":
            raise PermissionDenied from refusal
        messages.error(request, refusal.message)
    return back


def _stands_on(event: Event, obj: Any, is_customer: bool) -> bool:
    """Whether the entry is about this record, or about something of this customer's."""
    if is_customer:
        return event.customer_id in (obj.pk, *(getattr(obj, "merged_ids", None) or ()))
    type_id = ContentType.objects.get_for_model(obj, for_concrete_model=False).pk
    return event.content_type_id == type_id and event.object_id == obj.pk
