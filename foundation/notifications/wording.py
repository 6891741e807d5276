"""Wording what a round of the system told: hundreds of events at once are written down first and put into words here.

The pending row is written in the transaction of its event, so a worker that dies loses nothing; the keys of messages and
inbox items keep a second wording from writing them again.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet, Value

from foundation.journal.models import ClockTimestamp, Event
from foundation.journal.rounds import with_subjects
from foundation.journal.subscribers import Beside
from foundation.notifications import following, outbox
from foundation.notifications.models import PendingEvent
from foundation.notifications.overtaken import reasons
from foundation.ui import once

log = logging.getLogger(__name__)
BATCH = 100
WAIT = timedelta(minutes=1)  # grows with each attempt
# The subscriber to rounds: their events are kept for a worker.
LATER = Beside(
    "INSERT INTO notifications_pendingevent (event_id) SELECT event_id FROM told WHERE code = ANY({codes})",
    after=outbox.ring_on_commit,
)


def word_pending(*, until: float, batch: int = BATCH) -> int:
    """Word what is pending until nothing is left or `until` (of the monotonic clock) has come; returns how many events were."""
    worded = 0
    while time.monotonic() < until:
        try:
            done = _word(batch)
        except Exception:
            log.exception("A batch of events could not be worded; each is tried alone")
            done = _word_each(batch)
        worded += done
        if not done:
            break
    return worded


def _due() -> QuerySet[PendingEvent]:
    return PendingEvent.objects.filter(next_attempt_at__lte=ClockTimestamp()).order_by("pk")


def _claim(limit: int) -> list[int]:
    return list(_due().select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])


def _word(limit: int) -> int:
    if not _due().exists():  # most looks end here, without a transaction
        return 0
    with transaction.atomic():
        keys = _claim(limit)
        if keys:
            _write(keys)
    return len(keys)


def _write(keys: list[int]) -> None:
    with once.kept():
        events = list(Event.objects.filter(pk__in=keys).select_related("actor", "private").order_by("pk"))
        following.on_events(with_subjects(events))
        outbox.withdraw(list(reasons(events)))  # its message says why it is not sent; the inbox says nothing
    PendingEvent.objects.filter(pk__in=keys).delete()


def _word_each(limit: int) -> int:
    """One event a transaction; what fails waits, a minute longer each time, and lets the others pass."""
    worded = 0
    while worded < limit and _word_one():
        worded += 1
    return worded


def _word_one() -> bool:
    """Word the next event or put it off; whether there was one."""
    key = None
    try:
        with transaction.atomic():
            key = next(iter(_claim(1)), None)
            if key is not None:
                _write([key])
    except Exception:
        if key is None:
            raise
        log.exception("Event %s could not be worded; it is tried again later", key)
        waits = ClockTimestamp() + Value(WAIT) * (F("attempts") + 1)
        PendingEvent.objects.filter(pk=key).update(attempts=F("attempts") + 1, next_attempt_at=waits)
    return key is not None
