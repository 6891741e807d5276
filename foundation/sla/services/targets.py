"""Changing a target: for clocks that start afterwards, and for running ones only where a person says so.

Running clocks are moved in rounds of their own, each clock under its lock and from the database's time then: the past
stays. A round that dies is taken up by the next, since every clock says under which revision it runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from foundation.calendars.engine import CalendarError
from foundation.calendars.zones import to_second
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.journal.services import record
from foundation.sla import engine, escalation, events, store
from foundation.sla.models import Clock, Target
from foundation.sla.rows import load_versions, put_back, timers_of, to_engine
from foundation.sla.services.changes import fairly
from foundation.sla.services.following import catch_up, version_now
from foundation.sla.services.holding import hold
from foundation.sla.services.steps import contained

NAMES = ("name", "name_zh_hans", "name_zh_hant", "name_de")
# What a clock is held to. The rest is about which clocks start, and how things are called.
HOLDING = (
    *Target.EVENT_FIELDS[1:],
    "amount",
    "unit",
    "calendar",
    "anchor_fact",
    "anchor_side",
    "warning_percent",
    "escalate_after",
    "escalation",
)
EDITED = (
    *("code", "metric", "position", "is_active", "start_events"),
    *NAMES,
    *HOLDING,
    *Target.CONDITIONS,
)


def changes_between(before: Target, after: Target) -> dict[str, list[Any]]:
    """Field name -> what it was and what it will be, for every field that differs."""
    pairs = {name: [_value(before, name), _value(after, name)] for name in EDITED}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@transaction.atomic
def save_target(target: Target, *, actor: Any, spread: bool = False) -> Target:
    """Keep a target as edited; `spread` holds running clocks to it too, from the moment at which each is reached.

    Raises ValidationError by field, and Refused when somebody else has changed the target since it was read.
    """
    if target.pk is None:
        _demand(actor, "sla.add_target")
        target.full_clean()
        target.save(force_insert=True)
        record(events.TARGET_ADDED, target, actor=actor)
        return target
    _demand(actor, "sla.change_target")
    before = Target.objects.select_for_update(of=("self",)).get(pk=target.pk)
    if before.revision != target.revision:
        raise Refused(_("Somebody else has changed this promise meanwhile. Please look at it again."))
    if _has_open(before, before.spread_revision):
        raise Refused(_("The last change is still being carried to the running clocks. Please try again in a minute."))
    target.full_clean()
    changes = changes_between(before, target)
    if not changes:
        return before
    target.former_events = _former_events(before, target, spread=spread)
    target.revision = before.revision + 1
    target.spread_revision = target.revision if spread else before.spread_revision
    target.save(update_fields=[*EDITED, "former_events", "revision", "spread_revision"])
    record(
        events.TARGET_CHANGED,
        target,
        actor=actor,
        facts={"changes": changes, "revision": target.revision, "is_spread": spread},
    )
    return target


def spread_targets(limit: int = 200) -> int:
    """Hold running clocks to the targets that were changed for them too; returns how many were moved.

    Clocks that something else holds are left for the next round.
    """
    with transaction.atomic():
        rows = list(
            Clock.objects.open()
            .filter(target_revision__lt=F("target__spread_revision"))
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("target__calendar__current")
            .order_by("pk")[:limit]
        )
        if not rows:
            return 0
        moment = to_second(store.database_now())
        load_versions(row.calendar_version_id for row in rows)
        told = _events_of({row.target_id for row in rows})
        for row in rows:
            contained(row.target, _spread_to, row, told.get(row.target_id), moment)
            if row.target_revision < row.target.revision:
                # It cannot be held to the target, whose page says why: it keeps what it has, and keeps nobody waiting.
                Clock.objects.filter(pk=row.pk).update(target_revision=row.target.revision)
        return len(rows)


def replayed(row: Clock, target: Target, moment: int) -> tuple[engine.Clock, list[tuple[Any, ...]]]:
    """The row, unsaved, held to a target from this moment on, with its pure clock and what the ledger would say."""
    clock, entries = to_engine(row), []
    try:
        entries = catch_up(clock, row)
    except CalendarError:
        clock = to_engine(row)
    version = version_now(target, row.facts, row.customer_id)
    held_at = max(moment, clock.consumed_until)
    entries += fairly(clock, row, lambda: hold(clock, row, target, version, held_at))
    put_back(clock, row)
    return clock, entries


@transaction.atomic
def _spread_to(row: Clock, event_id: int | None, moment: int) -> None:
    clock, entries = replayed(row, row.target, moment)
    timers = timers_of(clock, escalation.minutes_of(row))
    store.save(row, timers, entries, event_id=event_id, code=events.TARGET_CHANGED)
    store.replace_timers(row, timers)


def _events_of(target_ids: set[int]) -> dict[int, int]:
    """For each target the event of its last change: who did it stands there."""
    found = Event.objects.filter(code=events.TARGET_CHANGED, object_id__in=target_ids).order_by("pk")
    return dict(found.values_list("object_id", "pk"))


def _former_events(before: Target, after: Target, *, spread: bool) -> list[dict[str, Any]]:
    """What clocks of earlier revisions go on listening to; kept only while there are such clocks."""
    if spread:
        return []
    kept = [one for one in before.former_events if _has_open(before, one["until"] + 1)]
    rules = {name: list(getattr(before, name)) for name in Target.EVENT_FIELDS}
    if rules != {name: list(getattr(after, name)) for name in Target.EVENT_FIELDS}:
        kept.append({"until": before.revision, **rules})
    return kept


def _has_open(target: Target, below: int) -> bool:
    """Whether some clock still runs under a revision before this one."""
    return Clock.objects.open().filter(target_id=target.pk, target_revision__lt=below).exists()


def _demand(actor: Any, permission: str) -> None:
    if actor is None or not actor.has_perm(permission):
        raise Refused(_("You may not change promises."))


def _value(target: Target, name: str) -> Any:
    value: Any = getattr(target, f"{name}_id" if name == "calendar" else name)
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
