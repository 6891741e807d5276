"""Whether what an event said still holds: asked again at the moment when people are told.

Between a warning and its message lie seconds, or a night without a worker. Whoever records such events registers here
what may have changed meanwhile; whoever tells people asks here. Neither knows the other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from django.db import models

# For each event, by its key, that is not worth telling any more: why, as a lazy text.
Check = Callable[[Sequence[Any]], dict[int, Any]]
_checks: dict[str, Check] = {}
# The same for what stays true and is settled all the same: it is told at once, but no more in a list of what is to be done.
_settling: dict[str, Check] = {}
_listeners: dict[str, Callable[[list[int]], None]] = {}
# What these events say is the business of whoever has their record when it is told.
_of_hands: set[str] = set()
_passers: dict[str, Callable[[list[int]], None]] = {}


def register_check(code: str, check: Check) -> None:
    """`check(events)` reads stored data only and answers a lazy sentence for each event that holds no longer."""
    _checks[code] = check


def holds_while(
    codes: Sequence[str], model: type[models.Model], states: Collection[str], *, why: Any, field: str = "status"
) -> None:
    """What these events say is overtaken, for the reason `why` (a lazy sentence), once their record has left `states`.

    A record that is gone has left them, too. One query for all events of a code.
    """

    def check(events: Sequence[Any]) -> dict[int, Any]:
        ids = {event.object_id for event in events}
        holding = set(model._base_manager.filter(pk__in=ids, **{f"{field}__in": states}).values_list("pk", flat=True))
        return {event.pk: why for event in events if event.object_id not in holding}

    for code in codes:
        register_check(code, check)


def register_settled(code: str, check: Check) -> None:
    """As `register_check`, for events that stay true: once settled they are left out of digests."""
    _settling[code] = check


def over(events: Iterable[Any]) -> dict[int, Any]:
    """Of these events, by key, those that have been overtaken, and the sentence that says by what. A query a code at most."""
    return _asked(_checks, events)


def settled(events: Iterable[Any]) -> dict[int, Any]:
    """Those that have been overtaken, and those that are still true but that nobody has to do anything about any more."""
    events = list(events)
    return _asked(_settling, events) | _asked(_checks, events)


def _asked(checks: dict[str, Check], events: Iterable[Any]) -> dict[int, Any]:
    by_code: dict[str, list[Any]] = {}
    for event in events:
        if event.code in checks:
            by_code.setdefault(event.code, []).append(event)
    return {pk: why for code, some in by_code.items() for pk, why in checks[code](some).items()}


def on_withdrawal(name: str, listener: Callable[[list[int]], None]) -> None:
    """Have `listener(event_ids)` called when what these events said is settled; in the transaction that settles it."""
    _listeners[name] = listener


def withdraw(event_ids: Iterable[int]) -> None:
    """These events need nobody's attention any more: notices that nobody has read yet may go."""
    if ids := list(event_ids):
        for listener in _listeners.values():
            listener(ids)


def follow_hands(*codes: str) -> None:
    """What these events say is for whoever has their record when people are told, not for whoever had it when they happened."""
    _of_hands.update(codes)


def follows_hands(code: str) -> bool:
    """Whether news of this event go where their record goes."""
    return code in _of_hands


def on_passing(name: str, listener: Callable[[list[int]], None]) -> None:
    """Have `listener(event_ids)` called when the records of these events have changed hands; in the transaction of the change."""
    _passers[name] = listener


def pass_on(event_ids: Iterable[int]) -> None:
    """The records of these events have new owners: what nobody has heard yet is for them."""
    if ids := list(event_ids):
        for listener in _passers.values():
            listener(ids)
