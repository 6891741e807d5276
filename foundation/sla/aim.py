"""Where due lies: so much time from the start, or so much before or after a date on the record.

A promise that falls on a date is a target such that due falls there: what was consumed, and the working time from now
to that instant. Due is the earliest instant with that much consumed, so a date in closed hours means the last close
before it. A day without a time counts to its end (`after`) or to its beginning (`before`), in the calendar's zone.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from foundation.accounts.models import Company
from foundation.calendars.engine import GAP_LIMIT, HORIZON, BusinessCalendar, NoWorkingTime, OutOfReach
from foundation.calendars.models import CalendarVersion
from foundation.calendars.zones import load_zone, to_second
from foundation.sla import engine
from foundation.sla.engine import AROUND_THE_CLOCK
from foundation.sla.models import Clock, Target, length
from foundation.sla.rows import calendar_of

FACT = "anchor"
WINDOW = 32 * 86_400


@dataclass(frozen=True)
class Anchor:
    """The date that one clock hangs on: the fact, its value, and how far before or after it due lies.

    The clock keeps all of it, so that a date that moves is counted by what was promised when the clock began.
    """

    fact: str
    value: str
    amount: int
    unit: str
    side: str

    @classmethod
    def found(cls, target: Target, facts: dict[str, Any]) -> Anchor | None:
        """The date among an event's facts; None when the target hangs on none, or the event does not know it."""
        value = facts.get(target.anchor_fact) if target.anchor_fact else None
        return cls(target.anchor_fact, str(value), target.amount, target.unit, target.anchor_side) if value else None

    @classmethod
    def kept(cls, row: Clock) -> Anchor | None:
        """What a clock keeps."""
        stored = row.facts.get(FACT)
        return cls(**stored) if stored else None

    def stored(self) -> dict[str, Any]:
        """As the clock's facts keep it."""
        return {FACT: asdict(self)}

    def due(self, version: CalendarVersion | None, at: int) -> int:
        """The instant, as it is seen from `at`. Raises ValueError for a value that is neither a day nor a moment.

        So much before a date that is too near for it means the date itself: nobody is late from the first second.
        """
        calendar = calendar_of(version.pk if version else None)
        seconds = length(self.amount, self.unit, day_seconds(version))
        instant = self._instant(version)
        if self.side == Target.Side.BEFORE:
            due = reach_back(calendar, instant, seconds)
            return due if due > at else instant
        return calendar.reach(instant, seconds)

    def _instant(self, version: CalendarVersion | None) -> int:
        if len(self.value) > len("2026-01-01"):
            moment = datetime.fromisoformat(self.value)
            if moment.tzinfo is None:
                raise ValueError(f"{self.fact}: a time without a zone is no instant")
            return to_second(moment)
        day = date.fromisoformat(self.value)
        if self.side == Target.Side.AFTER:
            day += timedelta(days=1)
        zone = load_zone(version.business().zone if version else Company.current().time_zone)
        return to_second(datetime.combine(day, time(), tzinfo=zone))


def first_target(target: Target, version: CalendarVersion | None, anchor: Anchor | None, at: int) -> int | None:
    """The target in seconds of a clock that starts now; None when the date that it hangs on is not known."""
    if not target.anchor_fact:
        return target.seconds(day_seconds(version))
    if anchor is None:
        return None
    return calendar_of(version.pk if version else None).seconds_between(at, anchor.due(version, at))


def seconds_until(clock: engine.Clock, anchor: Anchor, version: CalendarVersion | None, at: int) -> int:
    """The target with which a running clock falls due on its date: what it used, and the working time from now."""
    return clock.consumed_at(at) + clock.calendar.seconds_between(at, anchor.due(version, at))


def reach_back(calendar: BusinessCalendar, end: int, seconds: int) -> int:
    """The latest instant t <= end with that many business seconds in [t, end).

    Raises NoWorkingTime when 400 days in a row are closed on the way, OutOfReach after fifty years.
    """
    if seconds <= 0:
        return end
    until, opened = end, end
    while seconds > 0:
        begins = until - WINDOW
        for opens, closes in reversed(list(calendar.pieces(begins, until))):
            opened = opens
            if closes - opens >= seconds:
                return closes - seconds
            seconds -= closes - opens
        until = begins
        if opened - until >= GAP_LIMIT:
            raise NoWorkingTime("no working time within 400 days")
        if end - until > HORIZON:
            raise OutOfReach("the target is not reached within fifty years")
    return opened


def day_seconds(version: CalendarVersion | None) -> int:
    """The stated length of a working day."""
    return version.day_seconds if version else AROUND_THE_CLOCK
