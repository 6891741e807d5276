"""The registry: what stands in people's calendars. Later stages register sources, this room asks them.

A source reads with a fixed number of queries, whatever the number of entries, and gives only what the reader may see.
Whether an entry may be moved it decides by the rules of its own service; moving calls that service and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from django.utils import timezone

MOST = 2000  # of one source in one answer: a month of a large team
POINT = timedelta(minutes=30)  # how long something without an end is drawn


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a calendar: from moment to moment (the end is outside), or on whole days (the last one is inside)."""

    source: str
    pk: int
    start: datetime | date
    end: datetime | date | None
    title: str
    people: tuple[int, ...]
    url: str = ""
    customer: str = ""
    place: str = ""
    state: str = ""
    tone: str = "plain"
    zone: str = ""  # of the place, where it is another than the reader's
    may_move: bool = False
    is_tentative: bool = False
    asks_telling: bool = False  # whether somebody outside may be told of a new time
    customer_id: int | None = None
    country: str = ""

    @property
    def is_whole_day(self) -> bool:
        """Whether it has days and no time."""
        return not isinstance(self.start, datetime)

    @property
    def key(self) -> str:
        """What addresses and marks call it."""
        return f"{self.source}-{self.pk}"

    @property
    def until(self) -> datetime:
        """When it ends, for a moment too; only for what has a time."""
        assert isinstance(self.start, datetime)
        return self.end if isinstance(self.end, datetime) else self.start + POINT

    def days(self, zone: tzinfo) -> tuple[date, date]:
        """The first and the last day on which it stands."""
        if not isinstance(self.start, datetime):
            return self.start, self.end if isinstance(self.end, date) else self.start
        last = max(self.start, self.until - timedelta(microseconds=1))
        return timezone.localtime(self.start, zone).date(), timezone.localtime(last, zone).date()


@dataclass(frozen=True, slots=True)
class Asked:
    """Who looks, at whom, and from when until when (the end is outside), in the reader's zone."""

    reader: Any
    people: tuple[int, ...]
    start: datetime
    end: datetime

    @property
    def first_day(self) -> date:
        """The first day asked for."""
        return timezone.localtime(self.start).date()

    @property
    def last_day(self) -> date:
        """The last day asked for."""
        return timezone.localtime(self.end - timedelta(microseconds=1)).date()

    def of(self, *ids: int | None) -> tuple[int, ...]:
        """Those of these people who are asked for."""
        return tuple(dict.fromkeys(pk for pk in ids if pk is not None and pk in self.people))


Between = Callable[[Asked], Iterable[Entry]]
Find = Callable[[Any, int], Entry | None]
Move = Callable[..., None]  # move(pk, actor=, start=, end=, tells=)


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of entry. `is_busy`: two of one person at once do not fit; `is_point`: it has a time and no end."""

    code: str
    label: Any
    word: Any
    icon: str
    order: int
    between: Between
    find: Find | None = None
    move: Move | None = None
    permission: str = ""
    is_busy: bool = False
    is_point: bool = False


@dataclass(frozen=True, slots=True)
class Beginning:
    """Something that can be begun at an empty place; `query(moment)` prefills its form."""

    code: str
    label: Any
    icon: str
    url_name: str
    order: int
    query: Callable[[datetime], dict[str, str]]
    permission: str = ""


_sources: dict[str, Source] = {}
_beginnings: dict[str, Beginning] = {}


def register_source(source: Source) -> None:
    """Let a stage's entries stand in the calendar."""
    _sources[source.code] = source


def register_beginning(beginning: Beginning) -> None:
    """Let something be begun from an empty place of the calendar."""
    _beginnings[beginning.code] = beginning


def sources_for(user: Any) -> list[Source]:
    """The kinds that this person may see, in their order."""
    found = [one for one in _sources.values() if not one.permission or user.has_perm(one.permission)]
    return sorted(found, key=lambda one: one.order)


def source_named(user: Any, code: str) -> Source | None:
    """One kind, if this person may see it."""
    return next((one for one in sources_for(user) if one.code == code), None)


def beginnings_for(user: Any) -> list[Beginning]:
    """What this person may begin, in order."""
    found = [one for one in _beginnings.values() if not one.permission or user.has_perm(one.permission)]
    return sorted(found, key=lambda one: one.order)


def entries_between(asked: Asked, sources: Sequence[Source]) -> list[Entry]:
    """What stands between the two moments, of these kinds: whole days first, then by time. Each source asks once or twice."""
    found = [entry for source in sources for entry in source.between(asked)]
    return sorted(found, key=_order)


def _order(entry: Entry) -> tuple[bool, str, str, int]:
    begins = entry.start.isoformat()
    if isinstance(entry.start, datetime):
        begins = timezone.localtime(entry.start).replace(tzinfo=None).isoformat()
    return (not entry.is_whole_day, begins, entry.source, entry.pk)
