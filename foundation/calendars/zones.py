"""Time zones from the one tzdata package that requirements pin, never from the machine.

Two machines with different system zone files must not count a deadline differently.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

DAY = 86_400
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# No zone has ever had two changes of its offset within six hours.
PROBE = DAY // 4
_KEY = re.compile(r"[A-Za-z0-9_+\-]+(/[A-Za-z0-9_+\-]+)*")


class UnknownZone(ValueError):
    """The name is no IANA time zone."""


@lru_cache(maxsize=1024)
def load_zone(key: str) -> ZoneInfo:
    """The IANA zone of this name out of the pinned tzdata; raises UnknownZone."""
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise UnknownZone(f"unknown time zone {key!r}")
    path = resources.files("tzdata").joinpath("zoneinfo", *key.split("/"))
    try:
        with path.open("rb") as file:
            return ZoneInfo.from_file(file, key=key)
    except (OSError, ValueError) as error:
        raise UnknownZone(f"unknown time zone {key!r}") from error


def to_datetime(second: int) -> datetime:
    """The instant as an aware UTC datetime; raises OverflowError outside the years 1 to 9999."""
    return EPOCH + timedelta(seconds=second)


def to_second(instant: datetime) -> int:
    """Whole POSIX seconds of an aware datetime, cut (not rounded)."""
    if instant.tzinfo is None:
        raise ValueError("a time without a zone is no instant")
    # Through UTC: subtracting two datetimes of one ZoneInfo would be wall-clock arithmetic.
    return (instant.astimezone(UTC) - EPOCH) // timedelta(seconds=1)


def offset_at(zone: ZoneInfo, second: int) -> int:
    """Seconds that the zone's wall clock is ahead of UTC at this instant."""
    offset = to_datetime(second).astimezone(zone).utcoffset()
    assert offset is not None
    return offset // timedelta(seconds=1)


@lru_cache(maxsize=8192)
def offset_segments(key: str, start: int, end: int) -> tuple[tuple[int, int, int], ...]:
    """Stretches (from, to, offset) of constant UTC offset that together cover [start, end)."""
    zone = load_zone(key)
    segments = []
    opened, offset = start, offset_at(zone, start)
    probe = start
    while probe < end:
        ahead = min(probe + PROBE, end)
        if offset_at(zone, ahead) != offset:
            change = _first_change(zone, probe, ahead, offset)
            if change < end:
                segments.append((opened, change, offset))
                opened, offset = change, offset_at(zone, change)
        probe = ahead
    segments.append((opened, end, offset))
    return tuple(segments)


def _first_change(zone: ZoneInfo, low: int, high: int, offset: int) -> int:
    while high - low > 1:
        middle = (low + high) // 2
        if offset_at(zone, middle) == offset:
            low = middle
        else:
            high = middle
    return high
