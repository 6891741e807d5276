"""Who is told, inside the same transaction, that something happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from foundation.journal.models import Event

Subscriber = Callable[["Event", Any], None]
_subscribers: dict[str, tuple[int, Subscriber]] = {}


def subscribe(fn: Subscriber, *, name: str, order: int) -> None:
    """Call `fn(event, subject)` for every live event. Lower `order` runs first; a second call with `name` replaces the first.

    Imported history is never announced. A subscriber reads stored data only and contains the failures of
    administrators' rules by a savepoint of its own.
    """
    _subscribers[name] = (order, fn)


def announce(event: Event, subject: Any) -> None:
    """Tell every subscriber, in the fixed order."""
    for _order, fn in sorted(_subscribers.values(), key=lambda pair: pair[0]):
        fn(event, subject)
