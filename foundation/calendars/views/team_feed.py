"""The feed of a team: the page where somebody who leads makes or closes its address, and the feed itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts import feeds
from foundation.accounts.feed_views import PRIVATE, shown_already
from foundation.accounts.letters import absolute
from foundation.calendars.diary.team_feed import PURPOSE, calendar_of_team, may_have
from foundation.ui import parts
from foundation.ui.addresses import page_url
from foundation.ui.submissions import is_repeated


def _leader(request: HttpRequest) -> Any:
    if not may_have(request.user):
        raise PermissionDenied
    return request.user


@login_required
def team_feed(request: HttpRequest) -> HttpResponse:
    """Whether there is an address; with POST, a new one, shown this once."""
    user = _leader(request)
    address = ""
    if request.method == "POST":
        if is_repeated(request):
            return shown_already(request, "calendars:team-feed")
        address = absolute(reverse("calendars:team-feed-file", args=[feeds.open_feed(user, PURPOSE)]))
    context = {
        "title": _("Calendar feed of the team"),
        "address": address,
        "since": feeds.open_since(user, PURPOSE),
        "crumbs": [parts.Crumb(pgettext("diary", "Calendar"), page_url("calendars:diary"))],
    }
    response = render(request, "calendars/diary/team_feed.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@login_required
def close(request: HttpRequest) -> HttpResponse:
    """Close the address at once."""
    if feeds.close_feed(_leader(request), PURPOSE):
        messages.success(request, _("The address is closed. Calendars that use it show nothing new."))
    return redirect("calendars:team-feed")


@login_not_required
@require_safe
def team_feed_file(request: HttpRequest, raw: str) -> HttpResponse:
    """The calendar behind a private address. Unknown, revoked, left, and not leading any more are one answer."""
    user = feeds.reader_of(raw, PURPOSE)
    if user is None or not may_have(user):
        return HttpResponse("Not found\n", status=404, content_type="text/plain; charset=utf-8", headers=PRIVATE)
    return HttpResponse(calendar_of_team(user), content_type="text/calendar; charset=utf-8", headers=PRIVATE)
