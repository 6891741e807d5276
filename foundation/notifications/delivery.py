"""The worker's loop: claim a few rows with a lease, send them over one connection, mark each as soon as it is out.

A worker that dies between sending and marking leaves the row claimed; the next run sees that nobody holds the claim any
more and repeats that row under the same Message-ID. Nothing is ever lost, and nothing else is ever repeated.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.utils.translation import gettext_lazy as _

from foundation.journal.models import ClockTimestamp
from foundation.notifications import alerts, leases, leaving, pacing
from foundation.notifications.channels import transports
from foundation.notifications.channels.base import (
    Broken,
    Channel,
    Postponed,
    Rejected,
    Session,
    Unclear,
    Unreachable,
)
from foundation.notifications.digests import gathering, letters
from foundation.notifications.manners import door, fallback, reasons
from foundation.notifications.models import Message, MessageStep
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
# A row that was begun when its worker died has cost more than an attempt: the third death sets it aside.
DEATH = 2


def deliver_due(*, seconds: float = 50, batch: int = BATCH) -> int:
    """Word what rounds have told, then send what is due on every channel, until nothing is left or the time is up.

    Returns how many messages were handed over.
    """
    deadline = time.monotonic() + seconds
    word_pending(until=deadline - seconds / 2)  # a flood of words must not keep the finished ones waiting
    call_off_expired()
    return pacing.in_turns(transports(), deadline, lambda channel: _drain(channel, deadline, batch))


def _drain(channel: Channel, deadline: float, batch: int) -> tuple[int, float | None]:
    """Send what is due on one channel; how many were handed over, and when its limit lets it go on."""
    sent = 0
    release_abandoned(channel.code)
    while time.monotonic() < deadline:
        leave = pacing.ask(channel.code, batch)
        if not leave.count:
            return sent, leave.wait
        rows = claim(channel.code, leave.count)
        if not rows:
            pacing.give_back(leave, leave.count)
            break
        try:
            leaving = at_the_door(rows)
            pacing.give_back(leave, leave.count - len(leaving))
            if not leaving:
                continue
            done, is_up = deliver_batch(channel, leaving)
        finally:
            leases.let_go(rows[0].lease_until)
        sent += done
        if not is_up:
            break
    return sent, None


def claim(channel: str, limit: int = BATCH) -> list[Message]:
    """Take up to `limit` due rows for this worker alone, all under one lease, which it holds until it lets go.

    A row with a strike is taken by itself: should it be what kills the workers, it takes no others with it. The order of the
    keys is the order in which they must be sent: it tells `release_abandoned` which one was begun.
    """
    with transaction.atomic():
        due = Message.objects.due().filter(channel=channel).order_by("next_attempt_at", "pk")
        found = list(
            due.select_for_update(skip_locked=True).values_list("pk", "strikes", ClockTimestamp() + Value(LEASE))[
                :limit
            ]
        )
        doubtful = [strikes > 0 for _pk, strikes, _until in found]
        taken = 1 if doubtful[:1] == [True] else doubtful.index(True) if True in doubtful else len(found)
        ids = [pk for pk, _strikes, _until in found[:taken]]
        if not ids:
            return []
        until = found[0][2]
        leases.hold(until)
        Message.objects.filter(pk__in=ids).update(
            state=Message.State.SENDING, attempts=F("attempts") + 1, lease_until=until, next_attempt_at=until
        )
        rows = (
            Message.objects.filter(pk__in=ids)
            .select_related("actor", "event")
            .prefetch_related("attachments__attachment")
        )
        return sorted(rows, key=lambda row: row.pk)


def release_abandoned(channel: str) -> int:
    """Free what dead workers had claimed, and what a hanging one has kept beyond its lease; returns how many rows.

    The one that was begun gets strikes and waits a little, so that the others, which were not, go first.
    """
    claimed = Message.objects.filter(channel=channel, state=Message.State.SENDING)
    leased = claimed.values_list("lease_until", flat=True).distinct()
    return sum(_release(channel, until) for until in leased if until is not None)


def _release(channel: str, until: datetime) -> int:
    with transaction.atomic():
        rows = Message.objects.filter(channel=channel, state=Message.State.SENDING, lease_until=until).order_by("pk")
        if not leases.is_abandoned(until):
            rows = rows.filter(next_attempt_at__lte=ClockTimestamp())
        found = list(rows.select_for_update())
        if found:
            log.warning("A worker died or hung over message %s and %d after it", found[0].pk, len(found) - 1)
            strike(found[0], found[0].last_error or reasons.WORKER_DIED, weight=DEATH)
            hand_back(found[1:])
    return len(found)


def at_the_door(rows: Sequence[Message]) -> list[Message]:
    """Of the claimed messages those that good manners let go now, each by itself; the others are marked with what they wait for."""
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
    return gathering.gather(leaving)


def deliver_batch(channel: Channel, rows: Sequence[Message]) -> tuple[int, bool]:
    """Send claimed rows; returns how many were taken, and whether the provider is up."""
    begun, sent = time.monotonic(), 0
    waiting = list(rows)
    breaker: Breaker | None = None
    try:
        with channel.connect() as session:
            session.look_ahead(waiting)
            while waiting:
                if time.monotonic() - begun > BEGIN_WITHIN:
                    hand_back(waiting)
                    return sent, True
                try:
                    taken = deliver_one(session, waiting[0])
                except Broken as error:
                    if breaker is not None:  # two in a row: nothing is wrong with the messages
                        raise
                    breaker = Breaker.put_off(waiting.pop(0), str(error))
                    continue
                if taken and breaker is not None:
                    breaker.blame()
                    breaker = None
                sent += taken
                waiting.pop(0)
            if breaker is not None and session.is_up():
                if breaker.others_passed:
                    breaker.blame()
                breaker = None
    except Unreachable as error:
        log.warning("Channel %s is down: %s", channel.code, error)
        for row in waiting:
            postpone(row, str(error))
        return sent, False
    return sent, breaker is None


@dataclass
class Breaker:
    """A message at which the connection broke: its own fault if another one passes, else the provider's."""

    row: Message
    error: str
    # Whether another message has left by its channel since it was last tried.
    others_passed: bool

    @classmethod
    def put_off(cls, row: Message, error: str) -> Breaker:
        """Let it wait like any other that was turned away; whose fault it was is seen by the next one."""
        found = cls(row, error, _others_passed(row))
        postpone(row, error)
        return found

    def blame(self) -> None:
        """Count it to the message; what breaks every connection is set aside."""
        self.row.strikes += 1
        mine = Message.objects.filter(pk=self.row.pk, state=Message.State.QUEUED, attempts=self.row.attempts)
        with transaction.atomic():
            if self.row.strikes < STRIKES:
                mine.update(strikes=self.row.strikes)
            elif mine.update(strikes=self.row.strikes, state=Message.State.FAILED, last_error=self.error[:1000]):
                _tell_of_quarantine(self.row, self.error)


