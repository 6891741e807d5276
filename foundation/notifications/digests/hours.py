"""When a digest leaves: arithmetic only, `asked` (aware) comes in and nothing is read."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)


def next_full_hour(asked: datetime, zone: ZoneInfo) -> datetime:
    """The next full hour on the wall clock of `zone`, later than `asked`."""
    wall = asked.astimezone(zone)
    gone = timedelta(minutes=wall.minute, seconds=wall.second, microseconds=wall.microsecond)
    return asked.astimezone(UTC) + HOUR - gone


def next_time_of_day(asked: datetime, at: time, zone: ZoneInfo) -> datetime:
    """The next instant later than `asked` at which it is `at` in `zone`, once a day.

    A time that the clock leaves out comes as much later as the clock jumps; of one that comes twice the first counts.
    """
    today = asked.astimezone(zone).date()
    days = (today + timedelta(days=number) for number in range(3))
    moments = (datetime.combine(day, at, zone).astimezone(UTC) for day in days)
    return next(moment for moment in moments if moment > asked)


def after_a_flood(now: datetime, last: datetime | None, *, gather: timedelta, pause: timedelta) -> datetime:
    """Soon, so that the rest of a flood can join it, and no sooner than `pause` after the last one."""
    soon = now + gather
    return max(soon, last + pause) if last is not None else soon
