"""How somebody stands with a course, in a word with its mark."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from foundation.knowledge.plan import DONE, DUE, EXPIRING, OVERDUE, Line
from foundation.ui import formats, html

STATES = {DONE: "done", EXPIRING: "soon", DUE: "plain", OVERDUE: "late"}


def state_words() -> dict[str, str]:
    """What the states are called."""
    return {
        DONE: pgettext("training", "passed"),
        EXPIRING: pgettext("training", "expires soon"),
        DUE: pgettext("training", "to be done"),
        OVERDUE: pgettext("training", "overdue"),
    }


def state_badge(line: Line) -> object:
    """How somebody stands, with the day that counts."""
    badge = html.badge(state_words()[line.state], STATES[line.state], quiet=line.state == DUE)
    if line.due_on is None:
        return badge
    words = _("until %(day)s") if line.is_passed or line.state == DUE else _("since %(day)s")
    return html.two_lines(badge, words % {"day": formats.day(line.due_on)})