def _others_passed(row: Message) -> bool:
    last = MessageStep.objects.filter(message=row, state=Message.State.QUEUED).order_by("-pk").first()
    if last is None:
        return False
    left = Message.objects.filter(channel=row.channel, pk__gt=row.pk, sent_at__gt=last.at)
    return left.order_by("-pk").values("pk").first() is not None  # found among the newest, if there is one


def deliver_one(session: Session, row: Message) -> int:
    """Send one row and mark it; 1 if it was taken. Raises only Unreachable, with this row still to be marked unless nobody
    knows what became of it: a provider that has just fallen silent is not given the rest of the batch."""
    if row.strikes >= STRIKES:
        quarantine(row, row.last_error or reasons.WORKER_DIED)
        return 0
    if reason := reason_against(row):
        mark(row, Message.State.CANCELLED, last_error=reason)
        return 0
    try:
        if reason := letters.write(row):
            mark(row, Message.State.CANCELLED, last_error=reason)
            return 0
        provider_id = session.send(row)
    except Unreachable:
        raise
    except Postponed as error:
        postpone(row, str(error))
    except Rejected as error:
        park(row, str(error))
    except Unclear as error:
        leave_unclear(row, str(error))
        raise Unreachable(str(error)) from error
    except Exception as error:
        log.exception("Message %s could not be handed over", row.pk)
        strike(row, f"{type(error).__name__}: {error}")
    else:
        _mark_sent(row, provider_id)
        return 1
    return 0


def _mark_sent(row: Message, provider_id: str) -> None:
    columns = {"sent_at": ClockTimestamp(), "provider_id": provider_id, "last_error": ""}
    if not leaving.is_awaited(row):
        mark(row, Message.State.SENT, **columns)
        return
    with transaction.atomic():
        if mark(row, Message.State.SENT, **columns):
            leaving.tell(row)


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


def leave_unclear(row: Message, error: str) -> None:
    """It may have gone out or not: a receipt or a person decides, never a second try of ours."""
    with transaction.atomic():
        if mark(row, Message.State.UNKNOWN, sent_at=ClockTimestamp(), last_error=error[:1000]):
            alerts.to_author(row, error, is_unclear=True)


def strike(row: Message, error: str, *, weight: int = 1) -> None:
    """An error nobody foresaw: soon again, and out after the fifth."""
    row.strikes += weight
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
            _tell_of_quarantine(row, error)


def _tell_of_quarantine(row: Message, error: str) -> None:
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
