"""Whether a change was fair: a mark on the clock when it took time from whoever answers for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from foundation.calendars.zones import to_datetime, to_second
from foundation.journal.models import Event
from foundation.sla import engine, store
from foundation.sla.models import Clock, FairnessPolicy, Target
from foundation.sla.rows import at, to_engine
from foundation.sla.services.steps import Line, contained, kept_facts, moment_of
from foundation.sla.standing import handed_over


def fairly(clock: engine.Clock, row: Clock, change: Callable[[], list[Line]]) -> list[Line]:
    """Make a change of target, calendar or due time; the lines of the ledger that it leaves, a tightening among them.

    The mark says since when, which due time it was before, and how many seconds may be consumed before anybody is to
    blame: those that the owner had before the change. A change that gives the time back takes the mark away.
    """
    was_due, was_target, was_late = clock.due_at, clock.target, clock.breached_at is not None
    lines = change()
    if not lines or was_late or clock.state == engine.STOPPED:
        return lines
    moment = clock.consumed_until
    if clock.due_at is not None and was_due is not None:
        is_tighter = clock.due_at < was_due
        fair = clock.consumed + clock.calendar.seconds_between(moment, max(was_due, moment))
    else:
        is_tighter, fair = clock.target < was_target, was_target
    if is_tighter:
        row.tightened_at = to_datetime(moment)
        row.tightened_from = max(filter(None, (row.tightened_from, at(was_due))), default=None)
        row.fair_s = max(row.fair_s or 0, fair)
        lines.append(
            ("tighten", to_datetime(moment), row.calendar_version_id, clock.target, clock.consumed, at(was_due))
        )
    elif row.tightened_from is not None and clock.due_at and clock.due_at >= to_second(row.tightened_from):
        forgive(row)
    return lines


def forgive(row: Clock) -> None:
    """Take the mark away, unsaved: whoever answers now has all the time that there was."""
    row.tightened_at = row.tightened_from = row.fair_s = None


def hand_over(event: Event) -> None:
    """The open clocks of a record follow its owner. One query where nothing changes hands."""
    rows = store.lock_of_others(event.content_type_id, event.object_id, event.facts["owner_id"])
    if not rows:
        return
    percent = FairnessPolicy.current().fair_share_percent
    targets = Target.objects.in_bulk({row.target_id for row in rows})
    for row in rows:
        contained(targets[row.target_id], _take_over, row, event, percent)
    handed_over(rows)


def _take_over(row: Clock, event: Event, percent: int) -> None:
    """Give a clock to its new owner, who is not blamed within their fair share when they got less than that."""
    clock = to_engine(row)
    moment = max(to_second(moment_of(event, row)), clock.consumed_until)
    consumed = clock.consumed_at(moment)
    share = engine.level_seconds(clock.target, percent)
    row.owner_id = event.facts["owner_id"]
    row.facts = {**row.facts, **kept_facts(event.facts)}
    forgive(row)
    if seconds_left(clock, moment) < share:
        row.tightened_at, row.fair_s = to_datetime(moment), consumed + share
    store.pass_on(row, moved_at=to_datetime(moment), consumed_s=consumed, event_id=event.pk, code=event.code)


def seconds_left(clock: engine.Clock, moment: int) -> int:
    """Working time up to the due time; what is left of the target while the clock is paused."""
    if clock.due_at is None:
        return max(clock.target - clock.consumed, 0)
    return clock.calendar.seconds_between(moment, clock.due_at) if clock.due_at > moment else 0


def facts_of_tier(row: Clock, event: Event) -> dict[str, Any]:
    """What a clock knows, with the customer's new tier."""
    return {**row.facts, "tier": event.facts["tier"]}
