"""The calendar feed: the page where a person makes or closes its address, and the feed itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts import feeds
from foundation.accounts.letters import absolute
from foundation.ui import formats, parts
from foundation.ui.submissions import is_repeated

ALARMS = (10, 30, 60, 120, 1440)  # minutes before
# Nobody keeps it, nobody is told where it came from, nobody finds it.
PRIVATE = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}


def feed(request: HttpRequest) -> HttpResponse:
    """Whether I have an address; with POST, a new one, shown this once."""
    user: Any = request.user
    address = ""
    if request.method == "POST":
        if is_repeated(request):
            return shown_already(request, "accounts:feed")
        address = absolute(reverse("accounts:feed-file", args=[feeds.open_feed(user)])) + _chosen(request)
    context = {
        "title": _("Calendar feed"),
        "address": address,
        "since": feeds.open_since(user),
        "kinds": feeds.kinds(),
        "alarms": [(minutes, formats.span(minutes * 60)) for minutes in ALARMS],
        "crumbs": [parts.Crumb(_("Profile"), reverse("accounts:profile"))],
    }
    response = render(request, "accounts/feed.html", context)
    response["Cache-Control"] = "no-store"
    return response


def shown_already(request: HttpRequest, route: str) -> HttpResponse:
    """A page that showed an address was loaded again: the address stays as it is, and stays unsaid."""
    messages.info(
        request, _("The address was made, and is not shown again. If you have not copied it, make a new one.")
    )
    return redirect(route)


def _chosen(request: HttpRequest) -> str:
    """What was ticked and chosen, as the address says it: the kinds unless all or none were, and the reminder."""
    known = [name for name, _label in feeds.kinds()]
    ticked = [name for name in known if name in request.POST.getlist("kinds")]
    asked = [f"kinds={','.join(ticked)}"] if 0 < len(ticked) < len(known) else []
    if (alarm := request.POST.get("alarm", "")) in [str(minutes) for minutes in ALARMS]:
        asked.append(f"alarm={alarm}")
    return f"?{'&'.join(asked)}" if asked else ""


@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Close the address at once."""
    user: Any = request.user
    if feeds.close_feed(user):
        messages.success(request, _("The address is closed. Calendars that use it show nothing new."))
    return redirect("accounts:feed")


@login_not_required
@require_safe
def feed_file(request: HttpRequest, raw: str) -> HttpResponse:
    """The calendar behind a private address. Unknown, revoked and those who have left are one answer."""
    user = feeds.reader_of(raw)
    if user is None:
        return HttpResponse("Not found\n", status=404, content_type="text/plain; charset=utf-8", headers=PRIVATE)
    asked = request.GET.get("alarm", "")
    alarm = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 0
    only = request.GET.get("kinds", "")[:200].split(",")
    text = feeds.calendar_of(user, alarm=alarm, only=only)
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=PRIVATE)
