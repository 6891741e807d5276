"""The round that notices: due timers are claimed in batches, told to the journal once, and marked, all or nothing.

The clock row is locked, never the timer: events lock clocks too, and the other order would deadlock. An instant is
over only when its second has passed, because a stop or a new target in that very second still counts before it.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from foundation.journal.services import Draft, record_many
from foundation.sla import events
from foundation.sla.models import Target

log = logging.getLogger(__name__)

# In the order of the fields of `_Clock`.
COLUMNS = (
    "c.id, c.content_type_id, c.object_id, c.customer_id, c.owner_id, c.target_id, c.metric, c.state, c.due_at,"
    " c.breached_at, c.facts::text, date_trunc('second', now())"
)
CLAIM = f"""
SELECT {COLUMNS} FROM sla_timer t JOIN sla_clock c ON c.id = t.clock_id
WHERE t.fired_at IS NULL AND t.cancelled_at IS NULL AND t.due_at < date_trunc('second', now())
  AND (t.retry_at IS NULL OR t.retry_at <= now())
ORDER BY t.due_at LIMIT %s FOR UPDATE OF c SKIP LOCKED
"""  # noqa: S608
CLAIM_ONE = f"SELECT {COLUMNS} FROM sla_clock c WHERE c.id = %s FOR UPDATE OF c SKIP LOCKED"  # noqa: S608
# All timers of few clocks, sorted out in Python: asked for the open ones, the planner may walk the index of all open timers.
TIMERS = "SELECT id, clock_id, kind, due_at, fired_at, cancelled_at FROM sla_timer WHERE clock_id = ANY(%s)"
MARK = """
WITH fired AS (UPDATE sla_timer SET fired_at = %(now)s WHERE id = ANY(%(fired)s)),
skipped AS (UPDATE sla_timer SET cancelled_at = %(now)s, is_skipped = true WHERE id = ANY(%(skipped)s)),
breached AS (UPDATE sla_clock SET breached_at = due_at WHERE id = ANY(%(breached)s))
INSERT INTO sla_entry (clock_id, kind, at, event_id, calendar_version_id, target_s, consumed_s, due_at, code, level)
SELECT c.id, e.kind, e.at, e.event_id, c.calendar_version_id, c.target_s, c.consumed_s, c.due_at, e.code, e.level
FROM unnest(%(clocks)s::bigint[], %(kinds)s::text[], %(ats)s::timestamptz[], %(events)s::bigint[], %(codes)s::text[],
  %(levels)s::int[]) AS e (clock_id, kind, at, event_id, code, level) JOIN sla_clock c ON c.id = e.clock_id
