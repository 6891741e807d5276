"""Which facts the events of a kind carry, learnt from those that happened: what a rule's condition can ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from foundation.journal.models import Event
from foundation.notifications import defaults, subjects

Scalar = str | int | float | bool | None
# Enough to meet every fact that matters, few enough to read at once.
LOOKED_AT = 300
MOST_VALUES = 12


def known_facts(code: str) -> dict[str, list[Scalar]]:
    """The facts of an event by name, each with values that were seen; empty while nothing is known of it."""
    found: dict[str, list[Scalar]] = {}
    for shipped in defaults.shipped_messages():
        if shipped.event == code:
            _add(found, shipped.condition)
    for model in subjects.models_for_event(code):
        newest = model._default_manager.order_by("-pk").first()
        _add(found, getattr(newest, "journal_facts", dict)() if newest is not None else {})
    for facts in Event.objects.filter(code=code).order_by("-pk").values_list("facts", flat=True)[:LOOKED_AT]:
        _add(found, facts)
    return dict(sorted(found.items()))


def _add(found: dict[str, list[Scalar]], facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        values = value if isinstance(value, list) else [value]
        if not all(isinstance(one, Scalar) for one in values):
            continue
        seen = found.setdefault(name, [])
        for one in values:
            # a record gives members of its choices, an event their plain words
            one = str(one) if isinstance(one, str) else one
            if len(seen) < MOST_VALUES and not any(_same(one, other) for other in seen):
                seen.append(one)


def _same(one: Scalar, other: Scalar) -> bool:
    return type(one) is type(other) and one == other


def read_values(text: str, seen: list[Scalar]) -> Scalar | list[Scalar]:
    """What somebody typed, as the events write it: “yes” where the fact is true or false, a number where it is a number."""
    values = [_read(part.strip(), seen) for part in text.split(",") if part.strip()]
    return values[0] if len(values) == 1 else values


def _read(text: str, seen: list[Scalar]) -> Scalar:
    kinds = {type(one) for one in seen if one is not None}
    if bool in kinds or not seen:
        words = {_("yes").casefold(): True, _("no").casefold(): False, "true": True, "false": False}
        if text.casefold() in words:
            return words[text.casefold()]
    if int in kinds and text.lstrip("-").isascii() and text.lstrip("-").isdigit() and len(text) < 16:
        return int(text)
    return text


def say_values(value: Any) -> str:
    """A condition's value for a text field, as `read_values` reads it."""
    values = value if isinstance(value, list) else [value]
    return ", ".join(say_value(one) for one in values)


def say_value(value: Any) -> str:
    """One value in words."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)
