"""Reading clocks: badges for records and lists, my promises, and the ledger's page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone

from foundation.lists.pages.naming import Key, titles_of
from foundation.lists.pages.record import page_of
from foundation.sla import ledger
from foundation.sla.badges import Badge, badges
from foundation.sla.models import Clock, ClockQuerySet, Entry, Holder
from foundation.ui.ahead import Wish, wish
from foundation.ui.prepared import prepared

MOST_PROMISES = 12
MOST_OWN = 20

SHOWN = (
    "content_type_id", "object_id", "metric", "cycle", "target_s", "consumed_s", "consumed_until", "calendar_version_id",
    "state", "started_at", "is_due_fixed", "is_reset", "tightened_at", "tightened_from", "fair_s", "paused_by", "due_at", "breached_at", "met_at", "stopped_at", "number", "path",
    "target__name", "target__name_zh_hans", "target__name_zh_hant", "target__name_de",
)  # fmt: skip


def with_badge(clocks: ClockQuerySet) -> ClockQuerySet:
    """Clocks with all that their badges need, in the one query; calendars are read once per process."""
    return clocks.select_related("target").only(*SHOWN)


def record_type(model: Any) -> int:
    """The key of the content type under which a record's clocks are kept."""
    return ContentType.objects.get_for_model(model, for_concrete_model=False).pk


@prepared
def _clocks_of(type_id: int, pk: int) -> ClockQuerySet:
    clocks = with_badge(Clock.objects.filter(content_type=type_id, object_id=pk)).order_by("metric", "cycle")
    second = Holder.objects.filter(clock=models.OuterRef("pk")).order_by()[1:2]
    return clocks.annotate(has_travelled=models.Exists(second))


@prepared
def _clocks_of_all(type_id: int, pk: int, customer_id: int) -> ClockQuerySet:
    """The newest of the customer's own, and the soonest that are open about anything else of theirs; unordered."""
    mine = Q(content_type=type_id, object_id=pk)
    own = Clock.objects.filter(mine).order_by("-pk").values("pk")[:MOST_OWN]
    rest = Clock.objects.filter(customer_id=customer_id, stopped_at=None).exclude(mine).soonest_first()
    chosen = own.union(rest.values("pk")[:MOST_PROMISES], all=True)
    return with_badge(Clock.objects.filter(pk__in=chosen)).order_by()


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
    if getattr(subject, "stands_for_all", False):
        clocks = _own_of(subject)
    else:
        clocks = _clocks_of(record_type(subject), subject.pk)
        # For another panel of the same page: of a case that never changed hands there is nothing to ask.
        subject.has_travelled = any(clock.has_travelled for clock in clocks)  # type: ignore[attr-defined]
    for clock in clocks:
        latest[clock.metric] = clock
    return badges(sorted(latest.values(), key=_urgency))


def _own_of(customer: Any) -> list[Clock]:
    """A customer's own clocks; those that run about anything else of theirs are kept on it, for `promises_to`."""
    type_id = record_type(customer)
    found = _clocks_of_all(type_id, customer.pk, customer.pk)
    own = [one for one in found if one.content_type_id == type_id and one.object_id == customer.pk]
    own.sort(key=lambda one: (one.metric, one.cycle))
    customer.running_clocks = sorted((one for one in found if one not in own), key=_urgency)
    customer.has_travelled = False  # a customer is nobody's case
    return own


def wishes(user: Any, customer: Any) -> list[Wish]:
    """What a customer's page will ask for its badges and promises."""
    return [wish(_clocks_of_all, record_type(customer), customer.pk, customer.pk)]


def promises_to(customer: Any, limit: int = MOST_PROMISES) -> list[dict[str, Any]]:
    """What is promised to a customer and still open, soonest first; asks nothing after `badges_of` of the same customer."""
    clocks: list[Clock] = getattr(customer, "running_clocks", [])[:limit]
    return [
        {
            "badge": promise.html(with_label=False),
            "title": clock.target.label,
            "url": clock.path or clock.get_absolute_url(),
            "sub": clock.number,
        }
        for clock, promise in zip(clocks, badges(clocks), strict=True)
    ]


def badges_for(model: type[models.Model], pks: Iterable[int]) -> dict[int, Badge]:
    """For a list: the soonest open promise of each record that has one, by the record's pk. One query."""
    clocks = list(_soonest(record_type(model), list(pks)))
    return dict(zip((clock.object_id for clock in clocks), badges(clocks), strict=True))


def day_wishes(user: Any) -> list[Wish]:
    """The question of `promises_of`, to be asked with others."""
    return [wish(_promises, user.pk, limit=MOST_PROMISES)]


def promises_of(user: Any, limit: int = MOST_PROMISES) -> list[dict[str, Any]]:
    """My open promises, soonest first, as `ui/day.html` takes them."""
    clocks = _promises(user.pk, limit=limit)
    titles = titles_of(map(key_of, clocks))
    found = []
    for clock, promise in zip(clocks, badges(clocks), strict=True):
        title = titles.get(key_of(clock), clock.number)
        number = clock.number if clock.number and clock.number not in title else ""
        found.append(
            {
                "badge": promise.html(with_label=False),
                "title": title,
                "url": clock.path or clock.get_absolute_url(),
                "sub": " · ".join(part for part in (clock.target.label, number) if part),
                "when": clock.due_at,
            }
        )
    return found


def breaching_soon(user: Any) -> tuple[int, bool]:
    """How many promises of this person are overdue or due soon, and whether some are overdue. One query."""
    now = timezone.now()
    counts = (
        Clock.objects.open()
        .of(user)
        .filter(soon_at__lte=now)
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


def key_of(clock: Clock) -> Key:
    """The record of a clock, as `foundation.lists.pages.naming` asks for it."""
    return clock.content_type_id, clock.object_id
