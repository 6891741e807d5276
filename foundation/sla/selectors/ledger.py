"""The ledger's page: why a clock stands where it stands, stretch by stretch, up to the sum that gives the due time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext

from foundation.accounts.models import User
from foundation.calendars.zones import to_second
from foundation.journal.models import Event
from foundation.lists.pages.naming import titles_of
from foundation.sla import events as codes
from foundation.sla import ledger
from foundation.sla.badges import Badge, badge, length, pause_reason
from foundation.sla.models import Clock, Entry, Timer
from foundation.sla.pauses import FACT
from foundation.sla.rows import load_versions, version_of
from foundation.sla.selectors.clocks import key_of
from foundation.sla.wording import event_said
from foundation.ui import formats, html
from foundation.ui.table import Head, Row, render_rows

HEADS = [
    Head(_lazy("Stretch"), "title"),
    Head(_lazy("State"), "end"),
    Head(_lazy("Reason"), "fact"),
    Head(_lazy("Calendar and version"), "extra"),
    Head(_lazy("Elapsed"), "extra", is_number=True),
    Head(_lazy("Counted"), "fact", is_number=True),
    Head(_lazy("Seconds"), "extra", is_number=True),
]
# So many cycles before and after are a click away.
NEAR = 2
TOLD = ("warn", "breach", "escalate")


@dataclass(frozen=True)
class Told:
    """Something that the clock said or decided not to say."""

    what: str
    when: str
    entered: str = ""


@dataclass(frozen=True)
class Moved:
    """A change of the time allowed: when, from, to, and why, which names who did it."""

    when: str
    before: str
    after: str
    why: str


@dataclass(frozen=True)
class Ledger:
    """Everything that the clock's page shows."""

    clock: Clock
    badge: Badge
    title: str
    heads: Sequence[Head]
    rows: SafeString
    spans: Sequence[ledger.Stretch]
    moves: Sequence[Moved]
    told: Sequence[Told]
    counted: str
    target: str
    waited: str
    since: str
    left: str
    due: str
    addition: str
    entries: Sequence[Entry]
    cycles: Sequence[Clock]

    @property
    def is_whole(self) -> bool:
        """Whether the sum adds up to the time allowed: a clock that was stopped early never got so far."""
        return self.clock.is_open or sum(one.counted for one in self.spans) >= self.clock.target_s


def ledger_of(clock: Clock, now: datetime | None = None) -> Ledger:
    """The clock's life, span by span, and the sum that gives the due time. Six queries at most."""
    now = now or timezone.now()
    cycles = cycles_of(clock)
    entries = list(Entry.objects.filter(clock=clock))
    load_versions(entry.calendar_version_id for entry in entries)
    said = _said(entries)
    spans = ledger.stretches(clock, entries, now)
    counted = sum(one.counted for one in spans)
    is_counting = clock.is_open and clock.breached_at is None and (clock.due_at is None or clock.due_at > now)
    return Ledger(
        clock=clock,
        badge=badge(clock, now),
        title=titles_of([key_of(clock)]).get(key_of(clock), clock.number),
        heads=HEADS,
        rows=render_rows(HEADS, [_row(clock, one, said.get(one.entry_id, "")) for one in spans]),
        spans=spans,
        moves=_moves(clock, entries, said),
        told=_all_told(clock, entries),
        counted=length(clock, counted),
        target=length(clock, clock.target_s),
        waited=formats.span(sum(one.elapsed for one in spans if one.state == "paused")),
        since=formats.span(((clock.stopped_at or now) - waiting_since(clock, cycles)).total_seconds()),
        left=length(clock, max(clock.target_s - counted, 0)) if is_counting else "",
        due=formats.exact(clock.due_at) if clock.due_at else "",
        addition=addition(clock, spans, is_counting=is_counting),
        entries=entries,
        cycles=[one for one in cycles if abs(one.cycle - clock.cycle) <= NEAR],
    )


def cycles_of(clock: Clock) -> list[Clock]:
    """Every cycle of the same promise for the same record, in order; one query."""
    same = Clock.objects.filter(
        content_type_id=clock.content_type_id, object_id=clock.object_id, metric=clock.metric
    ).order_by("cycle")
    return list(same.only("cycle", "started_at", "stopped_at", "is_reset"))


def waiting_since(clock: Clock, cycles: Sequence[Clock]) -> datetime:
    """Since when the customer waits: who begins a promise afresh does not begin the waiting afresh."""
    since = clock.started_at
    for one in reversed(cycles):
        if one.cycle < clock.cycle and one.is_reset and one.stopped_at == since:
            since = one.started_at
    return since


