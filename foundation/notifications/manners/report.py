"""The page that says what was not sent lately, and why."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.notifications.selectors import held_back


@require_safe
@permission_required("notifications.view_message", raise_exception=True)
def suppressed(request: HttpRequest) -> HttpResponse:
    """Messages that good manners held back in the last thirty days, by reason and kind."""
    context = {"title": _("Not sent, by reason"), "rows": held_back(request.user)}
    return render(request, "notifications/held_back.html", context)
