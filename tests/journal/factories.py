"""Committed rows, and the owner's hands."""

from __future__ import annotations

import time
from typing import Any

from django.db import connections

from foundation.journal import sealing
from foundation.journal.chain import sealed_tables
from foundation.journal.models import Event
from foundation.journal.services import record


def write(subject: Any, count: int = 1, **options: Any) -> list[Event]:
    """Some events about one record, each with a personal part."""
    return [
        record("note.added", subject, facts={"number": f"X-{n}"}, private={"text": f"words {n}"}, **options)
        for n in range(count)
    ]


def seal_all() -> sealing.Sealed:
    """Seal until nothing waits. On a server that serves others too, their transactions hold the horizon back for a while."""
    rows, until = 0, time.monotonic() + 20
    while True:
        done = sealing.seal()
        rows += done.rows
        if not any(sealing.unsealed(one).exists() for one in sealed_tables()):
            return sealing.Sealed(rows, done.position, done.head)
        assert time.monotonic() < until, "some transaction of the server never ends"
        time.sleep(0.05)


def as_owner(sql: str, params: Any = ()) -> None:
    """What an administrator of the database can do, and no application."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, params)
