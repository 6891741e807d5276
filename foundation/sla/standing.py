"""Whether a warning still holds when its message leaves the house, and taking notices back when the promise is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.calendars.zones import to_second
from foundation.journal.standing import follow_hands, pass_on, register_check, register_settled, withdraw
from foundation.sla import events
from foundation.sla.engine import level_seconds
from foundation.sla.models import Clock, Entry
from foundation.sla.rows import to_engine
from foundation.sla.selectors.ledger import TOLD

STOPPED = _("The clock was stopped before this message left.")
PAUSED = _("The clock was paused before this message left.")
MOVED = _("The deadline was moved before this message left.")
MISSED = _("The promise was missed before this message left; that has a message of its own.")


def warning_over(clock: Clock, event: Any, now: datetime) -> Any:
    """Why a warning need not be told any more; None while its level holds."""
    if clock.stopped_at is not None:
        return STOPPED
    if clock.breached_at is not None:
        return MISSED
    if clock.state == Clock.State.PAUSED:
        return PAUSED
    # Not the instant at which the level was reached, which stays: a longer target may have put it ahead of us again.
    wanted = level_seconds(clock.target_s, int(event.facts.get("level") or 0))
    return MOVED if to_engine(clock).consumed_at(to_second(now)) < wanted else None


def escalation_over(clock: Clock, event: Any, now: datetime) -> Any:
    """Why an escalation need not be told any more: somebody has done it, late."""
    return STOPPED if clock.stopped_at is not None else None


def _check(rule: Callable[[Clock, Any, datetime], Any], told: Sequence[Any]) -> dict[int, Any]:
    """One query for all; a clock that is gone warns of nothing."""
    clocks = Clock.objects.in_bulk({event.facts.get("clock_id") for event in told} - {None})
    now, found = datetime.now(UTC), {}
    for event in told:
        clock = clocks.get(event.facts.get("clock_id") or 0)
        why = rule(clock, event, now) if clock is not None else STOPPED
        if why is not None:
            found[event.pk] = why
    return found


def settle(clock: Clock) -> None:
    """The clock has just stopped: what it warned of needs nobody's attention. A breach stays told, it is a fact."""
    warned = any(reached is not None for reached in clock.levels.values())
    if warned or clock.breached_at is not None:
        told = Entry.objects.filter(clock=clock, kind__in=("warn", "escalate"), event_id__isnull=False)
        withdraw(pk for pk in told.values_list("event_id", flat=True) if pk is not None)


def handed_over(rows: Sequence[Clock]) -> None:
    """These open clocks have a new owner: what was told of them and not heard yet is for them. Costs nothing before the first level."""
    now = to_second(datetime.now(UTC))
    told = [row.pk for row in rows if row.breached_at is not None or _is_warned(row, now)]
    if told:
        lines = Entry.objects.filter(clock__in=told, kind__in=TOLD, event_id__isnull=False).order_by("pk")
        pass_on(pk for pk in lines.values_list("event_id", flat=True) if pk is not None)


def _is_warned(row: Clock, now: int) -> bool:
    return any(instant is not None and instant <= now for instant in row.levels.values())


def register() -> None:
    """A breach is not checked: no later event removes it. In a digest it is told only while it is still open."""
    register_check(events.WARNED, partial(_check, warning_over))
    register_check(events.ESCALATED, partial(_check, escalation_over))
    register_settled(events.BREACHED, partial(_check, escalation_over))
    follow_hands(events.WARNED, events.BREACHED, events.ESCALATED)
