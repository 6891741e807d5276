"""Values that are looked up once for each request, however many rooms ask for them.

Outside of a request - in tasks, commands and the tests' own lines - nothing is kept and every look is a fresh one, but
within `kept()`.
A value is shared by all who ask for it within the request: do not change it in place.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core.signals import request_finished, request_started

T = TypeVar("T")


class _Request(threading.local):
    """What this thread's request has looked up; None between requests."""

    values: dict[str, Any] | None = None


_request = _Request()


def once(key: str, find: Callable[[], T]) -> T:
    """What `find()` answered the first time in this request."""
    values = _request.values
    if values is None:
        return find()
    if key not in values:
        values[key] = find()
    found: T = values[key]
    return found


@contextmanager
def kept() -> Iterator[None]:
    """Work outside of a request that belongs together, such as a batch of messages: what it looks up is kept until its end."""
    if _request.values is not None:
        yield
        return
    _begin()
    try:
        yield
    finally:
        _end()


def in_request() -> bool:
    """Whether this thread answers a request now."""
    return _request.values is not None


def forget(key: str) -> None:
    """Look again the next time: the value was changed."""
    if _request.values is not None:
        _request.values.pop(key, None)


def _begin(**_kwargs: Any) -> None:
    _request.values = {}


def _end(**_kwargs: Any) -> None:
    _request.values = None


def connect() -> None:
    """Follow the requests of this process."""
    request_started.connect(_begin, dispatch_uid="ui-once-begin")
    request_finished.connect(_end, dispatch_uid="ui-once-end")
