"""Who is alive: beat and worker leave signs in the database, each by itself and a task through both.

A worker leaves its sign with its heartbeat, busy or not, as long as it is connected to the broker; beat with each bell
that it rings, heard or not; `round` is left by a bell that was rung, carried and executed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from celery.signals import beat_init, before_task_publish, heartbeat_sent
from django.db import connection

log = logging.getLogger(__name__)
BEAT, WORKER, ROUND = "beat", "worker", "round"
EVERY_S = 20.0
LEAVE = """
INSERT INTO config_sign (name, seen_at) VALUES (%s, clock_timestamp())
ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at
"""
AGES = "SELECT name, extract(epoch FROM clock_timestamp() - seen_at)::float FROM config_sign"


def leave(name: str) -> None:
    """Say that this part is alive, by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(LEAVE, [name])


def ages() -> dict[str, float]:
    """For each part that ever left a sign, how many seconds ago."""
    with connection.cursor() as cursor:
        cursor.execute(AGES)
        return {name: max(0.0, age) for name, age in cursor.fetchall()}


class Pulse:
    """Leaves a sign every twenty seconds at the most, looks around, and never harms its process."""

    def __init__(self, name: str, look: Callable[[], object]) -> None:
        self.name = name
        self.look = look
        self.left_at = -EVERY_S

    def __call__(self, **_signal: Any) -> None:
        now = time.monotonic()
        if now - self.left_at < EVERY_S:
            return
        self.left_at = now
        try:
            leave(self.name)
            self.look()
        except Exception as error:
            log.warning("%s could not leave its sign: %s", self.name, error)
        finally:
            if not connection.in_atomic_block:
                connection.close()  # the pool's children are forked from this process: they inherit no open connection


def connect(look: Callable[[], object]) -> None:
    """Have beat and worker leave their signs, and look after the others with `look()`."""
    worker, beat = Pulse(WORKER, look), Pulse(BEAT, look)

    def begin(**_signal: Any) -> None:
        beat()
        # Sent before a bell is handed to the broker: it tells of beat even while the broker is away.
        before_task_publish.connect(beat, weak=False, dispatch_uid="signs-beat")

    heartbeat_sent.connect(worker, weak=False, dispatch_uid="signs-worker")
    beat_init.connect(begin, weak=False, dispatch_uid="signs-beat-begins")
