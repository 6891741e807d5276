"""Why clocks wait: the reasons that people choose from, and how a clock remembers which one it was.

An event that pauses a clock carries `pause_reason`, the code of a `PauseReason`; what was typed besides is personal and
lies in the event's private row. The clock keeps `event code:reason code`, so that a badge needs no further table.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from foundation.sla.models import PauseReason
from foundation.ui.shelf import Shelf, follow

FACT = "pause_reason"
COLLEAGUE = "colleague"  # the one reason that no customer is to blame for: nobody chooses it against them

# Which events of the stages are words of a customer to us, and which are ours to them.
_customers: set[str] = set()
_ours: set[str] = set()


def register_words(*, customer: Iterable[str], ours: Iterable[str]) -> None:
    """Let the list of pauses know who wrote last: codes of events in which the customer, or we, have said something."""
    _customers.update(customer)
    _ours.update(ours)


def customer_words() -> list[str]:
    """Events in which a customer has written."""
    return sorted(_customers)


def our_words() -> list[str]:
    """Events in which we have written to a customer."""
    return sorted(_ours)


def facts_of(code: str) -> dict[str, Any]:
    """The facts of an event that pauses a clock for this reason; empty for a reason that may not be chosen now."""
    found = _reasons.get().get(code)
    if found is None or not found.is_active:
        return {}
    return {FACT: code, "waits_for": {language: f"({name})" for language, name in found.names.items()}}


def mark(event: Any) -> str:
    """What a paused clock remembers of the event that paused it."""
    reason = event.facts.get(FACT)
    return f"{event.code}:{reason}" if reason else str(event.code)


def reason_label(code: str) -> str:
    """The reason in the active language; empty for none, or one that is gone."""
    found = _reasons.get().get(code) if code else None
    return found.label if found else ""


def reason_choices() -> list[tuple[str, str]]:
    """What a customer may owe us now, for forms; nothing is chosen beforehand."""
    found = [(one.code, one.label) for one in _reasons.get().values() if one.is_active and one.code != COLLEAGUE]
    return [("", _("Please choose")), *found]


def _read_reasons() -> dict[str, PauseReason]:
    return {one.code: one for one in PauseReason.objects.all()}


_reasons: Shelf[dict[str, PauseReason]] = Shelf(_read_reasons)
follow(PauseReason)
