"""Who is told, in the transaction that marks it as sent, that a message has left."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import transaction

from foundation.notifications.models import Message

log = logging.getLogger(__name__)
_listeners: dict[str, tuple[Callable[[Message], bool], Callable[[Message], None]]] = {}


def register_leaving(name: str, fn: Callable[[Message], None], *, wants: Callable[[Message], bool]) -> None:
    """Call `fn(message)` when a message has left that `wants(message)` says yes to, without asking the database."""
    _listeners[name] = (wants, fn)


def is_awaited(message: Message) -> bool:
    """Whether somebody is to be told; all others are marked by one statement."""
    return any(wants(message) for wants, _fn in _listeners.values())


def tell(message: Message) -> None:
    """Tell all. A failure is logged and undone by itself: the message is out and must be marked as sent, or it goes twice."""
    for name, (wants, fn) in _listeners.items():
        if not wants(message):
            continue
        try:
            with transaction.atomic():
                fn(message)
        except Exception:
            log.exception("%s failed over message %s, which has left", name, message.pk)
