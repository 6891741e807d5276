"""Doorways: beat rings, the rows decide. A missed ring costs one period."""

from __future__ import annotations

import time

from celery import shared_task

from foundation.sla.scanner import scan
from foundation.sla.services.following import follow_calendars
from foundation.sla.services.soon import follow_soon
from foundation.sla.services.targets import spread_targets

BATCH = 200
LONGEST_ROUND = 60


def run_round(limit: int = BATCH, seconds: float = LONGEST_ROUND) -> int:
    """Scan until nothing is due or the time is up; returns how many clocks spoke, each time counted."""
    begun, settled = time.monotonic(), 0
    while time.monotonic() - begun < seconds:
        done = scan(limit)
        settled += done
        if not done:
            break
    for follow in (spread_targets, follow_calendars, follow_soon):
        while time.monotonic() - begun < seconds and follow():
            pass
    return settled


@shared_task(name="foundation.sla.tasks.scan_due")
def scan_due() -> None:
    """Every 20 seconds."""
    run_round()
