"""The search box and the command palette."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.lists.search import find
from foundation.ui.nav import areas_for, new_items_for

MOST_TYPED = 200


def _typed(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:MOST_TYPED]


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Results of the search box, grouped by kind."""
    text = _typed(request)
    return render(
        request, "lists/search.html", {"q": text, "groups": find(request.user, text, limit=10) if text else []}
    )


@login_required
@require_safe
def palette(request: HttpRequest) -> JsonResponse:
    """What Ctrl+K offers: pages, things to make, and records that match."""
    text = _typed(request)
    words = text.casefold()
    pages = [
        {"label": str(area["label"]), "url": area["url"], "icon": area["icon"]}
        for area in [*areas_for(request.user, ""), *new_items_for(request.user)]
        if words in str(area["label"]).casefold()
    ]
    records = [
        {"label": hit.title, "note": hit.subtitle, "url": hit.url, "icon": group.icon, "group": str(group.label)}
        for group, hits in find(request.user, text, limit=5)
        for hit in hits
    ]
    return JsonResponse({"pages": pages[:8], "records": records})
