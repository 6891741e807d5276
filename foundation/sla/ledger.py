"""Why a clock stands where it stands: its ledger played again through the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from foundation.calendars.zones import to_second
from foundation.sla import engine
from foundation.sla.models import Clock, Entry
from foundation.sla.rows import calendar_of, sec


@dataclass(frozen=True)
class Stretch:
    """A part of a clock's life: from, to (None: still going on), how it stood, what it counted and what it waited."""

    begins: datetime
    ends: datetime | None
    state: str
    counted: int
    elapsed: int
    version_id: int | None
    entry_id: int


def play(clock: Clock, entries: Sequence[Entry]) -> engine.Clock:
    """The pure clock that the ledger, event by event, adds up to. `entries` in their order, the start first."""
    start = entries[0]
    played = engine.Clock.start(
        calendar_of(start.calendar_version_id),
        start.target_s,
        [int(level) for level in clock.levels],
        to_second(start.at),
    )
    for entry in entries[1:]:
        moment = to_second(entry.at)
        match entry.kind:
            case "pause":
                played.pause(moment)
            case "resume":
                played.resume(moment)
            case "stop":
                played.stop(moment)
            case "target":
                played.retarget(entry.target_s, moment)
            case "calendar":
                played.recalendar(calendar_of(entry.calendar_version_id), moment)
            case "due":
                assert entry.due_at is not None
                played.set_due(to_second(entry.due_at), moment)
            case "reset":
                played.reset(moment)
            case "breach":
                # A fact once it was told: nothing that is entered late takes it back.
                played.breached_at = played.due_at = moment
    return played


def drift(clock: Clock, entries: Sequence[Entry]) -> list[str]:
    """Where the stored clock differs from its ledger, in words for the log; empty when all is well."""
    played = play(clock, entries)
    pairs = {
        "state": (clock.state, played.state),
        "consumed": (clock.consumed_s, played.consumed),
        "due": (sec(clock.due_at), played.due_at),
        "breach": (sec(clock.breached_at), played.breached_at),
        "target": (clock.target_s, played.target),
    }
    return [f"{name}: stored {stored}, ledger {again}" for name, (stored, again) in pairs.items() if stored != again]


def stretches(clock: Clock, entries: Sequence[Entry], now: datetime) -> list[Stretch]:
    """The clock's life in order, each stretch with its seconds; the last one reaches to now unless it was stopped."""
    moves = [
        entry
        for entry in entries
        if entry.kind in ("start", "pause", "resume", "calendar", "target", "due", "stop", "reset")
    ]
    found = []
    state = engine.RUNNING
    for index, entry in enumerate(moves):
        state = {"pause": engine.PAUSED, "resume": engine.RUNNING, "stop": engine.STOPPED, "reset": engine.STOPPED}.get(
            entry.kind, state
        )
        following = moves[index + 1] if index + 1 < len(moves) else None
        if state == engine.STOPPED:
            break
        ends = following.at if following else None
        until = to_second(ends or max(now, entry.at))
        if following is not None:
            counted = following.consumed_s - entry.consumed_s
        elif state == engine.RUNNING:
            counted = calendar_of(entry.calendar_version_id).seconds_between(to_second(entry.at), until)
        else:
            counted = 0
        found.append(
            Stretch(entry.at, ends, state, counted, until - to_second(entry.at), entry.calendar_version_id, entry.pk)
        )
    return found
