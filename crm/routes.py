"""The arithmetic of a day on the road: distances, travel times, when to leave and when to be there. Pure: knows no record.

Minutes are whole and moments are aware. There is no map: a distance is the straight line over the globe, made longer by
the detour that roads take.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

EARTH_RADIUS_M = 6_371_000


@dataclass(frozen=True)
class Position:
    """A place on the globe, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Pace:
    """How fast we travel: km/h on the road, how much longer roads are than the line in percent, minutes when nothing is known."""

    speed_kmh: int
    detour_percent: int
    usual_minutes: int


@dataclass(frozen=True)
class Travel:
    """The way to a stop in minutes, and how we know: `entered` by somebody, `estimated` from `metres`, or `usual`."""

    minutes: int
    source: str
    metres: int | None = None


@dataclass(frozen=True)
class Stop:
    """One appointment of the day: when it runs, how early to be there, where it is, and the way as somebody entered it."""

    start: datetime
    end: datetime
    early_minutes: int
    position: Position | None = None
    entered_minutes: int | None = None


@dataclass(frozen=True)
class Leg:
    """How one stop is reached. `short_minutes` is by how much the way does not fit; `overlaps` when two run at once."""

    leave_at: datetime
    arrive_at: datetime
    travel: Travel
    overlaps: bool = False
    short_minutes: int = 0


def distance_m(one: Position, other: Position) -> int:
    """Metres along the globe, rounded."""
    first, second = math.radians(one.latitude), math.radians(other.latitude)
    half = math.sin((second - first) / 2) ** 2
    half += math.cos(first) * math.cos(second) * math.sin(math.radians(other.longitude - one.longitude) / 2) ** 2
    return round(2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, half))))


def minutes_for(metres: int, pace: Pace) -> int:
    """Whole minutes for that distance as the crow flies, rounded up."""
    road = metres * (100 + pace.detour_percent) / 100
    return math.ceil(round(road * 60 / (pace.speed_kmh * 1000), 6))


def travel_between(start: Position | None, stop: Stop, pace: Pace) -> Travel:
    """What was entered counts; else an estimate where both ends are known; else the usual time."""
    if stop.entered_minutes is not None:
        return Travel(stop.entered_minutes, "entered")
    if start is None or stop.position is None:
        return Travel(pace.usual_minutes, "usual")
    metres = distance_m(start, stop.position)
    return Travel(minutes_for(metres, pace), "estimated", metres)


def plan_day(stops: Sequence[Stop], pace: Pace, home: Position | None = None) -> list[Leg]:
    """One leg for each stop, which must come sorted by start. The first is travelled to from `home`.

    A stop is reached from the one before it. The way fits when it can begin no earlier than that one ends.
    """
    legs: list[Leg] = []
    here, free_at = home, None
    for stop in stops:
        travel = travel_between(here, stop, pace)
        arrive_at = stop.start - timedelta(minutes=stop.early_minutes)
        leave_at = arrive_at - timedelta(minutes=travel.minutes)
        overlaps = free_at is not None and stop.start < free_at
        missing = (free_at - leave_at).total_seconds() / 60 if free_at is not None else 0.0
        legs.append(Leg(leave_at, arrive_at, travel, overlaps, max(0, math.ceil(missing))))
        here = stop.position
        free_at = stop.end if free_at is None else max(free_at, stop.end)
    return legs


def swapped(first: tuple[datetime, datetime], second: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    """New beginnings of two neighbouring appointments that change places within the time that both take together.

    The second begins when the first did; the first ends when the last of them did. Their lengths stay.
    """
    end = max(first[1], second[1])
    return end - (first[1] - first[0]), first[0]
