"""A rule in one sentence, and the events and facts that rules speak of in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from foundation.accounts.audiences import channel_choices, get_audience
from foundation.journal import registry
from foundation.notifications.models import Rule
from foundation.ui import formats


def event_wording(code: str) -> str:
    """What happens, in words: its sentence without what a single event fills in."""
    try:
        wording = registry.get_type(code).say(_Places(), None)
    except LookupError:
        return code
    return wording.strip(" :,.") or code


class _Places(dict[str, Any]):
    """Facts of no event in particular."""

    def __getitem__(self, key: str) -> Any:
        return "…"


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
