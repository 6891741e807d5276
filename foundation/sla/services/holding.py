"""Giving a running clock another target, or another date, from one moment on: what was consumed and reached stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from foundation.calendars.models import CalendarVersion
from foundation.sla import engine, escalation
from foundation.sla.aim import Anchor, day_seconds, seconds_until
from foundation.sla.models import Clock, Target
from foundation.sla.rows import calendar_of, entry, version_of


def hold(
    clock: engine.Clock, row: Clock, target: Target, version: CalendarVersion | None, moment: int
) -> list[tuple[Any, ...]]:
    """Put the clock under this target as it stands now; returns ledger entries. The clock has caught up before.

    A due time that a person set stays, and with it what was promised with it.
    """
    entries: list[tuple[Any, ...]] = []
    if clock.is_fixed:
        row.target, row.target_revision = target, target.revision
        return entries
    if (version.pk if version else None) != row.calendar_version_id:
        clock.recalendar(calendar_of(version.pk if version else None), moment)
        row.calendar_version = version
        entries.append(entry("calendar", moment, clock, row))
    anchor = _anchor(row, target)
    seconds = _seconds(clock, target, version, anchor, moment)
    set_levels(clock, target.warning_percent, moment)
    clock.retarget(seconds, moment)
    entries.append(entry("target", moment, clock, row))  # also with the same time: the clock was counted up to here
    kept = {name: value for name, value in row.facts.items() if name not in (escalation.FACT, "anchor")}
    row.facts = {**kept, **escalation.facts_of(target), **(anchor.stored() if anchor else {})}
    row.target, row.target_revision = target, target.revision
    return entries


def hold_date(clock: engine.Clock, row: Clock, facts: dict[str, Any], moment: int) -> list[tuple[Any, ...]]:
    """Let a clock that hangs on a date follow it: to its new value among these facts, or past a changed calendar."""
    anchor = Anchor.kept(row)
    if anchor is None or clock.is_fixed:
        return []
    anchor = replace(anchor, value=str(facts.get(anchor.fact) or anchor.value))
    seconds = seconds_until(clock, anchor, version_of(row.calendar_version_id), moment)
    if seconds == clock.target:
        return []
    clock.retarget(seconds, moment)
    row.facts = {**row.facts, **anchor.stored()}
    return [entry("target", moment, clock, row)]


def set_levels(clock: engine.Clock, percents: Iterable[int], moment: int) -> None:
    """These warning levels from now on; those that were reached before are facts."""
    reached = {level: at for level, at in clock.levels.items() if at is not None and at < moment}
    clock.levels = {level: clock.levels.get(level) for level in sorted({*percents, *reached})}


def _anchor(row: Clock, target: Target) -> Anchor | None:
    """The date that the clock keeps, counted as the target says now; None when the target hangs on no such date."""
    kept = Anchor.kept(row)
    if kept is None or kept.fact != target.anchor_fact:
        return None
    return replace(kept, amount=target.amount, unit=target.unit, side=target.anchor_side)


def _seconds(
    clock: engine.Clock, target: Target, version: CalendarVersion | None, anchor: Anchor | None, moment: int
) -> int:
    if anchor is not None:
        return seconds_until(clock, anchor, version, moment)
    # A date that the clock has never heard of cannot move it.
    return clock.target if target.anchor_fact else target.seconds(day_seconds(version))
