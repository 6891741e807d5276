"""Whose telephone rings: kept in the cache for as long as a telephone rings, so that open pages ask every few seconds without a query."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db import transaction

from crm.models import CallPolicy, IncomingCall


def _place(user_id: int) -> str:
    return f"crm:ringing:{user_id}"


def _people(call_id: int) -> str:
    return f"crm:rung:{call_id}"


def ring(call: IncomingCall, user_id: int | None, *, only: bool = False) -> None:
    """From the end of the transaction on the call comes up on this colleague's open pages; with `only`, on nobody else's."""
    if user_id is not None:
        transaction.on_commit(lambda: _ring(call.pk, user_id, only=only))


def hush(call: IncomingCall) -> None:
    """From the end of the transaction on it comes up on nobody's."""
    transaction.on_commit(lambda: _hush(call.pk))


def ringing_for(user: Any) -> int | None:
    """The call that comes up on this person's pages now."""
    found: int | None = cache.get(_place(user.pk))
    return found


def _ring(call_id: int, user_id: int, *, only: bool) -> None:
    if only:
        _hush(call_id)
    seconds = (
        CallPolicy.current().ring_seconds
    )  # of a conversation until it has ended, or this long without a further notice
    people = [*(cache.get(_people(call_id)) or []), user_id]
    cache.set(_people(call_id), people, seconds)
    cache.set(_place(user_id), call_id, seconds)


def _hush(call_id: int) -> None:
    for user_id in cache.get(_people(call_id)) or []:
        if cache.get(_place(user_id)) == call_id:  # otherwise another call has come meanwhile
            cache.delete(_place(user_id))
    cache.delete(_people(call_id))
