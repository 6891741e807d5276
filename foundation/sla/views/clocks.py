"""The ledger of one clock."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.sla.badges import script
from foundation.sla.selectors.clocks import visible_clock
from foundation.sla.selectors.fairness import changes_of
from foundation.sla.selectors.holders import holding_of
from foundation.sla.selectors.ledger import ledger_of
from foundation.sla.views.by_hand import actions_of


@login_required
@require_safe
def clock(request: HttpRequest, pk: int) -> HttpResponse:
    """Why this time? Span by span."""
    found = visible_clock(request.user, pk)
    if found is None:
        raise Http404
    page = ledger_of(found)
    context = {
        "page": page,
        "script": script(),
        "actions": actions_of(request.user, found),
        "changes": changes_of(page.entries),
        "holding": holding_of(found, page.entries),
    }
    return render(request, "sla/clock.html", context)
