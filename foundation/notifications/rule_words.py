"""A rule in one sentence, and the events and facts that rules speak of in words."""

from __future__ import annotations

import re
from datetime import timedelta

from django.utils.translation import gettext as _

from foundation.accounts.audiences import channel_choices, get_audience
from foundation.journal import registry
from foundation.notifications.models import Rule
from foundation.ui import formats

_MANY = re.compile(r"…( …)+")
_AT_THE_END = re.compile(r"\s*[:：]\s*…?\s*$")


def event_wording(code: str, gap: str = "…") -> str:
    """What happens, in words: its sentence with a gap for what a single event fills in, none at its end."""
    try:
        wording = registry.get_type(code).outline(gap)
    except LookupError:
        return code
    return _AT_THE_END.sub("", _MANY.sub("…", wording)).strip(" :,.") or code


def event_choices() -> list[tuple[str, str]]:
    """Code and wording of everything that can happen, by wording."""
    return sorted(
        ((one.code, f"{event_wording(one.code)} ({one.code})") for one in registry.all_types()), key=lambda c: c[1]
    )


def said_of(rule: Rule) -> str:
    """When, to whom and how, in one sentence."""
    audience = get_audience(rule.audience)
    names = dict(channel_choices())
    ways = [str(names.get(str(code), code)) for code in rule.channels] if isinstance(rule.channels, list) else []
    values = {
        "event": event_wording(rule.event),
        "audience": audience.label if audience else rule.audience,
        "channels": (" + " if rule.every_channel else " → ").join(ways),
    }
    said = _("%(event)s → %(audience)s (%(channels)s)") % values
    if rule.delay > timedelta(0):
        said += ", " + _("after %(span)s") % {"span": formats.span(rule.delay.total_seconds())}
    if not rule.is_active:
        said += " · " + _("switched off")
    return said
