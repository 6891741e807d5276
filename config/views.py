"""The health of the house: a few bytes for machines, a page for administrators."""

from __future__ import annotations

import contextlib
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config import watching
from config.health import answers, examine
from foundation.accounts.selectors import is_administrator
from foundation.ui import formats, html
from foundation.ui.table import Head, Row, render_rows


@require_safe
@never_cache
@login_not_required
def health(request: HttpRequest) -> JsonResponse:
    """200 while web, database and Redis answer; 503 otherwise.

    A silent clockwork (beat or worker) is told but is no reason to take the web server out of service. `?strict` asks
    everything that the administrators' page shows and is 503 while anything is red.
    """
    with contextlib.suppress(Exception):  # the answer does not hang on whether administrators can be told
        watching.look()
    if "strict" not in request.GET:
        found = answers()
        return JsonResponse(found, status=200 if found["database"] and found["redis"] else 503)
    with override("en"):
        findings = examine()
    well = all(one.well for one in findings)
    checks = {one.code: {"well": one.well, "text": one.text} for one in findings}
    return JsonResponse({"well": well, "checks": checks}, status=200 if well else 503)


@require_safe
@never_cache
def system(request: HttpRequest) -> HttpResponse:
    """The same for people, in their language; administrators only."""
    user: Any = request.user
    if not is_administrator(user):
        raise PermissionDenied
    findings = examine()
    with contextlib.suppress(Exception):
        watching.tell(findings)
    heads = [Head(_("Part"), "title"), Head(_("State"), "end"), Head(_("What it says"), "fact")]
    rows = [Row([one.label, _state(one.well), one.text], state="" if one.well else "late") for one in findings]
    bad = [one.label for one in findings if not one.well]
    context = {
        "title": _("Health of the system"),
        "lead": _("Not well: %(parts)s") % {"parts": ", ".join(bad)} if bad else _("Everything is well."),
        "is_well": not bad,
        "heads": heads,
        "rows": render_rows(heads, rows),
        "at": formats.clock_time(timezone.now()),
    }
    return render(request, "config/system.html", context, status=503 if bad else 200)


def _state(well: bool) -> Any:
    return html.badge(_("Well"), "in-time", quiet=True) if well else html.badge(_("Not well"), "late")
