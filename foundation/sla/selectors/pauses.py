"""The pauses of a month for which the customer was not to blame: they had already written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, DateTimeField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from foundation.accounts.models import User
from foundation.journal.models import Event
from foundation.lists.pages.naming import titles_of
from foundation.sla.badges import pause_reason
from foundation.sla.models import Clock, Entry
from foundation.sla.pauses import FACT, customer_words, our_words
from foundation.sla.selectors.clocks import key_of

MOST = 200
NEVER = 2**62


@dataclass(frozen=True)
class Pause:
    """One pause: whose, of what, why, for how long, and when the customer had written."""

    clock: Clock
    title: str
    person: str
    reason: str
    note: str
    began: datetime
    ended: datetime | None
    seconds: int
    written_at: datetime
    was_before: bool


def pauses_against_customers(begin: datetime, end: datetime) -> list[Pause]:
    """Pauses that began in [begin, end) after the customer had written and nobody had answered, or during which they
    wrote and the clock still stood. The first 200, in their order. Three queries and one for each kind of record."""
    now = timezone.now()
    found: dict[int, Entry] = {}
    for entry in _suspicious(begin, end)[: 2 * MOST]:
        found.setdefault(entry.event_id or 0, entry)  # one event may pause several clocks of its record
    entries = list(found.values())[:MOST]
    pks = {pk for entry in entries for pk in (entry.event_id, _written(entry)) if pk}
    events = {event.pk: event for event in Event.objects.filter(pk__in=pks).select_related("actor", "private")}
    titles = titles_of(key_of(entry.clock) for entry in entries)
    return [_pause(entry, events, titles, now) for entry in entries]


def _suspicious(begin: datetime, end: datetime) -> QuerySet[Any]:
    about = Event.objects.filter(
        content_type=OuterRef("clock__content_type_id"), object_id=OuterRef("clock__object_id")
    ).order_by("-pk")
    ends = Entry.objects.filter(clock=OuterRef("clock_id"), pk__gt=OuterRef("pk"), kind__in=("resume", "stop"))
    before = about.filter(pk__lt=OuterRef("event_id"))
    ended = {
        "ended_at": Subquery(ends.order_by("pk").values("at")[:1], output_field=DateTimeField()),
        "ended_by": Coalesce(
            Subquery(ends.order_by("pk").values("event_id")[:1]), Value(NEVER), output_field=BigIntegerField()
        ),
    }
    theirs = about.filter(code__in=customer_words())
    words = {
        "written": Subquery(theirs.filter(pk__lt=OuterRef("event_id")).values("pk")[:1]),
        "answered": Coalesce(Subquery(before.filter(code__in=our_words()).values("pk")[:1]), Value(0)),
        "meanwhile": Subquery(theirs.filter(pk__gt=OuterRef("event_id"), pk__lt=OuterRef("ended_by")).values("pk")[:1]),
    }
    return (
        Entry.objects.filter(kind="pause", at__gte=begin, at__lt=end, event_id__isnull=False)
        .annotate(**ended)
        .annotate(**words)
        .filter(Q(written__gt=F("answered")) | Q(meanwhile__isnull=False))
        .select_related("clock__target", "clock__owner")
        .order_by("at", "pk")
    )


def _written(entry: Any) -> int:
    """The customer's word that this pause overlooked: the one before it, else the one during it."""
    found: int = entry.written if entry.written and entry.written > entry.answered else entry.meanwhile
    return found


def _pause(entry: Any, events: dict[int, Event], titles: dict[tuple[int, int], str], now: datetime) -> Pause:
    clock, event, written = entry.clock, events[entry.event_id], events[_written(entry)]
    reason = event.facts.get(FACT)
    private = event.private.data if hasattr(event, "private") else {}
    return Pause(
        clock=clock,
        title=titles.get(key_of(clock), clock.number),
        person=str(event.actor) if isinstance(event.actor, User) else "",
        reason=pause_reason(f"{entry.code}:{reason}" if reason else entry.code),
        note=str(private.get("note") or private.get("reason") or ""),
        began=entry.at,
        ended=entry.ended_at,
        seconds=int(((entry.ended_at or now) - entry.at).total_seconds()),
        written_at=written.occurred_at,
        was_before=written.pk < event.pk,
    )
