"""What the page of the calendar shows: days, weeks, months and teams as plain values for its templates."""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.calendars.diary import arranging
from foundation.calendars.diary.entries import Asked, Entry, Source, entries_between
from foundation.calendars.diary.openings import Opening, opening_of
from foundation.calendars.diary.whose import Whose
from foundation.calendars.forms import WEEKDAYS
from foundation.calendars.zones import UnknownZone, load_zone
from foundation.ui import formats
from foundation.ui.addresses import page_url
from foundation.ui.places import zone_name

VIEWS = ("day", "week", "month")
FIRST, LAST = date(1990, 1, 1), date(2199, 12, 1)
IN_A_CELL = 3
SIDE_BY_SIDE = {"day": 6, "week": 3}


@dataclass(frozen=True)
class Place:
    """What the address says: a view, a day, whose, which kinds (empty: all)."""

    view: str
    day: date
    who: str = ""
    kinds: tuple[str, ...] = ()

    def url(self, **other: Any) -> str:
        """The address of this place, or of one beside it."""
        said: dict[str, Any] = {"view": self.view, "day": self.day, "who": self.who, "kinds": self.kinds, **other}
        query = {"view": said["view"], "date": said["day"].isoformat()}
        if said["who"]:
            query["who"] = said["who"]
        if said["kinds"]:
            query["kinds"] = ",".join(said["kinds"])
        return f"{page_url('calendars:diary')}?{urlencode(query, safe=',')}"

    def shifted(self, by: int) -> Place:
        """One day, week or month on or back."""
        if self.view == "month":
            number = self.day.year * 12 + self.day.month - 1 + by
            year, month = divmod(number, 12)
            last = gregorian.monthrange(year, month + 1)[1]
            day = date(year, month + 1, min(self.day.day, last))
        else:
            day = self.day + timedelta(days=by * (7 if self.view == "week" else 1))
        return Place(self.view, min(max(day, FIRST), LAST), self.who, self.kinds)

    @property
    def days(self) -> list[date]:
        """The days that are drawn."""
        if self.view == "day":
            return [self.day]
        monday = self.day - timedelta(days=self.day.weekday())
        if self.view == "week":
            return arranging.days_from(monday, 7)
        weeks = gregorian.Calendar().monthdatescalendar(self.day.year, self.day.month)
        return [day for week in weeks for day in week]

    @property
    def title(self) -> str:
        """Which days these are, for people."""
        if self.view == "day":
            return (
                f"{formats.weekday(self.day)} {self.day.year}"
                if _comes_last()
                else f"{self.day.year}年{formats.weekday(self.day)}"
            )
        if self.view == "month":
            return formats.month_and_year(self.day)
        days = self.days
        return f"{formats.day(days[0])} – {formats.day(days[-1])}"


def _comes_last() -> bool:
    return formats.locale().language != "zh"


