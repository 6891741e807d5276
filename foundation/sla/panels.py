"""What the clocks show on pages that belong to others."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from foundation.sla.badges import joined, script
from foundation.sla.selectors.clocks import badges_of, breaching_soon, day_wishes, promises_of, promises_to, wishes
from foundation.sla.selectors.holders import departments_of
from foundation.ui import parts
from foundation.ui.addresses import may_open
from foundation.ui.ahead import register_wishes
from foundation.ui.escape import esc
from foundation.ui.html import link
from foundation.ui.nav import register_area, register_link
from foundation.ui.panels import register_panel
from foundation.ui.shortcuts import register_shortcut


def record_badges(subject: Any = None, **_context: Any) -> SafeString:
    """`record.badges`: how the record does against its promises."""
    return joined(badges_of(subject)) if subject is not None else SafeString("")


def record_departments(subject: Any = None, **_context: Any) -> parts.Section | None:
    """`record.main`: how long each department had a case that travelled."""
    table = departments_of(subject) if subject is not None else None
    if table is None:
        return None
    return parts.Section(_t("In whose hands"), render_to_string("sla/_holding.html", {"table": table}), "holders")


def record_promises(subject: Any = None, request: Any = None, **_context: Any) -> parts.Section | None:
    """`record.main`: on a customer's page, what is promised to them and still open."""
    found = promises_to(subject) if getattr(subject, "stands_for_all", False) else []
    if not found:
        return None
    for one in found:
        if request is not None and not may_open(request.user, one["url"]):
            one["url"] = ""
    return parts.Section(_t("Promises"), _drawn(found), "promises")


def _drawn(promises: list[dict[str, Any]]) -> SafeString:
    """As `components/promises.html` shows them, without anything to do."""
    items = "".join(
        [
            f'<li><span class="promise-clock">{one["badge"]}</span><span class="promise-what">'
            f'{link(one["title"], one["url"])}<span class="sub">{esc(one["sub"])}</span></span></li>'
            for one in promises
        ]
    )
    return mark_safe(f'<ul class="promises">{items}</ul>')


def day_promises(request: Any = None, **_context: Any) -> list[dict[str, Any]]:
    """`day.promises`: mine, soonest first."""
    return promises_of(request.user) if request is not None else []


def day_script(request: Any = None, **_context: Any) -> SafeString:
    """`day.main`: what keeps the badges counting; shows nothing itself."""
    return script()


def register() -> None:
    """Put the panels in their places."""
    register_panel("record.badges", record_badges, order=10)
    register_panel("record.main", record_departments, order=900)
    register_panel("record.main", record_promises, order=5)
    register_panel("day.promises", day_promises, order=10)
    register_wishes("day", day_wishes)
    register_wishes("customer", wishes)
    register_panel("day.main", day_script, order=999)
    register_link("promises", "sla:targets")
    # The rail says how many promises run out soon.
    register_area("day", _("My day"), "home", "home", 0, counter=breaching_soon, also=("/deadlines/",))
    register_link("deadlines", "sla:deadlines")
    register_link("board", "sla:board")
    register_shortcut("g d", "go:/deadlines/", _("Go to my deadlines"))
    register_shortcut("g b", "go:/deadlines/board/", _("Go to the team board"), permission="sla.view_clock")
