"""Small values that every page of a signed-in person reads from the cache, fetched together: each look alone is a way to the server."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.cache import cache

from foundation.ui.once import in_request, once

log = logging.getLogger(__name__)
_keys: dict[str, Callable[[int], str]] = {}
_shared: set[str] = set()


def read_along(name: str, key_of: Callable[[int], str]) -> None:
    """Have the value under `key_of(user_id)` fetched with the others, once for each request."""
    _keys[name] = key_of


def bring_along(key: str) -> None:
    """Fetch what everybody shares under this key as well, so that `once(key, …)` knows it already."""
    _keys[key] = lambda user_id: key
    _shared.add(key)


def read(name: str, user_id: int) -> Any:
    """The value of that name for this person as the request first found it; None if the cache has none."""
    found = once(f"ui:together:{user_id}", lambda: _read(user_id))
    return found.get(_keys[name](user_id))


def fetch(user_id: int) -> None:
    """Fetch all now, for whoever is the first in a request to need one of them; nothing while the cache is away."""
    if not in_request():
        return
    try:
        once(f"ui:together:{user_id}", lambda: _read(user_id))
    except Exception:  # whoever needs a value asks again, and knows what to do without it
        log.warning("The cache is away: a page reads its small values one by one")


def _read(user_id: int) -> dict[str, Any]:
    values: dict[str, Any] = cache.get_many([key_of(user_id) for key_of in _keys.values()])
    for key in _shared & values.keys():
        once(key, partial(values.__getitem__, key))
    return values
