"""Whether the worker that claimed a batch is still alive: it holds an advisory lock of its session for as long.

PostgreSQL lets go of the lock in the moment in which the worker's connection ends, however the worker died. The lease beside
it only bounds what a worker may take that lives and hangs. Behind a pooler that gives each transaction another session
(`KONTOR_SERVER_PLANS=false`) a lock says nothing, and leases alone count.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection

log = logging.getLogger(__name__)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def hold(until: datetime) -> None:
    """Show that the claim that ends then is being worked on. Shared, so that it never waits for another worker."""
    if settings.SERVER_PLANS:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock_shared(%s)", [_key(until)])


def let_go(until: datetime | None) -> None:
    """The claim is worked off, or given up. A connection that is lost is no error here: its locks are gone with it."""
    if until is None or not settings.SERVER_PLANS:
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_shared(%s)", [_key(until)])
    except DatabaseError as error:
        log.warning("A claim could not be given back: %s", error)


def is_abandoned(until: datetime) -> bool:
    """Whether nobody works on the claim any more; to be asked within a transaction, which keeps others from finding the same."""
    if not settings.SERVER_PLANS:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_key(until)])
        (nobody_holds_it,) = cursor.fetchone()
    return bool(nobody_holds_it)


def _key(until: datetime) -> int:
    """The moment in microseconds: no two claims end in the same one, and no other lock of ours has so large a number."""
    return (until - EPOCH) // timedelta(microseconds=1)