def addition(clock: Clock, spans: Sequence[ledger.Stretch], *, is_counting: bool) -> str:
    """The sum that gives the due time: what each stretch counted, up to the time allowed, and what is left of it.

    “20 min + 30 min + 10 min left = 1 h”; empty while nothing was counted.
    """
    parts, missing = [], clock.target_s
    for one in spans:
        share = min(one.counted, missing)
        if share > 0:
            parts.append(exact_length(share))
            missing -= share
    if is_counting and missing:
        parts.append(_("%(time)s left") % {"time": exact_length(missing)})
        missing = 0
    if not parts:
        return ""
    return _("%(parts)s = %(sum)s") % {"parts": " + ".join(parts), "sum": exact_length(clock.target_s - missing)}


def exact_length(seconds: int) -> str:
    """Hours, minutes and, where there are any, seconds: nothing is rounded away in a sum."""
    hours, rest = divmod(seconds, 3600)
    minutes, odd = divmod(rest, 60)
    parts = []
    if hours:
        parts.append(pgettext("length of time", "%(hours)s h") % {"hours": formats.number(hours)})
    if minutes:
        parts.append(pgettext("length of time", "%(minutes)s min") % {"minutes": minutes})
    if odd or not parts:
        parts.append(pgettext("length of time", "%(seconds)s s") % {"seconds": odd})
    return " ".join(parts)


def _said(entries: Sequence[Entry]) -> dict[int, str]:
    """For each entry of the ledger: the event in words, the reason of a pause, and who did it."""
    found = Event.objects.filter(pk__in=[entry.event_id for entry in entries if entry.event_id])
    events = {event.pk: event for event in found.select_related("actor", "private")}
    return {entry.pk: _words(entry, events.get(entry.event_id or 0)) for entry in entries}


def _words(entry: Entry, event: Event | None) -> str:
    text = _wording(entry, event)
    if event is None:
        return text
    if entry.kind == "pause" and hasattr(event, "private"):
        note = event.private.data.get("note") or event.private.data.get("reason")
        text = f"{text} – {note}" if note else text
    if isinstance(event.actor, User):
        text = f"{text}, {event.actor}"
    if event.occurred_at < event.recorded_at:
        entered = _("entered %(when)s") % {"when": formats.exact(event.recorded_at)}
        text = f"{text} ({entered})"
    return text


def _wording(entry: Entry, event: Event | None) -> str:
    if entry.kind == "calendar":
        return _("Calendar changed")
    if entry.code == codes.TARGET_CHANGED:
        return _("The promise itself was changed")
    if entry.kind == "pause" and entry.code.endswith(".waiting"):
        reason = event.facts.get(FACT) if event else ""
        return pause_reason(f"{entry.code}:{reason}" if reason else entry.code)
    return event_said(entry.code, event)


def _moves(clock: Clock, entries: Sequence[Entry], said: dict[int, str]) -> list[Moved]:
    """Each change of the time allowed."""
    moves, before = [], entries[0].target_s if entries else 0
    for entry in entries:
        if entry.kind == "target" and entry.target_s != before:
            why = said.get(entry.pk, "")
            moves.append(Moved(formats.exact(entry.at), length(clock, before), length(clock, entry.target_s), why))
        before = entry.target_s
    return moves


def _row(clock: Clock, one: ledger.Stretch, why: str) -> Row:
    version = version_of(one.version_id)
    is_paused = one.state == "paused"
    ends = formats.exact(one.ends) if one.ends else _("now")
    return Row(
        [
            f"{formats.exact(one.begins)} – {ends}",
            html.badge(_("paused") if is_paused else _("counting"), "paused" if is_paused else "in-time", quiet=True),
            why,
            f"{version.calendar.label} · {version.number}" if version else _("Around the clock"),
            formats.span(one.elapsed),
            length(clock, one.counted),
            formats.number(one.counted),
        ],
        pk=one.entry_id,
    )


def _all_told(clock: Clock, entries: Sequence[Entry]) -> list[Told]:
    """What the clock said, and the levels that it passed over because a later one was due by then."""
    told: list[tuple[datetime, Told]] = [(entry.at, _told(entry)) for entry in entries if entry.kind in TOLD]
    for timer in Timer.objects.filter(clock=clock, is_skipped=True):
        kind, _colon, level = timer.kind.partition(":")
        at = timer.due_at or timer.cancelled_at
        if at is None:
            continue
        was_reached = timer.due_at is not None and timer.cancelled_at is not None and timer.due_at <= timer.cancelled_at
        when = formats.exact(at) if was_reached else "–"
        skipped = _("%(what)s: not told") % {"what": _what(kind, level)}
        told.append((at, Told(skipped, when, formats.exact(timer.cancelled_at) if timer.cancelled_at else "")))
    return [one for _at, one in sorted(told, key=lambda pair: to_second(pair[0]))]


def _told(entry: Entry) -> Told:
    return Told(_what(entry.kind, entry.level), formats.exact(entry.at), formats.exact(entry.recorded_at))


def _what(kind: str, level: Any) -> str:
    words = {
        "warn": _("Warning at %(level)s %%") % {"level": level},
        "breach": _("Missed"),
        "escalate": _("Escalated, step %(level)s") % {"level": level},
    }
    return words[kind]
