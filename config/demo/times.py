"""Moments of the past year, counted back from the moment of loading."""

from __future__ import annotations

import datetime as dt
import random
from zoneinfo import ZoneInfo

from foundation.calendars.engine import BusinessCalendar
from foundation.calendars.zones import to_datetime, to_second


class Times:
    """The year before `now`, by the working calendar of the company. All answers lie before `now`."""

    def __init__(self, now: dt.datetime, zone: str, calendar: BusinessCalendar) -> None:
        self.now = now
        self.zone = ZoneInfo(zone)
        self.calendar = calendar
        # the days of the history hang on the date alone, so that two loads of one day tell the same story
        self.today = now.astimezone(self.zone).date()

    def office(self, *, days_ago: int, rng: random.Random) -> dt.datetime:
        """A moment in office hours on a working day, about so many days ago."""
        day = self.today - dt.timedelta(days=days_ago)
        at = dt.datetime.combine(day, dt.time(9, 0), self.zone) + dt.timedelta(minutes=rng.randrange(0, 500))
        return self._open(at)

    def later(self, at: dt.datetime, hours: float) -> dt.datetime:
        """So many working hours after `at`, never in the future."""
        return min(to_datetime(self.calendar.reach(to_second(at), int(hours * 3600))), self._latest())

    def after_days(self, at: dt.datetime, days: float, rng: random.Random) -> dt.datetime:
        """In office hours, so many calendar days after `at`."""
        moment = at + dt.timedelta(days=days, minutes=rng.randrange(-90, 90))
        return min(self._open(max(moment, at + dt.timedelta(minutes=10))), self._latest())

    def day(self, at: dt.datetime, zone: str) -> dt.date:
        """The calendar day of a moment in a zone."""
        return at.astimezone(ZoneInfo(zone)).date()

    @staticmethod
    def there(day: dt.date, hour: int, zone: str) -> dt.datetime:
        """An hour of the customer's clock: nobody visits or rings up somebody at two in the morning."""
        return dt.datetime.combine(day, dt.time(hour), ZoneInfo(zone))

    @staticmethod
    def weekday(day: dt.date, *, back: bool = False) -> dt.date:
        """The day itself from Monday to Friday, else the next Monday or, `back`, the Friday before."""
        over = day.weekday() - 4
        if over <= 0:
            return day
        return day - dt.timedelta(days=over) if back else day + dt.timedelta(days=3 - over)

    @staticmethod
    def day_of(at: dt.datetime | None, zone: str) -> dt.date | None:
        """The calendar day in a zone of a moment that may not have come."""
        return None if at is None else at.astimezone(ZoneInfo(zone)).date()

    def _open(self, at: dt.datetime) -> dt.datetime:
        """`at` itself in working hours, else a little after the next opening."""
        second = to_second(at)
        if self.calendar.is_open(second):
            return at
        return to_datetime(self.calendar.reach(second, 60 * (5 + second // 60 % 170)))

    def _latest(self) -> dt.datetime:
        return self.now - dt.timedelta(minutes=5)
