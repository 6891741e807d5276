"""The warning on managers' and administrators' first page."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from foundation.calendars.public_days import is_known
from foundation.calendars.selectors import missing_years
from foundation.ui import html, parts
from foundation.ui.addresses import page_url
from foundation.ui.escape import esc
from foundation.ui.nav import register_area
from foundation.ui.panels import register_panel
from foundation.ui.shortcuts import register_shortcut

IN_CALENDAR = pgettext_lazy("keys", "In the calendar")


def missing_panel(*, request: Any, **_context: Any) -> parts.Section | None:
    """`day.main`: calendars whose next year is not confirmed, while there are any."""
    if not request.user.has_perm("calendars.change_calendar"):
        return None
    found = missing_years()
    if not found:
        return None
    lines = "".join(
        f"<li>{html.link(calendar.label, calendar.get_absolute_url())} {esc(missing_text(calendar, year))}</li>"
        for calendar, year in found
    )
    action = parts.Action(_("Working calendars"), page_url("calendars:calendars"))
    return parts.Section(
        _("Public holidays"), mark_safe(f'<ul class="plain-list">{lines}</ul>'), "missing-holidays", action
    )


def missing_text(calendar: Any, year: int) -> str:
    """What is missing, and whether it can be brought now."""
    if calendar.country and not is_known(calendar.country, year):
        text = _(
            "The official notice for %(year)s is not known yet. Update Kontor once it is out, or write the days down."
        )
        return text % {"year": year}
    return _("The public holidays of %(year)s are not confirmed.") % {"year": year}


def register() -> None:
    """Put the panel in its place, and the calendar of people into the shell."""
    register_panel("day.main", missing_panel, order=280)
    register_area("diary", pgettext_lazy("diary", "Calendar"), "calendar-days", "calendars:diary", 25)
    register_shortcut("g k", "go:/calendar/", _lazy("Go to the calendar"))
    for keys, action, label in (
        ("t", "today", _lazy("Today")),
        ("d", "view=day", pgettext_lazy("calendar", "Day")),
        ("w", "view=week", pgettext_lazy("calendar", "Week")),
        ("m", "view=month", pgettext_lazy("calendar", "Month")),
        ("arrowleft", "before", _lazy("Earlier days")),
        ("arrowright", "after", _lazy("Later days")),
    ):
        register_shortcut(keys, f"click:[data-diary-{action}]", label, IN_CALENDAR, place="[data-diary]")
