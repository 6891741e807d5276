"""Colleagues to mention, and the way to a note that mentions me."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.mentions import active_names
from foundation.accounts.selectors import find_people, visible_people
from foundation.todos.models import Mention
from foundation.todos.selectors import names_of_records
from foundation.todos.services.mentions import read_mention

MOST = 8


@login_required
@require_safe
def colleagues(request: HttpRequest) -> JsonResponse:
    """Those whose name, address or team contains what was typed after the `@`: the name, and how to write it."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:60]
    people = visible_people(request.user).prefetch_related(None).filter(is_active=True)
    rows = list((find_people(people, text) if text else people).order_by("name", "pk")[:MOST])
    names = active_names() if rows else None
    found = [
        {
            "name": str(row),
            "detail": " · ".join(part for part in (row.position, str(row.team or "")) if part),
            "insert": names.way_to_write(row.pk) if names else "",
        }
        for row in rows
    ]
    return JsonResponse({"people": found})


@login_required
@require_POST
def open_mention(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one of my mentions as read and go to its note."""
    mention = get_object_or_404(Mention, pk=min(pk, 2**63 - 1), user=request.user)
    read_mention(request.user, mention.pk)
    record = names_of_records([mention]).get((mention.content_type_id, mention.object_id))
    return redirect(f"{record.url}#event-{mention.event_id}" if record and record.url else "home")
