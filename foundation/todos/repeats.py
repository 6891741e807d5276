"""On which days a task comes again: pure arithmetic of dates, with what a working day is passed in."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAILY, WORKING_DAYS, WEEKLY, MONTHLY = "daily", "working_days", "weekly", "monthly"
UNITS = (DAILY, WORKING_DAYS, WEEKLY, MONTHLY)
LONGEST_SEARCH = 800  # days without a working day, after which a calendar counts as closed for good
LAST_DAY = date(2200, 12, 31)
IsWorking = Callable[[date], bool]


def weekdays(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < 5


@dataclass(frozen=True)
class Repeat:
    """Every so many days, working days, weeks or months from `first` on, until a day or for so many times.

    Every month keeps to the day of `first`; in a month that is too short it is the last one.
    """

    unit: str
    first: date
    every: int = 1
    until: date | None = None
    times: int | None = None

    def __post_init__(self) -> None:
        if self.unit not in UNITS or self.every < 1:
            raise ValueError(f"every {self.every} {self.unit!r}: not a repetition")

    def after(self, day: date, *, made: int = 0, is_working: IsWorking = weekdays) -> date | None:
        """The first day of the repetition later than `day`; None when `made` are enough or the end has come."""
        if self.times is not None and made >= self.times:
            return None
        found = self._next(max(day, self.first - timedelta(days=1)), is_working)
        return None if found is None or found > (self.until or LAST_DAY) else found

    def _next(self, day: date, is_working: IsWorking) -> date | None:
        if day < self.first:
            return self.first
        if self.unit == WORKING_DAYS:
            return self._working(day, is_working)
        if self.unit == MONTHLY:
            return self._month(day)
        step = self.every * (7 if self.unit == WEEKLY else 1)
        return self.first + timedelta(days=((day - self.first).days // step + 1) * step)

    def _month(self, day: date) -> date:
        passed = (day.year - self.first.year) * 12 + day.month - self.first.month
        step = passed // self.every
        found = self._in_month(step * self.every)
        return found if found > day else self._in_month((step + 1) * self.every)

    def _in_month(self, months: int) -> date:
        year, month = divmod(self.first.year * 12 + self.first.month - 1 + months, 12)
        return date(year, month + 1, min(self.first.day, calendar.monthrange(year, month + 1)[1]))

    def _working(self, day: date, is_working: IsWorking) -> date | None:
        left = self.every
        for ahead in range(1, LONGEST_SEARCH * self.every):
            found = day + timedelta(days=ahead)
            left -= is_working(found)
            if not left:
                return found
        return None


def instant(day: date, at: time | None, zone: ZoneInfo) -> datetime:
    """The moment in UTC at which the wall clock of the zone shows this; without a time the end of the day.

    An hour that the change to summer time leaves out is the same time counted on; of one that comes twice, the first.
    """
    if at is None:
        return datetime.combine(day + timedelta(days=1), time(0), zone).astimezone(UTC)
    return datetime.combine(day, at, zone).astimezone(UTC)
