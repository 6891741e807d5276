"""Business calendar arithmetic: pure, exact to the second, needs no Django.

The one rule: t is a business instant if and only if the wall clock at t, in the calendar's zone, lies in a
span of that local date. Instants are whole POSIX seconds, intervals are half-open. Spans become pieces of UTC
in blocks of 32 days, built when first asked for and kept, so that a sum or a due time is a binary search.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from foundation.calendars.zones import DAY, UnknownZone, load_zone, offset_segments

BLOCK = 32 * DAY
# Nothing open for this long: the calendar has no working time.
GAP_LIMIT = 400 * DAY
# A target that needs longer than this is a mistake; the search ends here.
HORIZON = 50 * 366 * DAY
# A range of dates longer than this is a mistake.
LONGEST_RANGE = 400

Span = tuple[int, int]
Spans = tuple[Span, ...]

_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_EPOCH_DAY = date(1970, 1, 1).toordinal()


class CalendarError(ValueError):
    """The calendar is wrong, or cannot answer; the message says why. `message` and `params` let a form translate it."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params if params else message)
        self.message = message
        self.params = params


class NoWorkingTime(CalendarError):
    """Nothing is open within 400 days."""


class OutOfReach(CalendarError):
    """The answer lies beyond the times that we count."""


@dataclass(slots=True)
class _Block:
    """The business pieces of 32 days: starts, ends, and the business seconds before each piece."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    before: list[int] = field(default_factory=list)
    total: int = 0

    def add(self, start: int, end: int) -> None:
        if self.ends and self.ends[-1] == start:
            self.ends[-1] = end
        else:
            self.starts.append(start)
            self.ends.append(end)
            self.before.append(self.total)
        self.total += end - start

    def seconds_before(self, second: int) -> int:
        index = bisect_right(self.starts, second) - 1
        if index < 0:
            return 0
        return self.before[index] + min(second, self.ends[index]) - self.starts[index]

    def instant_after(self, seconds: int) -> int:
        """The earliest instant with that many business seconds of this block behind it; 0 < seconds <= total."""
        index = bisect_right(self.before, seconds - 1) - 1
        return self.starts[index] + seconds - self.before[index]


class BusinessCalendar:
    """One version of a calendar: a zone, a weekly plan, closed dates, special dates. Immutable."""

    def __init__(
        self,
        zone: str,
        weekly: Mapping[int, Spans],
        closed: frozenset[date] = frozenset(),
        special: Mapping[date, Spans] | None = None,
    ) -> None:
        """Spans are seconds of the local day. Raises CalendarError when the plan contradicts itself."""
        try:
            load_zone(zone)
        except UnknownZone as error:
            raise CalendarError("unknown time zone %(value)r", value=zone) from error
        special = special or {}
        both = sorted(closed & special.keys())
        if both:
            raise CalendarError("%(date)s is both closed and special", date=both[0].isoformat())
        self.zone = zone
        self._weekly = {day: check_spans(spans, f"weekday {day}") for day, spans in weekly.items()}
        if not self._weekly.keys() <= set(range(1, 8)):
            raise CalendarError("weekdays are numbered 1 (Monday) to 7")
        self._special = {d.toordinal() - _EPOCH_DAY: check_spans(s, d.isoformat()) for d, s in special.items()}
        self._closed = frozenset(d.toordinal() - _EPOCH_DAY for d in closed)
        self._blocks: dict[int, _Block] = {}

    @classmethod
    def from_plan(cls, plan: Any) -> BusinessCalendar:
        """A calendar from its JSON form (`tz`, `weekly`, `closed`, `special`, `closures`); raises CalendarError."""
        if not isinstance(plan, Mapping):
            raise CalendarError("a calendar is an object with tz and weekly")
        zone = plan.get("tz")
        if not isinstance(zone, str):
            raise CalendarError("a calendar needs tz, the name of a time zone")
        weekly = _mapping(plan, "weekly")
        if not all(isinstance(day, str) and day in "1234567" and len(day) == 1 for day in weekly):
            raise CalendarError("weekdays are numbered 1 (Monday) to 7")
        closed = plan.get("closed")
        if closed is not None and not isinstance(closed, list | tuple):
            raise CalendarError("closed is a list of dates")
        hours = {int(day): parse_spans(spans, f"weekday {day}") for day, spans in weekly.items()}
        days = {parse_date(text) for text in closed or ()}
        special = {parse_date(text): parse_spans(spans, text) for text, spans in _mapping(plan, "special").items()}
        base = cls(
            zone, hours, frozenset(days), special
        )  # what contradicts itself is wrong before closures lie over it
        if not plan.get("closures"):
            return base
        shut, shortened = _closures(plan["closures"], hours, days, special)
        return cls(zone, hours, frozenset(days | shut), {**special, **shortened})

    def spans_on(self, day: date) -> Spans:
        """Wall-clock spans of a local date: special date, else closed date, else weekly plan."""
        return self._spans(day.toordinal() - _EPOCH_DAY)

    def seconds_between(self, start: int, end: int) -> int:
        """Business seconds in [start, end); 0 when end is not after start."""
        if end <= start:
            return 0
        first, last = start // BLOCK, end // BLOCK
        if first == last:
            block = self._block(first)
            return block.seconds_before(end) - block.seconds_before(start)
        opening = self._block(first)
        middle = sum(self._block(number).total for number in range(first + 1, last))
        return opening.total - opening.seconds_before(start) + middle + self._block(last).seconds_before(end)

    def reach(self, start: int, seconds: int) -> int:
        """The earliest instant t >= start with that many business seconds in [start, t).

        Raises NoWorkingTime when 400 days in a row are closed on the way, OutOfReach after fifty years.
        """
        if seconds <= 0:
            return start
        number = start // BLOCK
        block = self._block(number)
        wanted = seconds + block.seconds_before(start)
        open_until = start
        while wanted > block.total:
            wanted -= block.total
            if block.ends:
                open_until = max(open_until, block.ends[-1])
            number += 1
            block = self._block(number)
            opens = block.starts[0] if block.starts else (number + 1) * BLOCK
            if opens - open_until >= GAP_LIMIT:
                raise NoWorkingTime("no working time within 400 days")
            if number * BLOCK - start > HORIZON:
                raise OutOfReach("the target is not reached within fifty years")
        return block.instant_after(wanted)

    def check_working_time(self, start: int) -> None:
        """Raise NoWorkingTime unless some second of [start, start + 400 days) is a business second."""
        self.reach(start, 1)

    def is_open(self, second: int) -> bool:
        """Whether this is a business instant."""
        return self.seconds_between(second, second + 1) == 1

    def pieces(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The business stretches within [start, end), in order, as instants."""
        for number in range(start // BLOCK, (end - 1) // BLOCK + 1):
            block = self._block(number)
            for opens, closes in zip(block.starts, block.ends, strict=True):
                if opens < end and closes > start:
                    yield max(opens, start), min(closes, end)

    def _spans(self, day: int) -> Spans:
        special = self._special.get(day)
        if special is not None:
            return special
        if day in self._closed:
            return ()
        return self._weekly.get((day + 3) % 7 + 1, ())

    def _block(self, number: int) -> _Block:
        block = self._blocks.get(number)
        if block is None:
            block = self._blocks[number] = self._build(number * BLOCK, (number + 1) * BLOCK)
        return block

    def _build(self, start: int, end: int) -> _Block:
        try:
            segments = offset_segments(self.zone, start, end)
        except (OverflowError, ValueError) as error:
            raise OutOfReach("a time outside the years that we count") from error
        block = _Block()
        # Stretch by stretch of constant offset, so that the pieces come in the order of the instants even
        # where a repeated hour makes a local date come twice.
        for opened, closed, offset in segments:
            for day in range((opened + offset) // DAY, (closed + offset - 1) // DAY + 1):
                midnight = day * DAY - offset
                for a, b in self._spans(day):
                    piece = max(midnight + a, opened), min(midnight + b, closed)
                    if piece[0] < piece[1]:
                        block.add(*piece)
        return block


def always_open(zone: str = "UTC") -> BusinessCalendar:
    """The 24x7 calendar."""
    return BusinessCalendar(zone, dict.fromkeys(range(1, 8), ((0, DAY),)))


def check_spans(spans: Spans, where: str) -> Spans:
    """The spans in order; raises CalendarError when one is empty, leaves the day, or two overlap."""
    ordered = tuple(sorted((int(a), int(b)) for a, b in spans))
    for a, b in ordered:
        if not 0 <= a < b <= DAY:
            raise CalendarError("%(where)s: a span must end after it begins, within the day", where=where)
    for (_, ended), (begins, _) in zip(ordered, ordered[1:], strict=False):
        if begins < ended:
            raise CalendarError("%(where)s: spans overlap", where=where)
    return ordered


def parse_spans(value: Any, where: str) -> Spans:
    """Spans from their JSON form, a list of ["09:00", "17:30"]; `24:00` is the end of the day."""
    if not isinstance(value, list | tuple):
        raise CalendarError("%(where)s: spans are a list of [begin, end]", where=where)
    spans = []
    for item in value:
        if not isinstance(item, list | tuple) or len(item) != 2:
            raise CalendarError("%(where)s: a span is [begin, end]", where=where)
        spans.append((parse_time(item[0]), parse_time(item[1])))
    return check_spans(tuple(spans), where)


def parse_time(value: Any) -> int:
    """Seconds of the day from `HH:MM` or `HH:MM:SS`, up to 24:00; `:60` seconds are the next minute."""
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise CalendarError("%(value)r is no time of the day", value=value)
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    total = hours * 3600 + minutes * 60 + seconds
    if minutes > 59 or seconds > 60 or total > DAY:
        raise CalendarError("%(value)r is no time of the day", value=value)
    return total


def format_time(seconds: int) -> str:
    """`HH:MM`, or `HH:MM:SS` where seconds matter: the inverse of parse_time."""
    text = f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"
    return f"{text}:{seconds % 60:02}" if seconds % 60 else text


def parse_date(value: Any) -> date:
    """A date from `YYYY-MM-DD`; raises CalendarError."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise CalendarError("%(value)r is no date", value=value)
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise CalendarError("%(value)r is no date", value=value) from error


def _closures(
    value: Any, weekly: Mapping[int, Spans], closed: set[date], special: Mapping[date, Spans]
) -> tuple[set[date], dict[date, Spans]]:
    """Dates that own closures shut, and those that they shorten. What is closed anyway stays closed."""
    if not isinstance(value, list | tuple):
        raise CalendarError("closures are a list")
    shut: set[date] = set()
    shortened: dict[date, Spans] = {}
    taken: set[date] = set()
    for item in value:
        if not isinstance(item, Mapping):
            raise CalendarError("a closure is an object with first and last")
        hours = parse_spans(item.get("spans") or [], str(item.get("first")))
        for day in days_between(parse_date(item.get("first")), parse_date(item.get("last"))):
            if day in taken:
                raise CalendarError("%(date)s lies in two closures", date=day.isoformat())
            if day in special:
                raise CalendarError("%(date)s is both closed and special", date=day.isoformat())
            taken.add(day)
            if not hours:
                shut.add(day)
            elif day not in closed and weekly.get(day.isoweekday()):
                shortened[day] = hours
    return shut, shortened


def days_between(first: date, last: date) -> list[date]:
    """The dates from first to last, both included; raises CalendarError when there are none, or more than 400."""
    count = (last - first).days + 1
    if not 0 < count <= LONGEST_RANGE:
        raise CalendarError("the last day must follow the first, within 400 days")
    return [first + timedelta(days=n) for n in range(count)]


def _mapping(plan: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = plan.get(key)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise CalendarError("%(key)s is an object", key=key)
    return value
