"""The first decent moment: arithmetic only, `asked` comes in and nothing is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# Longest run of holidays that is waited through; beyond it something is wrong with the calendar.
MOST_DAYS = 60
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """Quiet from `begins` to `ends`, on the wall clock; over midnight where `ends` comes first; equal means never quiet."""

    begins: time
    ends: time

    def is_quiet(self, at: time) -> bool:
        """Whether nobody is written to at this time of the day."""
        if self.begins == self.ends:
            return False
        if self.begins < self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


NEVER = Hours(time(0), time(0))


def decent_moment(
    asked: datetime, hours: Hours, zone: ZoneInfo, is_working: Callable[[date], bool] | None = None
) -> datetime:
    """The earliest instant from `asked` (aware) on that is not quiet in `zone` and, where asked, on a working day there.

    Never earlier than asked; `asked` itself when it is decent, or when no working day comes within sixty days.
    """
    moment = asked
    for _round in range(MOST_DAYS + 2):
        wall = moment.astimezone(zone)
        if hours.is_quiet(wall.time()):
            after_midnight = hours.begins < hours.ends or wall.time() < hours.ends
            moment = _instant(wall.date() if after_midnight else wall.date() + DAY, hours.ends, zone, moment)
        elif is_working is not None and not is_working(wall.date()):
            moment = _instant(wall.date() + DAY, time(0), zone, moment)
        else:
            return moment
    return decent_moment(asked, hours, zone) if is_working is not None else moment


def _instant(day: date, at: time, zone: ZoneInfo, not_before: datetime) -> datetime:
    """The instant of a wall-clock time: after the gap where it is left out, the second one where the first has passed."""
    local = datetime.combine(day, at, zone)
    first, second = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return first if first > not_before else max(second, not_before + timedelta(minutes=1))
