"""Between the pure clock and its rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from foundation.calendars.engine import BusinessCalendar, CalendarError, always_open
from foundation.calendars.models import CalendarVersion
from foundation.calendars.zones import to_datetime, to_second
from foundation.sla import engine
from foundation.sla.models import Clock, SoonPolicy

BREACH = "breach"
ALWAYS = always_open()
# Versions never change, so a process reads each once.
# A version never changes; its calendar's name may, and is read again with the next start of the process.
_versions: dict[int, CalendarVersion] = {}
MOST_KEPT = 500


def at(second: int | None) -> datetime | None:
    """A stored instant from POSIX seconds."""
    return None if second is None else to_datetime(second)


def sec(instant: datetime | None) -> int | None:
    """POSIX seconds of a stored instant."""
    return None if instant is None else to_second(instant)


def load_versions(ids: Iterable[int | None]) -> None:
    """Have these versions at hand: one query for those that this process has not seen."""
    missing = {pk for pk in ids if pk is not None} - _versions.keys()
    if missing:
        if len(_versions) > MOST_KEPT:
            _versions.clear()
        _versions.update(CalendarVersion.objects.select_related("calendar").in_bulk(missing))


def version_of(pk: int | None) -> CalendarVersion | None:
    """The version, or None for around the clock."""
    if pk is None:
        return None
    if pk not in _versions:
        load_versions([pk])
    return _versions[pk]


def remember(version: CalendarVersion | None) -> int | None:
    """Keep a version that was read along with something else; returns its key."""
    if version is None:
        return None
    _versions.setdefault(version.pk, version)
    return version.pk


def forget() -> None:
    """Let go of every version (another database stands behind the same keys, as in tests)."""
    _versions.clear()


def calendar_of(pk: int | None) -> BusinessCalendar:
    """The arithmetic of a version; around the clock for None."""
    version = version_of(pk)
    return ALWAYS if version is None else version.business()


def to_engine(row: Clock) -> engine.Clock:
    """The pure clock of a stored one."""
    started, until = to_second(row.started_at), to_second(row.consumed_until)
    return engine.Clock(
        calendar=calendar_of(row.calendar_version_id),
        target=row.target_s,
        started_at=started,
        levels={int(level): instant for level, instant in row.levels.items()},
        state=row.state,  # type: ignore[arg-type]
        consumed=row.consumed_s,
        consumed_until=until,
        due_at=sec(row.due_at),
        breached_at=sec(row.breached_at),
        stopped_at=sec(row.stopped_at),
        is_fixed=row.is_due_fixed,
        is_reset=row.is_reset,
    )


def put_back(clock: engine.Clock, row: Clock) -> None:
    """Copy what the pure clock says into the row, unsaved. The calendar version is the caller's."""
    row.target_s = clock.target
    row.consumed_s = clock.consumed
    row.consumed_until = to_datetime(clock.consumed_until)
    row.state = clock.state
    row.levels = {str(level): instant for level, instant in clock.levels.items()}
    row.due_at = at(clock.due_at)
    row.soon_at = at(soon_at(clock))
    row.breached_at = at(clock.breached_at)
    row.stopped_at = at(clock.stopped_at)
    row.is_due_fixed, row.is_reset = clock.is_fixed, clock.is_reset
    row.met_at = row.stopped_at if clock.outcome() == "met" else None


def entry(kind: str, moment: int, clock: engine.Clock, row: Clock) -> tuple[Any, ...]:
    """A line of the ledger, as `store.save` takes it: what happened, and where it left the clock."""
    return (kind, to_datetime(moment), row.calendar_version_id, clock.target, clock.consumed, at(clock.due_at))


def soon_at(clock: engine.Clock, policy: SoonPolicy | None = None) -> int | None:
    """From when the promise is due soon; None while nothing is due, and no matter once it is broken or kept."""
    if clock.due_at is None:
        return None
    policy = policy or SoonPolicy.current()
    by_the_wall = clock.due_at - policy.list_minutes * 60
    missing = clock.target - policy.share_of(clock.target) - clock.consumed
    if clock.breached_at is not None or clock.state != engine.RUNNING or by_the_wall <= clock.consumed_until:
        return by_the_wall
    return min(by_the_wall, clock.calendar.reach(clock.consumed_until, missing))


def timers_of(clock: engine.Clock, escalate_after: Iterable[int]) -> dict[str, int | None]:
    """When each timer of a clock that is not stopped is due; None while it cannot come.

    Warnings wait while the clock is paused, also those reached just before; a breach waits for nobody.
    """
    due: dict[str, int | None] = {BREACH: clock.due_at}
    for level, instant in clock.levels.items():
        due[f"warn:{level}"] = instant if clock.state == engine.RUNNING else None
    for step, minutes in enumerate(escalate_after, start=1):
        due[f"escalate:{step}"] = _escalates_at(clock, minutes)
    return due


def _escalates_at(clock: engine.Clock, minutes: int) -> int | None:
    if clock.due_at is None:
        return None
    try:
        return clock.calendar.reach(clock.due_at, minutes * 60)
    except CalendarError:
        return None
