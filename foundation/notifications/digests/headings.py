"""What stands above several news of one kind, in digests and in the inbox."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from foundation.notifications.rule_words import event_wording

_headings: dict[str, Any] = {}


def register_heading(code: str, label: Any) -> None:
    """Call many events of this code by a lazy text."""
    _headings[code] = label


def heading(code: str) -> str:
    """The heading of an event's code: as registered, else its own wording without what a single event fills in."""
    if code in _headings:
        return str(_headings[code])
    wording = event_wording(code, gap="").strip(" :,.…“”„「」«»") if code else ""
    return wording[:1].upper() + wording[1:] or _("Other news")
