"""Who is told, inside the same transaction, that something happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from foundation.journal.models import Event

Subscriber = Callable[["Event", Any], None]


class Told(NamedTuple):
    """One event of a round: its key and its code."""

    pk: int
    code: str


class _Entry(NamedTuple):
    order: int
    fn: Subscriber
    many: Callable[[Sequence[Told]], None] | None
    wants: Callable[[str], bool] | None


_subscribers: dict[str, _Entry] = {}


def subscribe(
    fn: Subscriber,
    *,
    name: str,
    order: int,
    many: Callable[[Sequence[Told]], None] | None = None,
    wants: Callable[[str], bool] | None = None,
) -> None:
    """Call `fn(event, subject)` for every live event. Lower `order` runs first; a second call with `name` replaces the first.

    Of the hundreds of events that a round of the system records at once, a subscriber hears only those whose code it
    `wants`, and all of them in one call of `many`, if it has one. Imported history is never announced. A subscriber reads
    stored data only and contains the failures of administrators' rules by a savepoint of its own.
    """
    _subscribers[name] = _Entry(order, fn, many, wants)


def announce(event: Event, subject: Any) -> None:
    """Tell every subscriber, in the fixed order."""
    for entry in _in_order():
        entry.fn(event, subject)


def announce_many(told: Sequence[Told], read: Callable[[], Sequence[tuple[Event, Any]]]) -> None:
    """Tell of a whole round; `read` answers its events with their records, and is asked only if somebody needs them.

    A record that is gone is None, and its event is passed over by whoever hears events one by one.
    """
    codes = {one.code for one in told}
    for entry in _in_order():
        heard = {code for code in codes if entry.wants is None or entry.wants(code)}
        wanted = [one for one in told if one.code in heard]
        if not wanted:
            continue
        if entry.many is not None:
            entry.many(wanted)
            continue
        keys = {one.pk for one in wanted}
        for event, subject in read():
            if event.pk in keys and subject is not None:
                entry.fn(event, subject)


def _in_order() -> Iterator[_Entry]:
    yield from sorted(_subscribers.values(), key=lambda entry: entry.order)
