"""The worker's loop: claim a few rows with a lease, send them over one connection, mark each as soon as it is out.

A worker that dies between sending and marking leaves the row claimed; when the lease has run out another one repeats it
under the same Message-ID. Nothing is ever lost, and nothing else is ever repeated.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, F, PositiveSmallIntegerField, Value, When
from django.utils.translation import gettext_lazy as _

from foundation.journal.models import ClockTimestamp
from foundation.notifications import alerts
from foundation.notifications.channels import transports
from foundation.notifications.channels.base import Channel, Postponed, Rejected, Session, Unreachable
from foundation.notifications.manners import door, fallback
from foundation.notifications.models import Message
from foundation.notifications.overtaken import call_off_expired, reason_against
from foundation.notifications.wording import word_pending

log = logging.getLogger(__name__)
BATCH = 50
LEASE = timedelta(minutes=4)
# No message of a batch is begun later than this after the claim, so that the lease outlasts the slowest server.
BEGIN_WITHIN = 150.0
WAITS = (10, 30, 60, 300, 600, 900)  # seconds; the last one repeats
JITTER = 0.2
TRIES = 300  # three days of waiting
STRIKES = 5


def deliver_due(*, seconds: float = 50, batch: int = BATCH) -> int:
    """Word what rounds have told, then send what is due on every channel, until nothing is left or the time is up.

    Returns how many messages were handed over.
    """
    deadline = time.monotonic() + seconds
    word_pending(until=deadline - seconds / 2)  # a flood of words must not keep the finished ones waiting
    call_off_expired()
    return sum(_drain(channel, deadline, batch) for channel in transports())


def _drain(channel: Channel, deadline: float, batch: int) -> int:
    sent = 0
    while time.monotonic() < deadline:
        rows = claim(channel.code, batch)
        if not rows:
            break
        leaving = at_the_door(rows)
        if not leaving:
            continue
        done, is_up = deliver_batch(channel, leaving)
        sent += done
        if not is_up:
            break
    return sent


def claim(channel: str, limit: int = BATCH) -> list[Message]:
    """Take up to `limit` due rows for this worker alone.

    A row whose former worker vanished gets a strike and is taken by itself, as is every row that has one already: should
    it be what kills the workers, it takes no others with it.
    """
    with transaction.atomic():
        due = Message.objects.due().filter(channel=channel).order_by("next_attempt_at", "pk")
        found = list(due.select_for_update(skip_locked=True).values_list("pk", "state", "strikes")[:limit])
        doubtful = [state == Message.State.SENDING or strikes > 0 for _pk, state, strikes in found]
        taken = 1 if doubtful[:1] == [True] else doubtful.index(True) if True in doubtful else len(found)
        ids = [pk for pk, _state, _strikes in found[:taken]]
        if not ids:
            return []
        until = ClockTimestamp() + Value(LEASE)
        vanished = When(state=Message.State.SENDING, then=F("strikes") + 1)
        Message.objects.filter(pk__in=ids).update(
            state=Message.State.SENDING,
            attempts=F("attempts") + 1,
            strikes=Case(vanished, default=F("strikes"), output_field=PositiveSmallIntegerField()),
            lease_until=until,
            next_attempt_at=until,
        )
        rows = (
            Message.objects.filter(pk__in=ids)
            .select_related("actor", "event")
            .prefetch_related("attachments__attachment")
        )
        return sorted(rows, key=lambda row: ids.index(row.pk))


def at_the_door(rows: Sequence[Message]) -> list[Message]:
    """Of the claimed messages those that good manners let go now; the others are marked with what they wait for."""
    leaving, staying = door.look(rows)
    for verdict in staying:
        if not verdict.is_dead:
            mark(verdict.row, verdict.state, **verdict.columns)
        elif address := fallback.other_address(verdict.row):
            columns = {"to_address": address, "next_attempt_at": ClockTimestamp(), "attempts": verdict.row.attempts - 1}
            mark(verdict.row, Message.State.QUEUED, **columns)
        elif fallback.instead_of_dead(verdict.row):
            mark(verdict.row, Message.State.SUPPRESSED, **verdict.columns)
        else:
            park(verdict.row, verdict.columns["last_error"])
    return leaving


def deliver_batch(channel: Channel, rows: Sequence[Message]) -> tuple[int, bool]:
    """Send claimed rows; returns how many were taken, and whether the provider is up."""
    begun, sent = time.monotonic(), 0
    waiting = list(rows)
    try:
        with channel.connect() as session:
            session.look_ahead(waiting)
            while waiting:
                if time.monotonic() - begun > BEGIN_WITHIN:
                    hand_back(waiting)
                    return sent, True
                sent += deliver_one(session, waiting[0])
                waiting.pop(0)
    except Unreachable as error:
        log.warning("Channel %s is down: %s", channel.code, error)
        for row in waiting:
            postpone(row, str(error))
        return sent, False
    return sent, True


def deliver_one(session: Session, row: Message) -> int:
    """Send one row and mark it; 1 if it was taken. Raises only Unreachable, before anything is marked."""
    if row.strikes >= STRIKES:
        quarantine(row, row.last_error or "no worker survived this message")
        return 0
    if reason := reason_against(row):
        mark(row, Message.State.CANCELLED, last_error=reason)
        return 0
    try:
        provider_id = session.send(row)
    except Unreachable:
        raise
    except Postponed as error:
        postpone(row, str(error))
    except Rejected as error:
        park(row, str(error))
    except Exception as error:
        log.exception("Message %s could not be handed over", row.pk)
        strike(row, f"{type(error).__name__}: {error}")
    else:
        mark(row, Message.State.SENT, sent_at=ClockTimestamp(), provider_id=provider_id, last_error="")
        return 1
    return 0


def mark(row: Message, state: str, **columns: Any) -> bool:
    """Move a claimed row on, if it is still this worker's: another one may have taken it after the lease."""
    mine = Message.objects.filter(pk=row.pk, state=Message.State.SENDING, lease_until=row.lease_until)
    return bool(mine.update(state=state, lease_until=None, **columns))


