"""What people may do, remembered by each process until somebody's rights change.

All processes agree on a stamp in the cache; whoever changes rights renews it once the change is committed. While the
cache server is away, rights are read from the database each time.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db import transaction

from foundation.ui import shelf, together

MOST_KEPT = 2000
SECONDS = 300  # how long a change may go unnoticed that was made by hand, or while the cache server was away
_known: OrderedDict[int, tuple[str, float, set[str]]] = OrderedDict()


together.bring_along(shelf.STAMP)


def remembered(user_id: int, read: Callable[[], set[str]]) -> set[str]:
    """The rights of this person: as this process knows them, or as `read()` finds them."""
    if transaction.get_connection().in_atomic_block:
        return read()  # it may have changed rights itself, and may yet be rolled back
    together.fetch(user_id)
    stamp = shelf.stamp()  # before reading: a change that is committed meanwhile has another stamp
    if stamp is None:
        return read()
    found = _known.get(user_id)
    if found is not None and found[0] == stamp and time.monotonic() - found[1] < SECONDS:
        with suppress(KeyError):  # another thread has forgotten it meanwhile
            _known.move_to_end(user_id)
        return found[2]
    rights = read()
    _known[user_id] = (stamp, time.monotonic(), rights)
    while len(_known) > MOST_KEPT:
        _known.popitem(last=False)
    return rights


def forget(**_signal: Any) -> None:
    """Read rights again: in this process now, in all others once the change is committed."""
    _known.clear()
    transaction.on_commit(_tell)


def _tell() -> None:
    _known.clear()
    shelf.tell()
