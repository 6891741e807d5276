"""The round that notices: due timers are claimed in batches, told to the journal once, and marked, all or nothing.

The clock row is locked, never the timer: events lock clocks too, and the other order would deadlock. An instant is
over only when its second has passed, because a stop or a new target in that very second still counts before it.
"""

from __future__ import annotations

import json
import logging
from typing import Any, NamedTuple

from django.db import connection, transaction

from foundation.calendars.zones import to_datetime
from foundation.journal.rounds import record_found
from foundation.sla import events
from foundation.sla.models import Target
from foundation.sla.rows import calendar_of, load_versions

log = logging.getLogger(__name__)

# now() is when the transaction began: the same moment in every statement of a round.
CLAIM = """
WITH claimed AS MATERIALIZED (
  SELECT c.id, c.target_id, t.due_at FROM sla_timer t JOIN sla_clock c ON c.id = t.clock_id
  WHERE t.fired_at IS NULL AND t.cancelled_at IS NULL AND t.due_at < date_trunc('second', now())
    AND (t.retry_at IS NULL OR t.retry_at <= now())
    AND (t.kind = 'breach' OR c.state = 'stopped' OR (t.kind LIKE 'warn:%%' AND c.state = 'running')
      OR (t.kind LIKE 'escalate:%%' AND c.breached_at IS NOT NULL))
  ORDER BY t.due_at LIMIT %s FOR UPDATE OF c SKIP LOCKED
)
SELECT array_agg(DISTINCT id), array_agg(DISTINCT target_id), bool_or(due_at < now() - interval '1 minute'),
  extract(epoch FROM date_trunc('second', now()))::bigint FROM claimed
"""
CLAIM_ONE = """
WITH claimed AS MATERIALIZED (SELECT id, target_id FROM sla_clock WHERE id = %s FOR UPDATE SKIP LOCKED)
SELECT array_agg(id), array_agg(target_id), true, extract(epoch FROM date_trunc('second', now()))::bigint FROM claimed
"""

# A statement of its own, after the claim: it reads clocks and timers again now that the locks are held, since an event
# may have moved them meanwhile. `timer` is everything that these clocks still have to say, `chosen` the one thing that
# each of them says now: a breach before all else, the highest of several levels.
CHOOSE = """
clock AS MATERIALIZED (
  SELECT id, content_type_id, object_id, customer_id, target_id, owner_id, metric, state, facts, due_at, breached_at,
    calendar_version_id, target_s, consumed_s
  FROM sla_clock WHERE id = ANY(%(clocks)s)
),
timer AS MATERIALIZED (
  SELECT t.id AS timer_id, t.clock_id, t.due_at, t.due_at < date_trunc('second', now()) AS is_due, split_part(t.kind, ':', 1) AS kind,
    coalesce(nullif(split_part(t.kind, ':', 2), ''), '0')::int AS level
  FROM sla_timer t WHERE t.clock_id = ANY(%(clocks)s) AND coalesce(t.fired_at, t.cancelled_at) IS NULL
), chosen AS (
  SELECT DISTINCT ON (t.clock_id) t.timer_id, t.clock_id, t.kind, t.level, t.due_at AS occurred_at, c.content_type_id, c.object_id,
    c.customer_id, c.target_id, c.owner_id, c.metric, c.facts, c.due_at, c.calendar_version_id, c.target_s, c.consumed_s
  FROM timer t JOIN clock c ON c.id = t.clock_id
  WHERE t.is_due AND (t.kind = 'breach' OR (t.kind = 'warn' AND c.state = 'running')
    OR (t.kind = 'escalate' AND c.state <> 'stopped' AND c.breached_at IS NOT NULL))
  ORDER BY t.clock_id, t.kind = 'breach' DESC, t.kind = 'warn' DESC, t.level DESC
), promise AS (
  SELECT * FROM unnest(%(targets)s::bigint[], %(names)s::text[], %(promises)s::jsonb[]) AS p (target_id, name, promise)
), word AS (
  SELECT * FROM (VALUES ('warn', %(warned)s), ('breach', %(breached)s), ('escalate', %(escalated)s)) AS w (kind, code)
)
"""
# Connections keep their time in UTC, and so it stands in the facts.
SOURCE = """
SELECT word.code, chosen.content_type_id, chosen.object_id, chosen.customer_id, chosen.occurred_at,
  chosen.facts || jsonb_build_object('target', promise.name, 'promise', promise.promise, 'owner_id', owner_id,
    'clock_id', clock_id, 'metric', metric, 'level', level, 'due_at', due_at) AS facts,
  timer_id, clock_id, kind, level, due_at, calendar_version_id, target_s, consumed_s
FROM chosen JOIN promise USING (target_id) JOIN word USING (kind) ORDER BY occurred_at, clock_id
"""
# With a breach all warnings end; with a level the lower ones that are due; a stopped clock has nothing left to say.
MARK = """
settled AS (
  UPDATE sla_timer SET fired_at = CASE WHEN sla_timer.id = told.timer_id THEN date_trunc('second', now()) END,
    cancelled_at = CASE WHEN sla_timer.id <> told.timer_id THEN date_trunc('second', now()) END, is_skipped = sla_timer.id <> told.timer_id
  FROM timer JOIN told USING (clock_id)
  WHERE sla_timer.id = timer.timer_id AND (timer.timer_id = told.timer_id
    OR (told.kind = 'breach' AND timer.kind = 'warn') OR (timer.is_due AND timer.kind = told.kind))
), ended AS (
  UPDATE sla_timer SET cancelled_at = date_trunc('second', now()), is_skipped = true FROM timer JOIN clock ON clock.id = timer.clock_id
  WHERE sla_timer.id = timer.timer_id AND timer.is_due AND clock.state = 'stopped'
    AND NOT EXISTS (SELECT 1 FROM told WHERE told.clock_id = timer.clock_id)
), breached AS (
  UPDATE sla_clock SET breached_at = sla_clock.due_at FROM told WHERE sla_clock.id = told.clock_id AND told.kind = 'breach'
), noted AS (
  INSERT INTO sla_entry (clock_id, kind, at, event_id, calendar_version_id, target_s, consumed_s, due_at, code, level)
  SELECT clock_id, kind, occurred_at, event_id, calendar_version_id, target_s, consumed_s, due_at, code, nullif(level, 0) FROM told
)
"""
# A clock whose event cannot be recorded waits this long, so that it does not keep the others waiting.
POSTPONE = """
WITH held AS MATERIALIZED (SELECT id FROM sla_clock WHERE id = %s FOR UPDATE)
UPDATE sla_timer SET retry_at = now() + interval '1 hour' FROM held
WHERE clock_id = held.id AND coalesce(fired_at, cancelled_at) IS NULL
"""
# The steps of breaches that are told late: nobody could have acted on them before.
OVERTAKEN = """
WITH timer AS MATERIALIZED (SELECT * FROM sla_timer WHERE clock_id = ANY(%(clocks)s))
SELECT t.id, c.calendar_version_id, coalesce((c.facts #>> ARRAY['escalation', (step.number - 1)::text, 'after'])::int,
  target.escalate_after[step.number])
FROM timer t JOIN timer b ON b.clock_id = t.clock_id AND b.kind = 'breach' AND b.fired_at = date_trunc('second', now())
  JOIN sla_clock c ON c.id = t.clock_id JOIN sla_target target ON target.id = c.target_id
  CROSS JOIN LATERAL (SELECT nullif(split_part(t.kind, ':', 2), '')::int AS number) AS step
WHERE t.kind LIKE 'escalate:%%' AND t.fired_at IS NULL AND t.cancelled_at IS NULL AND b.due_at < now() - interval '1 minute'
"""
PUT_OFF = """
UPDATE sla_timer SET due_at = later.due_at FROM unnest(%s::bigint[], %s::timestamptz[]) AS later (id, due_at)
WHERE sla_timer.id = later.id
"""
# A batch may find that others have just told all of it; then there may be more behind it.
MOST_TURNS = 10
CODES = {"warned": events.WARNED, "breached": events.BREACHED, "escalated": events.ESCALATED}


