"""Committed rows, and the owner's hands."""

from __future__ import annotations

import time
from typing import Any

from django.db import connection, connections

from foundation.journal import sealing
from foundation.journal.models import Event
from foundation.journal.services import record


def write(subject: Any, count: int = 1, **options: Any) -> list[Event]:
    """Some events about one record, each with a personal part."""
    return [
        record("note.added", subject, facts={"number": f"X-{n}"}, private={"text": f"words {n}"}, **options)
        for n in range(count)
    ]


def seal_all() -> sealing.Sealed:
    """Seal all that was written, in one run: waits until no transaction of the server, others' included, holds it back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        newest = cursor.fetchone()[0]
    until = time.monotonic() + 60
    while sealing.moment().horizon < newest:
        assert time.monotonic() < until, "some transaction of the server never ends"
        time.sleep(0.02)
    return sealing.seal()


def as_owner(sql: str, params: Any = ()) -> None:
    """What an administrator of the database can do, and no application."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, params)
