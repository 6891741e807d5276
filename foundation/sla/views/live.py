"""Pages that stay open all day: asked each minute, they answer in a few bytes while nothing has changed."""

from __future__ import annotations

import hashlib
import json

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from foundation.ui import formats


def tag_of(*what: object) -> str:
    """An ETag for what a page is about to show, in the reader's language."""
    return f'W/"{hashlib.sha256(repr((get_language(), what)).encode()).hexdigest()[:24]}"'


class Unchanged(Exception):
    """The reader has exactly this already: nothing more needs to be read or drawn."""

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        self.tag = tag

    def answer(self) -> HttpResponse:
        """304."""
        return HttpResponse(status=304, headers={"ETag": self.tag})


def stop_if_unchanged(request: HttpRequest, tag: str) -> None:
    """Raises Unchanged for an open page that asks again and is up to date."""
    if request.headers.get("X-Live") and request.headers.get("If-None-Match") == tag:
        raise Unchanged(tag)


def frame(tag: str, target: str) -> SafeString:
    """What the page needs once, above the part that renews itself: since when it stands, and what scripts say."""
    words = {
        "asOf": _("As of {time}"),
        "new": [ngettext("%(count)s new", "%(count)s new", n) for n in (1, 2)],
        "offline": _("No connection since {time}. What you see may be out of date."),
        "signedOut": _("You have been signed out. What you see is as of {time}."),
        "signIn": _("Sign in"),
    }
    now = timezone.now()
    return format_html(
        '<div class="live" id="live" data-live="{}" data-tag="{}" data-zone="{}" data-words="{}"><span class="live-at muted">{}</span>'
        '<span class="live-news" role="status" aria-live="polite"></span>'
        '<span class="live-trouble" role="alert"></span></div>'
        '<script type="module" src="{}"></script>',
        target,
        tag,
        timezone.get_current_timezone_name(),
        json.dumps(words, ensure_ascii=False),
        _("As of {time}").format(time=formats.clock_time(now)),
        static("sla/live.js"),
    )
