"""Who is told, inside the same transaction, that something happened."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from foundation.journal.models import Event

Subscriber = Callable[["Event", Any], None]


@dataclass(frozen=True)
class Beside:
    """What a subscriber has written in the very statement that records a round, instead of hearing of each event.

    `insert` reads `told`, the round's events by event_id and code, and `{codes}`, the codes that the subscriber wants:
    `INSERT INTO … SELECT event_id FROM told WHERE code = ANY({codes})`. `after` is called once, when it is done.
    """

    insert: str
    after: Callable[[], None]


class _Entry(NamedTuple):
    name: str
    order: int
    fn: Subscriber
    beside: Beside | None
    wants: Callable[[str], bool] | None


_subscribers: dict[str, _Entry] = {}


def subscribe(
    fn: Subscriber,
    *,
    name: str,
    order: int,
    beside: Beside | None = None,
    wants: Callable[[str], bool] | None = None,
) -> None:
    """Call `fn(event, subject)` for every live event. Lower `order` runs first; a second call with `name` replaces the first.

    Of the hundreds of events that a round of the system records at once, a subscriber hears only those whose code it
    `wants`, or has its own rows written `beside` them. Imported history is never announced. A subscriber reads stored
    data only and contains the failures of administrators' rules by a savepoint of its own.
    """
    _subscribers[name] = _Entry(name, order, fn, beside, wants)


def announce(event: Event, subject: Any) -> None:
    """Tell every subscriber, in the fixed order."""
    for entry in _in_order():
        entry.fn(event, subject)


class Round:
    """Who wants to know of a round that may record events of these codes."""

    def __init__(self, codes: Collection[str]) -> None:
        wanted = (
            (entry, [code for code in codes if entry.wants is None or entry.wants(code)]) for entry in _in_order()
        )
        self._wanted = [(entry, found) for entry, found in wanted if found]

    def inserts(self) -> dict[str, tuple[str, list[str]]]:
        """The statements to be written beside the events, each with its codes, by the name of the subscriber."""
        return {entry.name: (entry.beside.insert, codes) for entry, codes in self._wanted if entry.beside is not None}

    @property
    def listens(self) -> bool:
        """Whether somebody has to hear of each event by itself."""
        return any(entry.beside is None for entry, _codes in self._wanted)

    def announce(self, told: Sequence[tuple[Event, Any]]) -> None:
        """Tell each listener of each event, and whoever wrote beside them that it is done.

        A record that is gone is None, and its event is passed over.
        """
        for entry, codes in self._wanted:
            if entry.beside is not None:
                entry.beside.after()
                continue
            for event, subject in told:
                if event.code in codes and subject is not None:
                    entry.fn(event, subject)


def _in_order() -> list[_Entry]:
    return sorted(_subscribers.values(), key=lambda entry: entry.order)
