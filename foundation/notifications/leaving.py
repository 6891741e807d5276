"""Who is told, in the transaction that marks it as sent, that a message has left."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import transaction

from foundation.notifications.models import Message

log = logging.getLogger(__name__)
_listeners: dict[str, Callable[[Message], None]] = {}


def register_leaving(name: str, fn: Callable[[Message], None]) -> None:
    """Call `fn(message)` when a message has left."""
    _listeners[name] = fn


def tell(message: Message) -> None:
    """Tell all. A failure is logged and undone by itself: the message is out and must be marked as sent, or it goes twice."""
    for name, fn in _listeners.items():
        try:
            with transaction.atomic():
                fn(message)
        except Exception:
            log.exception("%s failed over message %s, which has left", name, message.pk)
