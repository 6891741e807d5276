"""Doorways: beat rings, the rows decide. A missed ring costs one period."""

from __future__ import annotations

import time
from collections.abc import Callable

from celery import shared_task

from foundation.todos.services.series import make_waiting
from foundation.todos.services.telling import tell_due

LONGEST_ROUND = 45


def run_round(seconds: float = LONGEST_ROUND) -> int:
    """Make what waits for its day and tell what is due, until nothing is left or the time is up; returns how many."""
    begun, settled = time.monotonic(), 0
    steps: tuple[Callable[[], int], ...] = (make_waiting, tell_due)
    for step in steps:
        while time.monotonic() - begun < seconds and (done := step()):
            settled += done
    return settled


@shared_task(name="foundation.todos.tasks.ring")
def ring() -> None:
    """Every minute."""
    run_round()
