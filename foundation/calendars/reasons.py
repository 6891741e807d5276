"""What the engine says when a calendar is wrong, in the reader's language; the engine itself needs no Django."""

from __future__ import annotations

from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_noop

from foundation.calendars.engine import CalendarError

REASONS = [
    gettext_noop("unknown time zone %(value)r"),
    gettext_noop("%(date)s is both closed and special"),
    gettext_noop("%(date)s lies in two closures"),
    gettext_noop("%(where)s: a span must end after it begins, within the day"),
    gettext_noop("%(where)s: spans overlap"),
    gettext_noop("%(value)r is no time of the day"),
    gettext_noop("%(value)r is no date"),
    gettext_noop("the last day must follow the first, within 400 days"),
    gettext_noop("no working time within 400 days"),
]


def explain(error: CalendarError, *, within: bool = False) -> str:
    """The reason in the active language; `within` a sentence it begins small."""
    said = gettext(error.message) % error.params if error.params else gettext(error.message)
    return said if within else capfirst(said)