def postpone(row: Message, error: str) -> None:
    """Try again later: growing waits with jitter, for about three days, then parked."""
    if row.attempts >= TRIES:
        park(row, error)
        return
    mark(
        row,
        Message.State.QUEUED,
        next_attempt_at=ClockTimestamp() + Value(wait_after(row.attempts)),
        last_error=error[:1000],
    )


def wait_after(attempts: int) -> timedelta:
    """How long to wait after that many attempts, spread by a fifth in both directions."""
    seconds = WAITS[min(max(attempts, 1), len(WAITS)) - 1]
    return timedelta(seconds=seconds * random.uniform(1 - JITTER, 1 + JITTER))


def park(row: Message, error: str) -> None:
    """Stop trying, put it on the worklist, and tell whoever wrote it or looks after the record."""
    with transaction.atomic():
        if mark(row, Message.State.FAILED, last_error=error[:1000]):
            alerts.to_author(row, error)


def strike(row: Message, error: str) -> None:
    """An error nobody foresaw: soon again, and out after the fifth."""
    row.strikes += 1
    if row.strikes >= STRIKES:
        quarantine(row, error)
        return
    wait = timedelta(seconds=5 * row.strikes)
    mark(
        row,
        Message.State.QUEUED,
        strikes=row.strikes,
        next_attempt_at=ClockTimestamp() + Value(wait),
        last_error=error[:1000],
    )


def quarantine(row: Message, error: str) -> None:
    """Park a row that harms whoever touches it, and tell the administrators."""
    with transaction.atomic():
        if mark(row, Message.State.FAILED, strikes=row.strikes, last_error=error[:1000]):
            alerts.to_administrators(
                topic=f"message:{row.pk}",
                text=_("A message to %(name)s could not be sent and has been set aside"),
                values={"name": row.to_name or row.to_address},
                detail=error,
                link_to=("notifications:failures", ""),
            )


def hand_back(rows: Sequence[Message]) -> None:
    """Give rows that were claimed but not begun to the next worker; the claim does not count as an attempt."""
    for row in rows:
        mark(row, Message.State.QUEUED, next_attempt_at=ClockTimestamp(), attempts=row.attempts - 1)
