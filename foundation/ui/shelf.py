"""Rows that administrators change now and then, read once by each process until somebody changes one.

All processes agree on one stamp in the cache server; it is looked at once for each request. Whoever changes such rows
calls `renew()` (or has `follow()` call it for a model): this transaction reads them from the database from then on, all
others do once it is committed. Without the cache server, everybody reads the database each time.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.core.cache import cache
from django.db import models, transaction
from django.db.models.signals import post_delete, post_save

from foundation.ui import once

T = TypeVar("T")
STAMP = "ui.shelf"
SECONDS = 30.0  # how long a change may go unnoticed that was made by hand, or while the cache server was away
log = logging.getLogger(__name__)


def stamp() -> str | None:
    """What all processes agree on; None while the cache server is away."""
    return once.once(STAMP, _stamp)


def _stamp() -> str | None:
    try:
        found: str | None = cache.get(STAMP)
        if found is None:
            cache.add(STAMP, secrets.token_hex(8), None)
            found = cache.get(STAMP)
        return found
    except Exception:
        log.warning("The cache is away: settled rows are read from the database each time")
        return None


class _Telling:
    """Tells of a change to one model (None: of any) once it is committed; until then it says what this transaction has changed."""

    def __init__(self, model: type[models.Model] | None) -> None:
        self.model = model

    def __call__(self) -> None:
        tell()


def renew(sender: type[models.Model] | None = None, **_signal: Any) -> None:
    """Have everybody read again, once this transaction is committed."""
    if not any(one.model is sender for one in _changing()):
        transaction.on_commit(_Telling(sender))


def follow(*changed: type[models.Model]) -> None:
    """Renew whenever a row of these models is saved or deleted."""
    for model in changed:
        for signal in (post_save, post_delete):
            signal.connect(renew, sender=model, dispatch_uid=f"shelf-{model.__name__}")


def _changing() -> list[_Telling]:
    """What this transaction has changed and may yet roll back."""
    return [entry[1] for entry in transaction.get_connection().run_on_commit if isinstance(entry[1], _Telling)]


def tell() -> None:
    """The change is committed: a new stamp."""
    once.forget(STAMP)
    try:
        cache.set(STAMP, secrets.token_hex(8), None)
    except Exception:
        log.warning("The cache is away: other processes notice the change within %d seconds", SECONDS)


class Shelf(Generic[T]):
    """What `read()` answers, kept. It is shared by all who ask: do not change it in place.

    `of` names the only models that it reads; changes of others within the transaction then let it rest.
    """

    def __init__(self, read: Callable[[], T], *, of: Sequence[type[models.Model]] = ()) -> None:
        self._read = read
        self._of = (None, *of) if of else ()
        self._kept: tuple[str, float, T] | None = None

    def get(self) -> T:
        """The rows as they are now."""
        if any(not self._of or one.model in self._of for one in _changing()):
            return self._read()
        agreed = stamp()  # before reading: a change that is committed meanwhile has another stamp
        if agreed is None:
            return self._read()
        kept = self._kept
        if kept is not None and kept[0] == agreed and time.monotonic() - kept[1] < SECONDS:
            return kept[2]
        found = self._read()
        self._kept = (agreed, time.monotonic(), found)
        return found

    def put(self, value: T) -> None:
        """What there is to read is known already."""
        agreed = stamp()
        self._kept = (agreed, time.monotonic(), value) if agreed is not None else None
