"""Reading clocks: badges for records and lists, my promises, and the ledger's page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from foundation.accounts.models import User
from foundation.journal.models import Event
from foundation.journal.registry import get_type
from foundation.lists.pages.record import page_of
from foundation.sla import ledger
from foundation.sla.badges import Badge, badge, length, pause_reason
from foundation.sla.models import Clock, ClockQuerySet, Entry
from foundation.sla.rows import load_versions, version_of
from foundation.ui import formats, html
from foundation.ui.prepared import prepared
from foundation.ui.table import Head, Row, render_rows

MOST_PROMISES = 12
HEADS = [
    Head(_lazy("Stretch"), "title"),
    Head(_lazy("State"), "end"),
    Head(_lazy("Reason"), "fact"),
    Head(_lazy("Calendar and version"), "extra"),
    Head(_lazy("Elapsed"), "extra", is_number=True),
    Head(_lazy("Counted"), "fact", is_number=True),
    Head(_lazy("Seconds"), "extra", is_number=True),
]
SOON = timedelta(hours=4)


SHOWN = (
    "content_type_id", "object_id", "metric", "cycle", "target_s", "consumed_s", "consumed_until", "calendar_version_id",
    "state", "started_at", "paused_by", "due_at", "breached_at", "met_at", "stopped_at", "number", "path",
    "target__name", "target__name_zh_hans", "target__name_zh_hant", "target__name_de",
)  # fmt: skip


def with_badge(clocks: ClockQuerySet) -> ClockQuerySet:
    """Clocks with all that their badges need, in the one query; calendars are read once per process."""
    return clocks.select_related("target").only(*SHOWN)


def _type_of(model: Any) -> int:
    return ContentType.objects.get_for_model(model, for_concrete_model=False).pk


@prepared
def _clocks_of(type_id: int, pk: int) -> ClockQuerySet:
    return with_badge(Clock.objects.filter(content_type=type_id, object_id=pk)).order_by("metric", "cycle")


@prepared
def _soonest(type_id: int, pks: list[int]) -> ClockQuerySet:
    clocks = with_badge(Clock.objects.open().filter(content_type=type_id, object_id__in=pks))
    return clocks.order_by("object_id", models.F("due_at").asc(nulls_last=True), "pk").distinct("object_id")


@prepared
def _promises(owner_id: int, *, limit: int) -> ClockQuerySet:
    return with_badge(Clock.objects.open().filter(owner_id=owner_id)).soonest_first()[:limit]


def badges_of(subject: models.Model) -> list[Badge]:
    """The badges of one record, the latest cycle of each promise, what runs before what is done. One query."""
    latest: dict[str, Clock] = {}
    for clock in _clocks_of(_type_of(subject), subject.pk):
        latest[clock.metric] = clock
    now = timezone.now()
    return [badge(clock, now) for clock in sorted(latest.values(), key=_urgency)]


def badges_for(model: type[models.Model], pks: Iterable[int]) -> dict[int, Badge]:
    """For a list: the soonest open promise of each record that has one, by the record's pk. One query."""
    now = timezone.now()
    return {clock.object_id: badge(clock, now) for clock in _soonest(_type_of(model), list(pks))}


def promises_of(user: Any, limit: int = MOST_PROMISES) -> list[dict[str, Any]]:
    """My open promises, soonest first, as `ui/day.html` takes them."""
    clocks = _promises(user.pk, limit=limit)
    titles = _titles(clocks)
    now = timezone.now()
    found = []
    for clock in clocks:
        title = titles.get((clock.content_type_id, clock.object_id), clock.number)
        number = clock.number if clock.number and clock.number not in title else ""
        found.append(
            {
                "badge": badge(clock, now).html(with_label=False),
                "title": title,
                "url": clock.path or clock.get_absolute_url(),
                "sub": " · ".join(part for part in (clock.target.label, number) if part),
                "when": clock.due_at,
            }
        )
    return found


def breaching_soon(user: Any) -> tuple[int, bool]:
    """How many promises of this person are overdue or due within four hours, and whether some are overdue. One query."""
    now = timezone.now()
    counts = (
        Clock.objects.open()
        .of(user)
        .filter(due_at__lte=now + SOON)
        .aggregate(soon=models.Count("pk"), late=models.Count("pk", filter=Q(due_at__lt=now)))
    )
    return counts["soon"], bool(counts["late"])


def visible_clock(user: Any, pk: int) -> Clock | None:
    """The clock, if this person may see the record that it is about; None otherwise."""
    try:
        clock = Clock.objects.select_related("target", "calendar_version__calendar", "owner", "content_type").get(pk=pk)
    except (Clock.DoesNotExist, OverflowError):
        return None
    if clock.owner_id == user.pk or user.has_perm("sla.view_clock"):
        return clock
    page = page_of(f"{clock.content_type.app_label}.{clock.content_type.model}")
    if page is None or (page.permission and not user.has_perm(page.permission)):
        return None
    return clock if page.visible(user).filter(pk=clock.object_id).exists() else None


