"""The search box, the command palette and the first page of the day."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.lists.pages.record import page_of
from foundation.lists.search import find
from foundation.ui import formats, parts
from foundation.ui.ahead import ask_together, gathered
from foundation.ui.nav import new_items_for
from foundation.ui.panels import panels_for

MOST_TYPED = 200
logger = logging.getLogger(__name__)


def _typed(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:MOST_TYPED]


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Results of the search box, grouped by kind."""
    text = _typed(request)
    groups = find(request.user, text, limit=10) if text else []
    return render(request, "lists/search.html", {"q": text, "groups": groups})


@login_required
@require_safe
def palette(request: HttpRequest) -> JsonResponse:
    """What Ctrl+K offers besides pages: the next steps of the open record, and records that match."""
    text = _typed(request)
    groups = [*_steps(request, text)]
    for group, hits in find(request.user, text, limit=5):
        items = [{"label": hit.title, "detail": hit.subtitle, "url": hit.url, "icon": group.icon} for hit in hits]
        groups.append({"label": str(group.label), "items": items})
    return JsonResponse({"groups": groups})


def _steps(request: HttpRequest, text: str) -> list[dict[str, Any]]:
    """The transitions that this person may perform on the record `?record=crm.customer:12`."""
    label, _colon, pk = request.GET.get("record", "").partition(":")
    page = page_of(label)
    if page is None or not (pk.isascii() and pk.isdigit()) or len(pk) > 18:
        return []
    try:
        obj = page.get_object(request, int(pk))
    except Http404:
        return []
    buttons, _blocked = page.buttons(obj, request.user)
    every = [*([buttons.primary] if buttons.primary else []), *buttons.secondary, *buttons.danger]
    items = [
        {"label": str(one.label), "detail": str(obj), "url": one.url, "icon": "arrow-right", "method": one.method}
        for one in every
        if text.casefold() in str(one.label).casefold() and not one.confirm
    ]
    return [{"label": _("Next steps"), "items": items}] if items else []


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """My day: figures and promises first, then what the rooms have to say."""
    ask_together(gathered("day", request.user))
    promises = [promise for group in panels_for("day.promises", request=request) for promise in group]
    promises.sort(key=_moment)
    figures = [figure for group in panels_for("day.figures", request=request) for figure in group]
    today = [entry for group in panels_for("day.today", request=request) for entry in group]
    today.sort(key=lambda entry: entry.when)
    new = new_items_for(request.user)[:2]
    context = {
        "title": _greeting(request),
        "lead": formats.day(timezone.localdate()),
        "figures": figures,
        "promises": promises,
        "today": today,
        "parts": panels_for("day.main", request=request),
        "actions": parts.Actions.sorted_from(
            [
                parts.Action(item["label"], item["url"], "plus", "primary" if i == 0 else "secondary")
                for i, item in enumerate(new)
            ]
        ),
    }
    return render(request, "ui/day.html", context)


def _moment(promise: dict[str, Any]) -> tuple[bool, float]:
    """The soonest first, whichever room it comes from; those without a time keep their order at the end."""
    when = promise.get("when")
    return (when is None, when.timestamp() if when is not None else 0.0)


def _greeting(request: HttpRequest) -> str:
    hour = timezone.localtime().hour
    name = {"name": str(request.user)}
    if hour < 12:
        return _("Good morning, %(name)s") % name
    if hour < 18:
        return _("Good afternoon, %(name)s") % name
    return _("Good evening, %(name)s") % name
