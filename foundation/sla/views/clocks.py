"""The ledger of one clock."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.sla.badges import script
from foundation.sla.selectors.clocks import visible_clock
from foundation.sla.selectors.ledger import ledger_of


@login_required
@require_safe
def clock(request: HttpRequest, pk: int) -> HttpResponse:
    """Why this time? Span by span."""
    found = visible_clock(request.user, pk)
    if found is None:
        raise Http404
    return render(request, "sla/clock.html", {"page": ledger_of(found), "script": script()})
