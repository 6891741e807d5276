"""Pressing Save twice does a thing once.

Each form carries a fresh token (``{% submission %}``). The first request with it runs; a second one
gets the first one's result. A refused form gives its token back. A guarded view that calls another one is one press.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from foundation.ui.errors import conflict

FIELD = "submission"
KEEP_SECONDS = 3600
KEEP_SECRET_SECONDS = 30 * 24 * 3600  # a tab that a telephone kept is loaded again days later
WAIT_SECONDS = 5.0
_RUNNING = "running"
_HELD = "_held_submission"


def new_token() -> str:
    """A token for one rendering of one form."""
    return uuid.uuid4().hex


def _key(request: HttpRequest) -> str:
    token = request.POST.get(FIELD, "")[:64]
    if not token:
        return ""
    user = getattr(request, "user", None)
    return f"ui:submission:{getattr(user, 'pk', None) or 0}:{token}"


def submit_once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view whose success is a redirect; posts without a token pass unguarded."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = _key(request) if request.method == "POST" else ""
        if not key or getattr(request, _HELD, "") == key:
            return view(request, *args, **kwargs)
        earlier = _begin(request, key)
        if earlier is not None:
            return earlier
        setattr(request, _HELD, key)  # an action's page may be guarded by itself
        try:
            response = view(request, *args, **kwargs)
        except BaseException:
            cache.delete(key)
            raise
        location = response.headers.get("Location") or response.headers.get("HX-Redirect")
        if location:
            cache.set(key, location, KEEP_SECONDS)
        else:
            cache.delete(key)
        return response

    return guarded


def is_repeated(request: HttpRequest) -> bool:
    """Whether this form was sent before: for a page that shows a secret once, where a reload must not make another."""
    key = _key(request)
    return bool(key) and not cache.add(key, _RUNNING, KEEP_SECRET_SECONDS)


def _begin(request: HttpRequest, key: str) -> HttpResponse | None:
    """None when this request is to run; else the result of the one that came first, waiting a little while that runs.

    What came first may have been refused, or have only looked (a form that counts anew while it is filled in): it gave the
    token back, so this one runs.
    """
    until = time.monotonic() + WAIT_SECONDS
    while not cache.add(key, _RUNNING, KEEP_SECONDS):
        location = cache.get(key)
        if location and location != _RUNNING:
            return HttpResponseRedirect(location)
        if time.monotonic() >= until:
            return conflict(request, already_sent=True)
        if location:
            time.sleep(0.1)
    return None
