"""Where entries stand on a page of the calendar: pure arithmetic, no Django.

A day is a column of quarter hours. What overlaps stands side by side; where more overlaps than fits, the rest is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

SLOT = 15  # minutes
A_DAY = 24 * 60 // SLOT
SHORTEST = 2  # slots that a word needs
LANES = (1, 2, 3, 4, 6)  # twelve columns can be divided so


@dataclass(frozen=True, slots=True)
class Block:
    """An entry in a column: its first quarter hour of the day, how many, and which lane of how many."""

    entry: Any
    first: int
    length: int
    lane: int = 0
    lanes: int = 1

    @property
    def last(self) -> int:
        """The quarter hour after it."""
        return self.first + self.length


def slots_on(start: datetime, end: datetime, day: date, zone: tzinfo) -> tuple[int, int] | None:
    """First quarter hour and how many, by the wall clock of that day; None where it does not touch the day."""
    here, there = start.astimezone(zone), end.astimezone(zone)
    if (
        here.date() > day
        or there.date() < day
        or (there.date() == day and there.time() == time() and here.date() < day)
    ):
        return None
    first = _minutes(here) // SLOT if here.date() == day else 0
    last = -(-_minutes(there) // SLOT) if there.date() == day else A_DAY
    first = min(first, A_DAY - SHORTEST)
    return first, min(max(last - first, SHORTEST), A_DAY - first)


def _minutes(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def arrange(entries: Iterable[Any], day: date, zone: tzinfo, most: int = 3) -> tuple[list[Block], list[Any]]:
    """The blocks of a day, and what does not fit beside `most` others at the same time."""
    blocks = []
    for entry in entries:
        if entry.is_whole_day:
            continue
        slots = slots_on(entry.start, entry.until, day, zone)
        if slots is not None:
            blocks.append(Block(entry, *slots))
    blocks.sort(key=lambda one: (one.first, -one.length))
    placed: list[Block] = []
    left_out: list[Any] = []
    for cluster in _clusters(blocks):
        shown, rest = _lanes(cluster, most)
        placed += shown
        left_out += rest
    return placed, left_out


def _clusters(blocks: Sequence[Block]) -> list[list[Block]]:
    """Groups that touch one another, directly or through others."""
    groups: list[list[Block]] = []
    end = -1
    for block in blocks:
        if block.first < end:
            groups[-1].append(block)
        else:
            groups.append([block])
        end = max(end, block.last)
    return groups


def _lanes(cluster: Sequence[Block], most: int) -> tuple[list[Block], list[Any]]:
    ends: list[int] = []
    at: list[tuple[Block, int]] = []
    left_out: list[Any] = []
    for block in cluster:
        free = next((number for number, end in enumerate(ends) if end <= block.first), None)
        if free is None and len(ends) < most:
            ends.append(0)
            free = len(ends) - 1
        if free is None:
            left_out.append(block.entry)
            continue
        ends[free] = block.last
        at.append((block, free))
    count = next(one for one in LANES if one >= len(ends))
    return [Block(one.entry, one.first, one.length, lane, count) for one, lane in at], left_out


def hours_of(
    blocks: Iterable[Block], open_slots: Iterable[tuple[int, int]], usual: tuple[int, int] = (8, 18)
) -> tuple[int, int]:
    """From which full hour until which the page is drawn: the usual ones, widened to whatever stands outside of them."""
    first, last = usual
    spans = [*((one.first, one.last) for one in blocks), *open_slots]
    for begin, end in spans:
        first = min(first, begin * SLOT // 60)
        last = max(last, -(-end * SLOT // 60))
    return first, last


def closed_slots(open_spans: Iterable[tuple[int, int]], first_hour: int, last_hour: int) -> list[tuple[int, int]]:
    """The stretches (first slot, how many) of the drawn hours that are not open; spans are seconds of the day."""
    at, end = first_hour * 60 // SLOT, last_hour * 60 // SLOT
    found = []
    for begin, stop in sorted(open_spans):
        opens, shuts = begin // 60 // SLOT, -(-stop // 60 // SLOT)
        if opens > at:
            found.append((at, min(opens, end) - at))
        at = max(at, shuts)
    if at < end:
        found.append((at, end - at))
    return [(one, length) for one, length in found if length > 0]


def days_from(first: date, count: int) -> list[date]:
    """So many days in a row."""
    return [first + timedelta(days=number) for number in range(count)]
