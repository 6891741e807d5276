"""The round that notices: due timers are claimed in batches, told to the journal once, and marked, all or nothing.

The clock row is locked, never the timer: events lock clocks too, and the other order would deadlock. An instant is
over only when its second has passed, because a stop or a new target in that very second still counts before it.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from foundation.journal.services import Draft, record_many
from foundation.sla import events
from foundation.sla.models import Clock, Target, Timer

log = logging.getLogger(__name__)

_COLUMNS = "c.*, date_trunc('second', now()) AS scanned_at"
CLAIM = f"""
SELECT {_COLUMNS} FROM sla_timer t JOIN sla_clock c ON c.id = t.clock_id
WHERE t.fired_at IS NULL AND t.cancelled_at IS NULL AND t.due_at < date_trunc('second', now())
  AND (t.retry_at IS NULL OR t.retry_at <= now())
ORDER BY t.due_at LIMIT %s FOR UPDATE OF c SKIP LOCKED
"""  # noqa: S608
CLAIM_ONE = f"SELECT {_COLUMNS} FROM sla_clock c WHERE c.id = %s FOR UPDATE OF c SKIP LOCKED"  # noqa: S608
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
WHERE clock_id = held.id AND fired_at IS NULL AND cancelled_at IS NULL
"""
ENTRY_KINDS = {events.WARNED: "warn", events.BREACHED: "breach", events.ESCALATED: "escalate"}


@dataclass
class _Plan:
    """What one batch does: which timers fire, which are skipped, and the events that say so."""

    now: datetime
    fired: list[Timer] = field(default_factory=list)
    skipped: list[Timer] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)

    def fire(self, clock: Clock, timer: Timer, code: str) -> None:
        self.fired.append(timer)
        self.codes.append(code)
        self.clocks.append(clock)


def scan(limit: int = 200) -> int:
    """Tell what is due, oldest first, and return how many timers were settled; safe to run any number of times at once.

    Of several levels only the highest is told; of warnings and a breach only the breach, dated when it happened.
    """
    try:
        with transaction.atomic():
            return _settle(list(Clock.objects.raw(CLAIM, [limit])))
    except Exception:
        log.exception("A batch of clocks failed; each is tried alone")
        return _one_by_one(limit)


def _one_by_one(limit: int) -> int:
    with transaction.atomic():
        ids = list(dict.fromkeys(clock.pk for clock in Clock.objects.raw(CLAIM, [limit])))
    settled = 0
    for pk in ids:
        try:
            with transaction.atomic():
                settled += _settle(list(Clock.objects.raw(CLAIM_ONE, [pk])))
        except Exception:
            log.exception("Clock %s cannot be told; it is tried again in an hour", pk)
            with connection.cursor() as cursor:
                cursor.execute(POSTPONE, [pk])
    return settled


def _settle(rows: Sequence[Clock]) -> int:
    """Fire and skip the timers of locked clocks."""
    clocks = {clock.pk: clock for clock in rows}
    if not clocks:
        return 0
    plan = _Plan(now=rows[0].scanned_at)  # type: ignore[attr-defined]
    waiting: dict[int, list[Timer]] = defaultdict(list)
    # Read again now that the locks are held: an event may have moved them meanwhile.
    for timer in Timer.objects.filter(clock_id__in=clocks, fired_at=None, cancelled_at=None):
        waiting[timer.clock_id].append(timer)
    for pk, clock in clocks.items():
        _choose(plan, clock, waiting[pk])
    if plan.fired or plan.skipped:
        _write(plan)
    return len(plan.fired) + len(plan.skipped)


def _choose(plan: _Plan, clock: Clock, timers: Sequence[Timer]) -> None:
    due: dict[str, list[tuple[int, Timer]]] = defaultdict(list)
    for timer in timers:
        kind, _colon, level = timer.kind.partition(":")
        if timer.due_at is not None and timer.due_at < plan.now:
            due[kind].append((int(level or 0), timer))
    if due["breach"]:
        plan.fire(clock, due["breach"][0][1], events.BREACHED)
        plan.skipped += [timer for timer in timers if timer.kind.startswith("warn:")]
    elif clock.state == Clock.State.STOPPED:
        plan.skipped += [timer for found in due.values() for _level, timer in found]
    elif due["warn"] and clock.state == Clock.State.RUNNING:
        _highest(plan, clock, due["warn"], events.WARNED)
    elif due["escalate"] and clock.breached_at is not None:
        _highest(plan, clock, due["escalate"], events.ESCALATED)


def _highest(plan: _Plan, clock: Clock, due: list[tuple[int, Timer]], code: str) -> None:
    *lower, (_level, highest) = sorted(due, key=lambda pair: pair[0])
    plan.fire(clock, highest, code)
    plan.skipped += [timer for _level, timer in lower]


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
                "levels": [_level(timer) or None for timer in plan.fired],
            },
        )


def _drafts(plan: _Plan) -> list[Draft]:
    targets = Target.objects.in_bulk({clock.target_id for clock in plan.clocks}) if plan.clocks else {}
    subjects = _subjects(plan.clocks)
    drafts = []
    for timer, code, clock in zip(plan.fired, plan.codes, plan.clocks, strict=True):
        target = targets[clock.target_id]
        facts: dict[str, Any] = {
            **clock.facts,
            "owner_id": clock.owner_id,
            "clock_id": clock.pk,
            "metric": clock.metric,
            "target": target.code,
            "promise": target.names,
            "level": _level(timer),
            "due_at": clock.due_at.isoformat() if clock.due_at else None,
        }
        drafts.append(
            Draft(
                code=code,
                content_type_id=clock.content_type_id,
                object_id=clock.object_id,
                customer_id=clock.customer_id,
                facts=facts,
                occurred_at=timer.due_at,
                subject=subjects.get((clock.content_type_id, clock.object_id)),
            )
        )
    return drafts


def _subjects(clocks: Sequence[Clock]) -> dict[tuple[int, int], Any]:
    """The records of these clocks: one query for each kind of record."""
    wanted: dict[int, set[int]] = defaultdict(set)
    for clock in clocks:
        wanted[clock.content_type_id].add(clock.object_id)
    found = {}
    for content_type_id, ids in wanted.items():
        model = ContentType.objects.get_for_id(content_type_id).model_class()
        if model is not None:
            found.update({(content_type_id, pk): obj for pk, obj in model._base_manager.in_bulk(ids).items()})
    return found


def _level(timer: Timer) -> int:
    return int(timer.kind.partition(":")[2] or 0)