def scan(limit: int = 200) -> int:
    """Tell what is due, oldest first, and return how many clocks said something; safe to run any number of times at once.

    Of several levels only the highest is told; of warnings and a breach only the breach, dated when it happened.
    """
    for _turn in range(MOST_TURNS):
        try:
            with transaction.atomic():
                claimed = _claim(CLAIM, limit)
                told = _settle(claimed)
        except Exception:
            log.exception("A batch of clocks failed; each is tried alone")
            return _one_by_one(limit)
        if told or not claimed.clocks:
            return told
    return 0


class _Claimed(NamedTuple):
    """The clocks that are now locked, their targets, whether some should have spoken a minute ago, and the second it is."""

    clocks: list[int] | None
    targets: list[int]
    is_late: bool
    second: int


def _claim(sql: str, value: int) -> _Claimed:
    with connection.cursor() as cursor:
        cursor.execute(sql, [value])
        return _Claimed(*cursor.fetchone())


def _one_by_one(limit: int) -> int:
    with transaction.atomic():
        keys = _claim(CLAIM, limit).clocks or []
    settled = 0
    for pk in keys:
        try:
            with transaction.atomic():
                settled += _settle(_claim(CLAIM_ONE, pk))
        except Exception:
            log.exception("Clock %s cannot be told; it is tried again in an hour", pk)
            with connection.cursor() as cursor:
                cursor.execute(POSTPONE, [pk])
    return settled


def _settle(claimed: _Claimed) -> int:
    """Let locked clocks say what they have to say; returns how many did."""
    if not claimed.clocks:
        return 0
    targets = Target.objects.in_bulk(claimed.targets)
    values: dict[str, Any] = {
        "clocks": claimed.clocks,
        "targets": list(targets),
        "names": [target.code for target in targets.values()],
        "promises": [json.dumps(target.names) for target in targets.values()],
        **CODES,
    }
    told = record_found(SOURCE, values, codes=CODES.values(), before=CHOOSE, beside=MARK)
    if claimed.is_late:  # the soonest step comes a minute after the breach
        _put_off_steps(values, claimed.second)
    return told


def _put_off_steps(values: dict[str, Any], second: int) -> None:
    """After a long stop: who is told of a breach now has each step's working time from now on, before others are told.

    So one message goes out for each clock, and the escalation comes only if the case is still open then.
    """
    with connection.cursor() as cursor:
        cursor.execute(OVERTAKEN, values)
        steps = cursor.fetchall()
        load_versions(version for _timer, version, _minutes in steps)
        later = {}
        for timer, version, minutes in steps:
            reached = calendar_of(version).reach(second, minutes * 60) if minutes else None
            if reached is not None:
                later[timer] = to_datetime(reached)
        if later:
            cursor.execute(PUT_OFF, [list(later), list(later.values())])