@dataclass(frozen=True)
class Told:
    """Something that the clock said or decided not to say."""

    what: str
    when: str
    entered: str = ""


@dataclass(frozen=True)
class Ledger:
    """Everything that the clock's page shows."""

    clock: Clock
    badge: Badge
    title: str
    heads: Sequence[Head]
    rows: SafeString
    spans: Sequence[ledger.Stretch]
    told: Sequence[Told]
    counted: str
    target: str
    waited: str
    left: str
    due: str


def ledger_of(clock: Clock, now: datetime | None = None) -> Ledger:
    """The clock's life, span by span, and the sum that gives the due time. Four queries at most."""
    now = now or timezone.now()
    entries = list(Entry.objects.filter(clock=clock))
    load_versions(entry.calendar_version_id for entry in entries)
    said = _said(entries)
    spans = ledger.stretches(clock, entries, now)
    counted = sum(one.counted for one in spans)
    is_counting = clock.is_open and clock.due_at is not None and clock.breached_at is None and clock.due_at > now
    return Ledger(
        clock=clock,
        badge=badge(clock, now),
        title=_titles([clock]).get((clock.content_type_id, clock.object_id), clock.number),
        heads=HEADS,
        rows=render_rows(HEADS, [_row(clock, one, said.get(one.entry_id, "")) for one in spans]),
        spans=spans,
        told=[_told(entry) for entry in entries if entry.kind in ("warn", "breach", "escalate")],
        counted=length(clock, counted),
        target=length(clock, clock.target_s),
        waited=formats.span(sum(one.elapsed for one in spans if one.state == "paused")),
        left=length(clock, max(clock.target_s - counted, 0)) if is_counting else "",
        due=formats.exact(clock.due_at) if clock.due_at else "",
    )


def drifting(limit: int = 1000, after: int = 0) -> tuple[list[tuple[int, list[str]]], int]:
    """Running clocks, a page at a time, whose stored state differs from their ledger; and the last key looked at."""
    clocks = list(Clock.objects.open().filter(pk__gt=after).order_by("pk")[:limit])
    entries: dict[int, list[Entry]] = {clock.pk: [] for clock in clocks}
    for entry in Entry.objects.filter(clock_id__in=entries):
        entries[entry.clock_id].append(entry)
    found = [(clock.pk, problems) for clock in clocks if (problems := ledger.drift(clock, entries[clock.pk]))]
    return found, clocks[-1].pk if clocks else 0


def _urgency(clock: Clock) -> tuple[bool, bool, float, int]:
    """Open before stopped, due before paused, soonest first."""
    due = clock.due_at.timestamp() if clock.due_at else 0.0
    return (not clock.is_open, clock.due_at is None, due, clock.pk)


@prepared
def _records(pks: list[int], *, model: type[models.Model]) -> models.QuerySet[Any]:
    records = model._base_manager.filter(pk__in=pks)
    try:
        return records.select_related("customer") if model._meta.get_field("customer").is_relation else records
    except FieldDoesNotExist:
        return records


def _titles(clocks: Sequence[Clock]) -> dict[tuple[int, int], str]:
    """What people call the records of these clocks: one query for each kind of record."""
    wanted: dict[int, set[int]] = {}
    for clock in clocks:
        wanted.setdefault(clock.content_type_id, set()).add(clock.object_id)
    found = {}
    for content_type_id, pks in wanted.items():
        model = ContentType.objects.get_for_id(content_type_id).model_class()
        if model is None:
            continue
        records = _records(sorted(pks), model=model)
        page = page_of(f"{model._meta.app_label}.{model._meta.model_name}")
        name = getattr(page, "title", str)
        found.update({(content_type_id, record.pk): str(name(record)) for record in records})
    return found


def _said(entries: Sequence[Entry]) -> dict[int, str]:
    """For each entry of the ledger: the event in words, and who did it."""
    events = Event.objects.filter(pk__in=[entry.event_id for entry in entries if entry.event_id]).select_related(
        "actor"
    )
    words = {event.pk: event for event in events}
    said = {}
    for entry in entries:
        event = words.get(entry.event_id or 0)
        text = _wording(entry, event)
        if event is not None and isinstance(event.actor, User):
            text = f"{text}, {event.actor}"
        if event is not None and event.occurred_at < event.recorded_at:
            entered = _("entered %(when)s") % {"when": formats.exact(event.recorded_at)}
            text = f"{text} ({entered})"
        said[entry.pk] = text
    return said


def _wording(entry: Entry, event: Event | None) -> str:
    if entry.kind == "calendar":
        return _("Calendar changed")
    if entry.kind == "pause" and entry.code.endswith(".waiting"):
        return pause_reason(entry.code)
    try:
        return get_type(entry.code).say(event.facts if event else {})
    except LookupError:
        return entry.code


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


def _told(entry: Entry) -> Told:
    words = {
        "warn": _("Warning at %(level)s %%") % {"level": entry.level},
        "breach": _("Missed"),
        "escalate": _("Escalated, step %(level)s") % {"level": entry.level},
    }
    return Told(words[entry.kind], formats.exact(entry.at), formats.exact(entry.recorded_at))
