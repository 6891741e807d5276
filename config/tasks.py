"""Tasks of the house itself."""

from __future__ import annotations

import time

from celery import shared_task
from django.core.cache import cache

HEARTBEAT = "heartbeat"
SILENCE_ALLOWED_S = 300


@shared_task
def note_heartbeat() -> None:
    """Leave a sign that beat rings and a worker listens; `manage.py doctor` and /health look for it."""
    cache.set(HEARTBEAT, time.time(), timeout=None)


def seconds_since_heartbeat() -> float | None:
    """How long ago the last sign was left; None when there never was one."""
    last = cache.get(HEARTBEAT)
    return None if last is None else max(0.0, time.time() - float(last))
