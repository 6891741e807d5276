"""Who held a case, for how long: by the wall and in the working time of the promise's calendar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from foundation.accounts.models import Team, User
from foundation.calendars.zones import to_second
from foundation.sla import ledger
from foundation.sla.badges import day_seconds, working_time
from foundation.sla.models import Clock, Entry, Holder
from foundation.sla.rows import calendar_of, load_versions
from foundation.sla.selectors.clocks import record_type
from foundation.ui import formats
from foundation.ui.prepared import prepared
from foundation.ui.table import Head, Row, render_rows

HELD_BY = Head(_lazy("Department"), "title")
PEOPLE = Head(_lazy("People"), "fact")
FROM = Head(pgettext_lazy("beginning of a period", "From"), "fact")
UNTIL = Head(pgettext_lazy("end of a period", "Until"), "fact")
HELD = Head(_lazy("Held for"), "fact", is_number=True)
WORKING = Head(_lazy("Working time"), "end", is_number=True)
COUNTED = Head(_lazy("Of it counted"), "extra", is_number=True)


@dataclass(frozen=True)
class Share:
    """One stretch in somebody's hands; lengths in seconds, `counted` without the pauses."""

    owner_id: int | None
    team_id: int | None
    since: datetime
    until: datetime | None
    elapsed: int
    working: int
    counted: int


def shares(clock: Clock, entries: Sequence[Entry], holders: Sequence[Holder], now: datetime) -> list[Share]:
    """The life of a clock divided among those who held it, in order; the last one reaches to its stop or to now."""
    spans = ledger.stretches(clock, entries, now)
    ends = clock.stopped_at or now
    found = []
    for index, one in enumerate(holders):
        following = holders[index + 1].since if index + 1 < len(holders) else None
        begins, until = to_second(one.since), to_second(min(following or ends, ends))
        working = counted = 0
        for span in spans:
            a, b = max(begins, to_second(span.begins)), min(until, to_second(span.ends or ends))
            seconds = calendar_of(span.version_id).seconds_between(a, b) if b > a else 0
            working += seconds
            counted += seconds if span.state == Clock.State.RUNNING else 0
        closed = following or clock.stopped_at
        found.append(Share(one.owner_id, one.team_id, one.since, closed, max(until - begins, 0), working, counted))
    return found


def holders_of(clock: Clock) -> list[Holder]:
    """Who held a clock, in order; one that is older than this record of holders was always its owner's."""
    known = list(Holder.objects.filter(clock=clock))
    return known or [Holder(clock=clock, owner_id=clock.owner_id, since=clock.started_at)]


@dataclass(frozen=True)
class Table:
    """A small table, ready to be drawn."""

    heads: Sequence[Head]
    rows: SafeString


def holding_of(clock: Clock, entries: Sequence[Entry], now: datetime | None = None) -> Table:
    """For the ledger: each stretch in somebody's hands. Three queries at most."""
    found = shares(clock, entries, holders_of(clock), now or timezone.now())
    people, teams = _names(found)
    heads, day = [HELD_BY, PEOPLE, FROM, UNTIL, HELD, WORKING, COUNTED], day_seconds(clock)
    rows = [
        Row(
            [
                teams.get(one.team_id or 0, "–"),
                people.get(one.owner_id or 0, _("Nobody")),
                formats.exact(one.since),
                formats.exact(one.until) if one.until else _("now"),
                formats.span(one.elapsed),
                working_time(one.working, day),
                working_time(one.counted, day),
            ]
        )
        for one in found
    ]
    return Table(heads, render_rows(heads, rows))


@prepared
def _holders_of_record(type_id: int, pk: int) -> models.QuerySet[Holder]:
    held = Holder.objects.filter(clock__content_type=type_id, clock__object_id=pk)
    return held.select_related("clock").order_by("clock_id", "pk")


def departments_of(subject: models.Model, now: datetime | None = None) -> Table | None:
    """For the record: how long each department had it, along the promise that went with it longest.

    None where the case never changed hands; that costs no query where the badges of the same page have found it out.
    Otherwise four.
    """
    if not getattr(subject, "has_travelled", True):
        return None
    by_clock: dict[int, list[Holder]] = {}
    for one in _holders_of_record(record_type(subject), subject.pk):
        by_clock.setdefault(one.clock_id, []).append(one)
    if not any(len(held) > 1 for held in by_clock.values()):
        return None
    now = now or timezone.now()
    longest = _longest_metric([held[0].clock for held in by_clock.values()], now)
    clocks = [held[0].clock for held in by_clock.values() if held[0].clock.metric == longest]
    entries: dict[int, list[Entry]] = {clock.pk: [] for clock in clocks}
    for entry in Entry.objects.filter(clock_id__in=entries):
        entries[entry.clock_id].append(entry)
    load_versions(entry.calendar_version_id for rows in entries.values() for entry in rows)
    found = [share for clock in clocks for share in shares(clock, entries[clock.pk], by_clock[clock.pk], now)]
    return _by_department(found, day_seconds(clocks[-1]))


def _longest_metric(clocks: Iterable[Clock], now: datetime) -> str:
    lived: dict[str, float] = {}
    for clock in clocks:
        lived[clock.metric] = (
            lived.get(clock.metric, 0) + ((clock.stopped_at or now) - clock.started_at).total_seconds()
        )
    return max(sorted(lived), key=lambda metric: lived[metric])


def _by_department(found: Sequence[Share], day: int) -> Table:
    people, teams = _names(found)
    merged: dict[str, list[Share]] = {}
    for one in found:
        merged.setdefault(teams.get(one.team_id or 0, "–"), []).append(one)
    heads = [HELD_BY, PEOPLE, HELD, WORKING]
    rows = []
    for team, parts in merged.items():
        names = dict.fromkeys(people.get(part.owner_id or 0, _("Nobody")) for part in parts)
        elapsed, working = sum(part.elapsed for part in parts), sum(part.working for part in parts)
        rows.append(Row([team, ", ".join(names), formats.span(elapsed), working_time(working, day)]))
    return Table(heads, render_rows(heads, rows))


def _names(found: Sequence[Share]) -> tuple[dict[int, str], dict[int, str]]:
    """What the people and the teams are called: one query each."""
    people: Any = User.objects.only("name", "email").in_bulk({one.owner_id for one in found if one.owner_id})
    teams: Any = Team.objects.only("name").in_bulk({one.team_id for one in found if one.team_id})
    return {pk: str(one) for pk, one in people.items()}, {pk: one.name for pk, one in teams.items()}
