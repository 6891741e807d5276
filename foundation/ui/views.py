"""Pages and answers of the shell itself."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation.ui.accent import accent_css, normal
from foundation.ui.context import Shell
from foundation.ui.nav import areas_for
from foundation.ui.shortcuts import Shortcut, shortcuts


@login_not_required
@require_safe
@never_cache
def tick(request: HttpRequest) -> HttpResponse:
    """Counters of the rail and unread notices, asked by open pages each minute."""
    if not request.user.is_authenticated:
        return JsonResponse({"signed_out": True})
    counts = {area["code"]: [area["count"], area["late"]] for area in areas_for(request.user)}
    return JsonResponse({"counts": counts, "unread": Shell(request).unread or 0})


@login_not_required
@require_safe
def accent(request: HttpRequest, color: str) -> HttpResponse:
    """Tokens for one accent colour; the address says all, so it may be kept for good."""
    known = normal(color)
    if not known:
        raise Http404
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return HttpResponse(accent_css(known), content_type="text/css", headers=headers)


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Whom to ask, and which keys there are."""
    groups: dict[str, list[Shortcut]] = {}
    for shortcut in shortcuts(request.user):
        groups.setdefault(str(cast(object, shortcut.group)), []).append(shortcut)
    return render(request, "ui/help.html", {"groups": groups})
