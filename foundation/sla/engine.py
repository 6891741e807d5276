"""The clock itself: pure, exact to the second, needs no Django. `SLA-CLOCK.md` is the specification.

A clock is folded up to each event: what was consumed, what was reached on the way. Between events nothing
needs to run. What was reached strictly before an event is a fact and stays; what falls on the very instant of
an event is decided after it (a stop exactly at due is met, a new target at due moves due).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from foundation.calendars.engine import BusinessCalendar

State = Literal["running", "paused", "stopped"]
Outcome = Literal["open", "paused", "met", "breached", "reset"]

RUNNING: State = "running"
PAUSED: State = "paused"
STOPPED: State = "stopped"
AROUND_THE_CLOCK = 86_400  # the stated day of a clock without a calendar


class ClockError(ValueError):
    """The event cannot happen to this clock; the message says why."""


@dataclass(slots=True)
class Clock:
    """A running clock. All instants and durations are whole seconds; methods fold, then change."""

    calendar: BusinessCalendar
    target: int
    started_at: int
    # Level in percent -> the instant at which it is or will be reached; None while nobody can say.
    levels: dict[int, int | None] = field(default_factory=dict)
    state: State = RUNNING
    consumed: int = 0
    consumed_until: int = 0
    due_at: int | None = None
    breached_at: int | None = None
    stopped_at: int | None = None
    # A person set the due time: an instant that nothing but another person moves.
    is_fixed: bool = False
    # The promise was begun afresh or withdrawn: this cycle ended without being kept or missed.
    is_reset: bool = False

    @classmethod
    def start(cls, calendar: BusinessCalendar, target: int, levels: Iterable[int], at: int) -> Clock:
        """Start a clock, also outside hours; raises NoWorkingTime when nothing opens within 400 days."""
        check_target(target)
        calendar.check_working_time(at)
        clock = cls(
            calendar=calendar,
            target=target,
            started_at=at,
            levels=dict.fromkeys(sorted(levels)),
            consumed_until=at,
        )
        clock._aim(at)
        return clock

    def pause(self, at: int) -> bool:
        """Stop consuming; False when there was nothing to pause."""
        if self.state != RUNNING:
            return False
        self.fold(at)
        self.state = PAUSED
        self._aim(at)
        return True

    def resume(self, at: int) -> bool:
        """Consume again; False when the clock was not paused."""
        if self.state != PAUSED:
            return False
        self.fold(at)
        self.state = RUNNING
        self._aim(at)
        return True

    def retarget(self, target: int, at: int) -> bool:
        """A new target holds from now on; what was consumed and what was reached is kept. Not where a person set the due time."""
        if self.state == STOPPED or self.is_fixed:
            return False
        check_target(target)
        self.fold(at)
        if self.breached_at is None:
            self.target = target
        self._aim(at)
        return True

    def recalendar(self, calendar: BusinessCalendar, at: int) -> bool:
        """Another calendar (or version) measures from now on; seconds counted before stay as counted."""
        if self.state == STOPPED:
            return False
        calendar.check_working_time(at)
        self.fold(at)
        self.calendar = calendar
        self._aim(at)
        return True

    def set_due(self, due: int, at: int) -> bool:
        """A person sets the due time, an instant that pauses and changes do not move; the target becomes the time up to it.

        Levels not yet reached lie between now and the new due time, pauses or not. Raises ClockError for a time that has
        come already and for a promise that is broken already.
        """
        if self.state == STOPPED:
            return False
        self.fold(at)
        if self.breached_at is not None:
            raise ClockError("the promise is broken already")
        if due <= at:
            raise ClockError("the due time has come already")
        self.is_fixed, self.due_at = True, due
        self.target = self.consumed + self.calendar.seconds_between(at, due)
        for level, reached in self.levels.items():
            if reached is None or reached >= at:
                seconds = level_seconds(self.target, level) - self.consumed
                self.levels[level] = self.calendar.reach(at, seconds) if seconds > 0 else at
        return True

    def reset(self, at: int) -> bool:
        """End this cycle so that the promise is withdrawn or can begin afresh: neither met nor, unless it was so before, breached."""
        if not self.stop(at):
            return False
        self.is_reset = True
        return True

    def stop(self, at: int) -> bool:
        """End the clock for good: met when not past due, breached otherwise."""
        if self.state == STOPPED:
            return False
        self.fold(at)
        self.state = STOPPED
        self.stopped_at = at
        self.levels = {level: _up_to(reached, at) for level, reached in self.levels.items()}
        return True

    def fold(self, at: int) -> None:
        """Count what was consumed up to this instant and keep a breach that lies before it."""
        if self.state == STOPPED:
            return
        if at < self.consumed_until:
            raise ClockError("events out of order")
        if self.breached_at is None and self.due_at is not None and self.due_at < at:
            self.breached_at = self.due_at
        if self.state == RUNNING:
            self.consumed += self.calendar.seconds_between(self.consumed_until, at)
        self.consumed_until = at

    def consumed_at(self, at: int) -> int:
        """Business seconds consumed by this instant, not before the last event."""
        if self.state != RUNNING:
            return self.consumed
        return self.consumed + self.calendar.seconds_between(self.consumed_until, at)

    def breaches_at(self) -> int | None:
        """The instant of breach, past or to come if nothing else happens."""
        return self.breached_at if self.state == STOPPED else self.due_at

    def outcome(self) -> Outcome:
        """How the clock stands: open, paused, met, breached once stopped late, or reset before that."""
        if self.state == STOPPED and self.is_reset and self.breached_at is None:
            return "reset"
        if self.state == STOPPED:
            return "met" if self.breached_at is None else "breached"
        return "paused" if self.state == PAUSED else "open"

    def _aim(self, at: int) -> None:
        """After an event at this instant: where due and the levels not yet reached lie now."""
        if self.is_fixed:
            return
        if self.breached_at is None:
            self.due_at = self._reached(self.target, at)
        for level, reached in self.levels.items():
            if reached is None or reached >= at:
                self.levels[level] = self._reached(level_seconds(self.target, level), at)

    def _reached(self, seconds: int, at: int) -> int | None:
        if self.consumed >= seconds:
            return at
        if self.state != RUNNING:
            return None
        return self.calendar.reach(at, seconds - self.consumed)


def level_seconds(target: int, percent: int) -> int:
    """Consumption at which a level of so many percent is reached: ceil, in integers."""
    return -(-target * percent // 100)


def check_target(target: int) -> None:
    """Raise ClockError unless the target is a whole number of seconds, 0 or more."""
    if isinstance(target, bool) or not isinstance(target, int) or target < 0:
        raise ClockError("a target is a whole number of seconds, 0 or more")


def _up_to(reached: int | None, at: int) -> int | None:
    return reached if reached is not None and reached <= at else None