"""
# A clock whose event cannot be recorded waits this long, so that it does not keep the others waiting.
POSTPONE = """
WITH held AS MATERIALIZED (SELECT id FROM sla_clock WHERE id = %s FOR UPDATE)
UPDATE sla_timer SET retry_at = now() + interval '1 hour' FROM held
WHERE clock_id = held.id AND coalesce(fired_at, cancelled_at) IS NULL
"""
ENTRY_KINDS = {events.WARNED: "warn", events.BREACHED: "breach", events.ESCALATED: "escalate"}


class _Clock(NamedTuple):
    """What the round needs of a locked clock."""

    pk: int
    content_type_id: int
    object_id: int
    customer_id: int | None
    owner_id: int | None
    target_id: int
    metric: str
    state: str
    due_at: datetime | None
    breached_at: datetime | None
    facts: str
    scanned_at: datetime


class _Timer(NamedTuple):
    """A timer that has neither fired nor ended."""

    pk: int
    clock_id: int
    kind: str
    due_at: datetime | None

    @property
    def level(self) -> int:
        """The percentage of a warning, the step of an escalation."""
        return int(self.kind.partition(":")[2] or 0)


@dataclass
class _Plan:
    """What one batch does: which timers fire, which are skipped, and the events that say so."""

    now: datetime
    fired: list[_Timer] = field(default_factory=list)
    skipped: list[_Timer] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    clocks: list[_Clock] = field(default_factory=list)

    def fire(self, clock: _Clock, timer: _Timer, code: str) -> None:
        self.fired.append(timer)
        self.codes.append(code)
        self.clocks.append(clock)


def scan(limit: int = 200) -> int:
    """Tell what is due, oldest first, and return how many timers were settled; safe to run any number of times at once.

    Of several levels only the highest is told; of warnings and a breach only the breach, dated when it happened.
    """
    try:
        with transaction.atomic():
            return _settle(_claim(CLAIM, limit))
    except Exception:
        log.exception("A batch of clocks failed; each is tried alone")
        return _one_by_one(limit)


def _claim(sql: str, value: int) -> dict[int, _Clock]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [value])
        return {row[0]: _Clock(*row) for row in cursor.fetchall()}


def _one_by_one(limit: int) -> int:
    with transaction.atomic():
        ids = list(_claim(CLAIM, limit))
    settled = 0
    for pk in ids:
        try:
            with transaction.atomic():
                settled += _settle(_claim(CLAIM_ONE, pk))
        except Exception:
            log.exception("Clock %s cannot be told; it is tried again in an hour", pk)
            with connection.cursor() as cursor:
                cursor.execute(POSTPONE, [pk])
    return settled


def _settle(clocks: dict[int, _Clock]) -> int:
    """Fire and skip the timers of locked clocks."""
    if not clocks:
        return 0
    plan = _Plan(now=next(iter(clocks.values())).scanned_at)
    waiting: dict[int, list[_Timer]] = defaultdict(list)
    # Read again now that the locks are held: an event may have moved them meanwhile.
    with connection.cursor() as cursor:
        cursor.execute(TIMERS, [list(clocks)])
        for pk, clock_id, kind, due_at, fired_at, cancelled_at in cursor.fetchall():
            if fired_at is None and cancelled_at is None:
                waiting[clock_id].append(_Timer(pk, clock_id, kind, due_at))
    for pk, clock in clocks.items():
        _choose(plan, clock, waiting[pk])
    if plan.fired or plan.skipped:
        _write(plan)
    return len(plan.fired) + len(plan.skipped)


def _choose(plan: _Plan, clock: _Clock, timers: Sequence[_Timer]) -> None:
    due: dict[str, list[_Timer]] = {"breach": [], "warn": [], "escalate": []}
    for timer in timers:
        if timer.due_at is not None and timer.due_at < plan.now:
            due[timer.kind.partition(":")[0]].append(timer)
    if due["breach"]:
        plan.fire(clock, due["breach"][0], events.BREACHED)
        plan.skipped += [timer for timer in timers if timer.kind.startswith("warn:")]
    elif clock.state == "stopped":
        plan.skipped += [timer for found in due.values() for timer in found]
    elif due["warn"] and clock.state == "running":
        _highest(plan, clock, due["warn"], events.WARNED)
    elif due["escalate"] and clock.breached_at is not None:
        _highest(plan, clock, due["escalate"], events.ESCALATED)


def _highest(plan: _Plan, clock: _Clock, due: list[_Timer], code: str) -> None:
    *lower, highest = sorted(due, key=lambda timer: timer.level)
    plan.fire(clock, highest, code)
    plan.skipped += lower


def _write(plan: _Plan) -> None:
    recorded = record_many(_drafts(plan))
    with connection.cursor() as cursor:
        cursor.execute(
            MARK,
            {
                "now": plan.now,
                "fired": [timer.pk for timer in plan.fired],
                "skipped": [timer.pk for timer in plan.skipped],
                "breached": [timer.clock_id for timer in plan.fired if timer.kind == "breach"],
                "clocks": [timer.clock_id for timer in plan.fired],
                "kinds": [ENTRY_KINDS[code] for code in plan.codes],
                "ats": [timer.due_at for timer in plan.fired],
                "events": [event.pk for event in recorded],
                "codes": plan.codes,
                "levels": [timer.level or None for timer in plan.fired],
            },
        )


def _drafts(plan: _Plan) -> list[Draft]:
    targets = Target.objects.in_bulk({clock.target_id for clock in plan.clocks}) if plan.clocks else {}
    names = {pk: target.names for pk, target in targets.items()}
    subjects = _subjects(plan.clocks)
    drafts = []
    for timer, code, clock in zip(plan.fired, plan.codes, plan.clocks, strict=True):
        facts: dict[str, Any] = {
            **json.loads(clock.facts),
            "owner_id": clock.owner_id,
            "clock_id": clock.pk,
            "metric": clock.metric,
            "target": targets[clock.target_id].code,
            "promise": names[clock.target_id],
            "level": timer.level,
            "due_at": clock.due_at.isoformat() if clock.due_at else None,
        }
        subject = subjects.get((clock.content_type_id, clock.object_id))
        about = (clock.content_type_id, clock.object_id, clock.customer_id)
        drafts.append(Draft(code, *about, facts=facts, occurred_at=timer.due_at, subject=subject))
    return drafts


def _subjects(clocks: Sequence[_Clock]) -> dict[tuple[int, int], Any]:
    """The records of these clocks: one query for each kind of record."""
    wanted: dict[int, set[int]] = defaultdict(set)
    for clock in clocks:
        wanted[clock.content_type_id].add(clock.object_id)
    found = {}
    for content_type_id, ids in wanted.items():
        model = ContentType.objects.get_for_id(content_type_id).model_class()
        if model is not None:
            rows = model._base_manager.select_related(*getattr(model, "READ_WITH", ()))
            found.update({(content_type_id, pk): obj for pk, obj in rows.in_bulk(ids).items()})
    return found
