"""What incoming mail shows on pages that belong to others: the first page, the rail, and the lists beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.mailroom.selectors import waiting_for, waiting_wish
from foundation.ui import formats, html, parts
from foundation.ui.ahead import Wish, register_wishes
from foundation.ui.nav import register_below, register_counter
from foundation.ui.panels import register_panel

VIEW, SORT = "mailroom.view_incomingmail", "mailroom.sort_incomingmail"
AREA = "inquiries"  # what no record claims becomes an inquiry; whoever answers those sorts the mail


def waiting_panel(*, request: Any, **_context: Any) -> parts.Section | None:
    """On the first page: mails that somebody must sort, while there are any."""
    count = waiting_count(request.user)
    if not count:
        return None
    text = ngettext("%(count)s mail waits to be sorted.", "%(count)s mails wait to be sorted.", count)
    return parts.Section(
        _("Incoming mail"),
        html.badge(text % {"count": formats.number(count)}, "soon"),
        "waiting-mail",
        parts.Action(_("Sort them"), reverse("mailroom:mails")),
    )


def wishes(user: Any) -> Iterator[Wish]:
    """What `waiting_panel` is about to ask."""
    if user.has_perm(SORT):
        yield waiting_wish(user)


def waiting_count(user: Any) -> int:
    """How many mails this person may sort, for the rail; none for people who only read. At most one query."""
    return waiting_for(user) if user.has_perm(SORT) else 0


def list_action(user: Any) -> list[parts.Action]:
    """The way to incoming mail from a list of another room, for those who may read it."""
    return [parts.Action(_("Incoming mail"), reverse("mailroom:mails"), "envelope")] if user.has_perm(VIEW) else []


def register() -> None:
    """Put everything in its place."""
    register_panel("day.main", waiting_panel, order=290)
    register_wishes("day", wishes)
    register_below(AREA, "/mail/")
    register_counter(AREA, waiting_count)
