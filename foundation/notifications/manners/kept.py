"""Rows that are asked for with every message: kept in the process, and within a transaction that changes settled rows too.

The shelf alone reads them anew for each message of such a transaction; here they are read once, until one of them changes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import models, transaction
from django.db.models.signals import post_delete, post_save

from foundation.ui import shelf

T = TypeVar("T")


class Kept(Generic[T]):
    """What `read()` answers. It is shared by all who ask: do not change it in place."""

    def __init__(self, read: Callable[[], T], *followed: type[models.Model]) -> None:
        self._shelf = shelf.Shelf(read)
        self._meanwhile: tuple[object, T] | None = None
        shelf.follow(*followed)
        for model in followed:
            for signal in (post_save, post_delete):
                signal.connect(self._forget, sender=model, dispatch_uid=f"kept-{model.__name__}-{id(self)}")

    def get(self) -> T:
        """The rows as they are now."""
        change = _open_change()
        if change is None:
            return self._shelf.get()
        if self._meanwhile is None or self._meanwhile[0] is not change:
            self._meanwhile = (change, self._shelf.get())
        return self._meanwhile[1]

    def _forget(self, **_signal: Any) -> None:
        self._meanwhile = None


def _open_change() -> object | None:
    """What stands for this transaction's change of settled rows, if there is one."""
    waiting = transaction.get_connection().run_on_commit
    return next((entry for entry in waiting if entry[1] is shelf.tell), None)