class Drawing:
    """One page: asks every source once and hands out columns, rows or weeks."""

    def __init__(self, reader: Any, place: Place, whose: Whose, sources: Sequence[Source]) -> None:
        self.reader, self.place, self.whose = reader, place, whose
        self.sources = {one.code: one for one in sources}
        self.zone = timezone.get_current_timezone()
        self.today = timezone.localdate()
        self.people = {one.pk: one for one in whose.people}
        days = place.days
        asked = Asked(reader, tuple(self.people), self._midnight(days[0]), self._midnight(days[-1] + timedelta(days=1)))
        self.entries = entries_between(asked, sources)
        self._by_day = self._sorted(days[0], days[-1])
        self._openings: dict[tuple[int | None, date], Opening | None] = {}

    def _midnight(self, day: date) -> datetime:
        return timezone.make_aware(datetime.combine(day, time()), self.zone)

    def opening(self, person: User, day: date) -> Opening | None:
        """Whether this person's team works on that day; each is worked out once."""
        key = (person.team_id, day)
        if key not in self._openings:
            self._openings[key] = opening_of(*key, self.zone)
        return self._openings[key]

    def on(self, day: date, person: User | None = None) -> list[Entry]:
        """What stands on a day, of one person where one is named."""
        found = self._by_day.get(day, [])
        return found if person is None else [one for one in found if person.pk in one.people]

    def _sorted(self, first: date, last: date) -> dict[date, list[Entry]]:
        found: dict[date, list[Entry]] = {}
        for entry in self.entries:
            begins, ends = entry.days(self.zone)
            for number in range((min(ends, last) - max(begins, first)).days + 1):
                found.setdefault(max(begins, first) + timedelta(days=number), []).append(entry)
        return found

    # ------------------------------------------------------------ rows

    def row(self, entry: Entry, day: date, *, named: bool = False) -> dict[str, Any]:
        """One entry as a template shows it; `named` says whose it is."""
        source = self.sources[entry.source]
        names = [str(self.people[pk]) for pk in entry.people if pk in self.people] if named else []
        parts = [entry.customer, entry.place, *names]
        return {
            "key": entry.key,
            "code": entry.source,
            "icon": source.icon,
            "word": source.word,
            "title": entry.title,
            "url": entry.url,
            "times": self._times(entry, source, day),
            "more": " · ".join(part for part in parts if part),
            "zone": self._zone_words(entry),
            "state": entry.state,
            "tone": entry.tone,
            "is_tentative": entry.is_tentative,
            "move": page_url("calendars:diary") + f"{entry.source}/{entry.pk}/move/" if entry.may_move else "",
            "start": self._local(entry.start),
            "minutes": 0 if entry.is_whole_day else int((entry.until - entry.start).total_seconds() // 60),  # type: ignore[operator]
            "has_end": not source.is_point and not entry.is_whole_day,
        }

    def _times(self, entry: Entry, source: Source, day: date) -> str:
        if not isinstance(entry.start, datetime):
            return ""
        here, there = timezone.localtime(entry.start, self.zone), timezone.localtime(entry.until, self.zone)
        begins = formats.clock_time(here.timetz()) if here.date() == day else "…"
        if source.is_point:
            return begins
        ends = formats.clock_time(there.timetz()) if there.date() == day else "…"
        return f"{begins}–{ends}"

    def _zone_words(self, entry: Entry) -> str:
        """The time where it takes place, if the clocks there show another one."""
        if not entry.zone or not isinstance(entry.start, datetime):
            return ""
        try:
            there = entry.start.astimezone(load_zone(entry.zone))
        except UnknownZone:
            return ""
        here = timezone.localtime(entry.start, self.zone)
        if there.utcoffset() == here.utcoffset():
            return ""
        city = zone_name(entry.zone)
        when = formats.clock_time(there.timetz())
        if there.date() != here.date():
            when = f"{formats.weekday_short(there.date())} {when}"
        return _("%(time)s in %(place)s") % {"time": when, "place": city}

    def _local(self, moment: Any) -> str:
        if isinstance(moment, datetime):
            return f"{timezone.localtime(moment, self.zone):%Y-%m-%dT%H:%M}"
        return str(moment)

    # ------------------------------------------------------------ day and week: columns

    def columns(self) -> dict[str, Any]:
        """Columns of quarter hours: a person's days, or a team's people on one day; hours that all of them share."""
        days, people = self.place.days, self.whose.people
        wanted = [(day, person) for day in days for person in people]
        arranged = {
            (day, person.pk): arranging.arrange(self.on(day, person), day, self.zone, SIDE_BY_SIDE[self.place.view])
            for day, person in wanted
        }
        openings = [self.opening(person, day) for day, person in wanted]
        slots = [
            (first // 60 // arranging.SLOT, -(-last // 60 // arranging.SLOT))
            for one in openings
            if one is not None
            for first, last in one.spans
        ]
        blocks = [block for found, _rest in arranged.values() for block in found]
        first_hour, last_hour = arranging.hours_of(blocks, slots)
        hours = range(first_hour, last_hour)
        return {
            "hours": [{"at": (hour - first_hour) * 4, "text": f"{hour:02}:00"} for hour in hours],
            "first_hour": first_hour,
            "last_hour": last_hour,
            "columns": [
                self._column(day, person, *arranged[day, person.pk], first_hour, last_hour) for day, person in wanted
            ],
        }

    def _column(
        self, day: date, person: User, blocks: list[arranging.Block], rest: list[Entry], first: int, last: int
    ) -> dict[str, Any]:
        offset = first * 60 // arranging.SLOT
        whole = [one for one in self.on(day, person) if one.is_whole_day]
        opening = self.opening(person, day)
        spans = opening.spans if opening is not None else ((0, 86400),)
        begin = max(first, 9)
        return {
            **self._head(day, opening),
            "name": str(person) if self.whose.is_team else "",
            "person": person.pk,
            "person_url": self.place.url(who=str(person.pk)),
            "whole": [self.row(one, day) for one in whole],
            "blocks": [
                {
                    **self.row(one.entry, day),
                    "at": one.first - offset,
                    "length": one.length,
                    "lane": one.lane,
                    "lanes": one.lanes,
                }
                for one in blocks
            ],
            "rest": len(rest),
            "off": [{"at": at - offset, "length": length} for at, length in arranging.closed_slots(spans, first, last)],
            "slots": [
                {"at": (hour - first) * 4, "url": self._new_url(day, hour), "text": f"{hour:02}:00"}
                for hour in range(first, last)
            ],
            "now": self._now_slot(day, first, last),
            "new": self._new_url(day, begin),
            "is_empty": not blocks and not whole,
        }

    def _head(self, day: date, opening: Opening | None) -> dict[str, Any]:
        return {
            "iso": day.isoformat(),
            "number": day.day,
            "short": formats.weekday_short(day),
            "long": formats.weekday(day),
            "is_today": day == self.today,
            "is_open": opening is None or opening.is_open,
            "word": self._told(opening),
            "url": self.place.url(view="day", day=day),
        }

    @staticmethod
    def _told(opening: Opening | None) -> str:
        """What the reader must know of the day; a weekend speaks for itself."""
        if opening is None or opening.kind in ("open", "free"):
            return ""
        return opening.name or opening.word

    def _new_url(self, day: date, hour: int) -> str:
        return f"{page_url('calendars:diary-new')}?at={day.isoformat()}T{hour:02}:00"

    def _now_slot(self, day: date, first: int, last: int) -> int | None:
        now = timezone.localtime(timezone.now(), self.zone)
        if day != now.date() or not first <= now.hour < last:
            return None
        return ((now.hour - first) * 60 + now.minute) // arranging.SLOT

    # ------------------------------------------------------------ a team's week: rows

    def team_rows(self) -> dict[str, Any]:
        """A row for each person, a cell for each day."""
        days = self.place.days
        return {
            "heads": [self._head(day, self.opening(self.whose.people[0], day)) for day in days],
            "rows": [
                {
                    "name": str(person),
                    "person": person.pk,
                    "url": self.place.url(who=str(person.pk)),
                    "cells": [self._cell(day, person) for day in days],
                }
                for person in self.whose.people
            ],
        }

    def _cell(self, day: date, person: User | None = None) -> dict[str, Any]:
        found = self.on(day, person)
        named = person is None and self.whose.is_team
        opening = self.opening(person or self.whose.people[0], day)
        shown = found if len(found) <= IN_A_CELL + 1 else found[:IN_A_CELL]
        return {
            **self._head(day, opening),
            "entries": [self.row(one, day, named=named) for one in shown],
            "rest": len(found) - len(shown),
            "count": len(found),
            "is_outside": day.month != self.place.day.month,
            "new": self._new_url(day, 9),
        }

    # ------------------------------------------------------------ month

    def weeks(self) -> dict[str, Any]:
        """The weeks of the month, with the days of its neighbours."""
        cells = [self._cell(day) for day in self.place.days]
        weeks = [cells[start : start + 7] for start in range(0, len(cells), 7)]
        return {"heads": [(one["short"], name) for one, name in zip(weeks[0], WEEKDAYS, strict=True)], "weeks": weeks}

    def strip(self) -> list[dict[str, Any]]:
        """The seven days around, for phones."""
        monday = self.place.day - timedelta(days=self.place.day.weekday())
        return [
            {
                "url": self.place.url(view="day", day=day),
                "short": formats.weekday_short(day),
                "long": formats.weekday(day),
                "number": day.day,
                "is_current": day == self.place.day,
                "is_today": day == self.today,
            }
            for day in arranging.days_from(monday, 7)
        ]
