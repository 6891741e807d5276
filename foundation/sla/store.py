"""Writing clocks: one statement each, inside a savepoint of its own that costs no round trip."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from foundation.calendars.zones import to_datetime
from foundation.sla.models import Clock
from foundation.sla.rows import at
from foundation.ui.server_plans import Statement, ask_server

# Each of the clocks is of another metric, so that nothing they share tells them apart.
START = """
WITH new AS (
  INSERT INTO sla_clock (content_type_id, object_id, metric, cycle, target_id, target_revision, target_s, consumed_s, consumed_until,
    calendar_version_id, state, levels, started_at, paused_by, due_at, soon_at, number, customer_id, owner_id, facts, path)
  SELECT %(content_type)s, %(object)s, c.metric,
    (SELECT coalesce(max(cycle), 0) + 1 FROM sla_clock
      WHERE content_type_id = %(content_type)s AND object_id = %(object)s AND metric = c.metric),
    c.target, c.revision, c.target_s, c.consumed_s, c.consumed_until, c.version, c.state, c.levels, %(started_at)s,
    '', c.due_at, c.soon_at, %(number)s, %(customer)s, %(owner)s, c.facts, %(path)s
  FROM unnest(%(metrics)s::text[], %(targets)s::bigint[], %(revisions)s::int[], %(facts)s::jsonb[], %(targets_s)s::bigint[], %(consumed)s::bigint[],
    %(untils)s::timestamptz[], %(versions)s::bigint[], %(states)s::text[], %(levels)s::jsonb[], %(dues)s::timestamptz[],
    %(soons)s::timestamptz[])
    AS c (metric, target, revision, facts, target_s, consumed_s, consumed_until, version, state, levels, due_at, soon_at)
  WHERE NOT EXISTS (SELECT 1 FROM sla_clock WHERE content_type_id = %(content_type)s AND object_id = %(object)s
    AND metric = c.metric AND stopped_at IS NULL)
  ON CONFLICT DO NOTHING
  RETURNING id, metric, calendar_version_id, target_s, consumed_s, due_at
), timers AS (
  INSERT INTO sla_timer (clock_id, kind, due_at, is_skipped)
  SELECT new.id, t.kind, t.due_at, false
  FROM unnest(%(timer_metrics)s::text[], %(timer_kinds)s::text[], %(timer_dues)s::timestamptz[]) AS t (metric, kind, due_at)
  JOIN new USING (metric)
), holder AS (
  INSERT INTO sla_holder (clock_id, owner_id, team_id, since, event_id)
  SELECT new.id, %(owner)s, %(team)s, %(started_at)s, %(event)s FROM new
)
INSERT INTO sla_entry (clock_id, kind, at, event_id, calendar_version_id, target_s, consumed_s, due_at, code)
SELECT id, 'start', %(started_at)s, %(event)s, calendar_version_id, target_s, consumed_s, due_at, %(code)s FROM new
"""
START_TYPES = {
    "content_type": "bigint", "object": "bigint", "started_at": "timestamptz", "number": "text", "customer": "bigint",
    "owner": "bigint", "team": "bigint", "path": "text", "metrics": "text[]", "targets": "bigint[]",
    "revisions": "int[]", "facts": "jsonb[]", "targets_s": "bigint[]", "consumed": "bigint[]",
    "untils": "timestamptz[]", "versions": "bigint[]", "states": "text[]", "levels": "jsonb[]",
    "dues": "timestamptz[]", "soons": "timestamptz[]", "timer_metrics": "text[]", "timer_kinds": "text[]",
    "timer_dues": "timestamptz[]", "event": "bigint", "code": "text",
}  # fmt: skip
# To plan it takes longer than to run it, and every new case asks for it: the server keeps it with its plan.
_start = Statement.named(START, START_TYPES)

SAVE = """
WITH clock AS (
  UPDATE sla_clock SET target_id = %(target)s, target_revision = %(revision)s, target_s = %(target_s)s, consumed_s = %(consumed_s)s,
    consumed_until = %(consumed_until)s, calendar_version_id = %(version)s, state = %(state)s, levels = %(levels)s::jsonb,
    paused_by = %(paused_by)s, due_at = %(due_at)s, soon_at = %(soon_at)s, breached_at = %(breached_at)s, met_at = %(met_at)s,
    stopped_at = %(stopped_at)s, owner_id = %(owner)s, facts = %(facts)s::jsonb, is_due_fixed = %(is_due_fixed)s,
    is_reset = %(is_reset)s, tightened_at = %(tightened_at)s, tightened_from = %(tightened_from)s, fair_s = %(fair_s)s
  WHERE id = %(id)s
), holder AS (
  INSERT INTO sla_holder (clock_id, owner_id, team_id, since, event_id)
  SELECT id, %(owner)s, %(team)s, coalesce(%(moved_at)s, date_trunc('second', clock_timestamp())), %(event)s
  FROM sla_clock WHERE id = %(id)s AND owner_id IS DISTINCT FROM %(owner)s
), timers AS (
  UPDATE sla_timer SET due_at = t.due_at, cancelled_at = CASE WHEN t.ends THEN %(stopped_at)s::timestamptz END
  FROM unnest(%(kinds)s::text[], %(dues)s::timestamptz[], %(ends)s::boolean[]) AS t (kind, due_at, ends)
  WHERE sla_timer.clock_id = %(id)s AND sla_timer.kind = t.kind
    AND coalesce(sla_timer.fired_at, sla_timer.cancelled_at) IS NULL
)
INSERT INTO sla_entry (clock_id, kind, at, event_id, calendar_version_id, target_s, consumed_s, due_at, code)
SELECT %(id)s, e.kind, e.at, %(event)s, e.version, e.target_s, e.consumed_s, e.due_at, %(code)s
FROM unnest(%(entry_kinds)s::text[], %(entry_ats)s::timestamptz[], %(entry_versions)s::bigint[], %(entry_targets)s::bigint[],
  %(entry_consumed)s::bigint[], %(entry_dues)s::timestamptz[]) AS e (kind, at, version, target_s, consumed_s, due_at)
"""

# Other levels and steps than those that the clock began with: what is new is added, what is gone ends.
REPLACE_TIMERS = """
WITH gone AS (
  UPDATE sla_timer SET cancelled_at = now() WHERE clock_id = %(id)s AND kind <> ALL (%(kinds)s::text[])
    AND coalesce(fired_at, cancelled_at) IS NULL
)
INSERT INTO sla_timer (clock_id, kind, due_at, is_skipped)
SELECT %(id)s, t.kind, t.due_at, false FROM unnest(%(kinds)s::text[], %(dues)s::timestamptz[]) AS t (kind, due_at)
ON CONFLICT (clock_id, kind) DO UPDATE SET due_at = excluded.due_at, cancelled_at = NULL
WHERE sla_timer.fired_at IS NULL AND sla_timer.cancelled_at IS NOT NULL AND NOT sla_timer.is_skipped
"""
# Another owner: nothing is counted, only who answers from now on, and whether they were given time.
PASS_ON = """
WITH clock AS (
  UPDATE sla_clock SET owner_id = %(owner)s, facts = %(facts)s::jsonb, tightened_at = %(tightened_at)s,
    tightened_from = %(tightened_from)s, fair_s = %(fair_s)s
  WHERE id = %(id)s
), holder AS (
  INSERT INTO sla_holder (clock_id, owner_id, team_id, since, event_id)
  VALUES (%(id)s, %(owner)s, %(team)s, %(moved_at)s, %(event)s)
)
INSERT INTO sla_entry (clock_id, kind, at, event_id, calendar_version_id, target_s, consumed_s, due_at, code)
SELECT %(id)s, 'tighten', %(moved_at)s, %(event)s, %(version)s, %(target_s)s, %(consumed_now)s, %(due_at)s, %(code)s
WHERE %(tightened_at)s::timestamptz IS NOT NULL
"""

# The clock is read after the lock is held: the outer query draws each row only once the inner one has locked it.
LOCK = """
WITH locked AS MATERIALIZED (SELECT * FROM sla_clock WHERE stopped_at IS NULL AND {condition} ORDER BY id FOR UPDATE)
SELECT locked.*, clock_timestamp() AS locked_at FROM locked
"""
OF_RECORD = "content_type_id = %s AND object_id = %s"
LOCK_OPEN = LOCK.format(condition=f"{OF_RECORD} AND target_id = ANY(%s)")
LOCK_OF_OTHERS = LOCK.format(condition=f"{OF_RECORD} AND owner_id IS DISTINCT FROM %s")
LOCK_OF_CUSTOMER = LOCK.format(condition="customer_id = %s AND facts ->> 'tier' IS DISTINCT FROM %s")
LOCK_ONE = LOCK.format(condition="id = %s")


SOON = """
UPDATE sla_clock SET soon_at = one.soon_at FROM unnest(%(pks)s::bigint[], %(soons)s::timestamptz[]) AS one (pk, soon_at)
WHERE sla_clock.id = one.pk AND sla_clock.soon_at IS DISTINCT FROM one.soon_at
"""


def lock_open(content_type_id: int, object_id: int, target_ids: Sequence[int]) -> list[Clock]:
    """Open clocks of one record under these targets, locked; each carries `locked_at`, the database's time since."""
    return list(Clock.objects.raw(LOCK_OPEN, [content_type_id, object_id, list(target_ids)]))


def lock_of_others(content_type_id: int, object_id: int, owner_id: int) -> list[Clock]:
    """Open clocks of one record that somebody else answers for so far, locked."""
    return list(Clock.objects.raw(LOCK_OF_OTHERS, [content_type_id, object_id, owner_id]))


def lock_of_customer(customer_id: int, tier: str) -> list[Clock]:
    """Open clocks about a customer's records that were started for another tier, locked."""
    return list(Clock.objects.raw(LOCK_OF_CUSTOMER, [customer_id, tier]))


def lock_one(pk: int) -> Clock | None:
    """One clock, locked; None where it does not exist or was stopped."""
    return next(iter(Clock.objects.raw(LOCK_ONE, [pk])), None)


def insert(clocks: Sequence[tuple[Clock, dict[str, int | None]]], *, event_id: int | None, code: str) -> None:
    """Write the new clocks that one event starts, one for each metric, in their next cycles, with timers and first entries.

    Of a metric whose clock is open nothing is written.
    """
    rows = [row for row, _timers in clocks]
    timers = [(row.metric, kind, at(second)) for row, kinds in clocks for kind, second in kinds.items()]
    first = rows[0]
    values = {
        "content_type": first.content_type_id,
        "object": first.object_id,
        "started_at": first.started_at,
        "number": first.number,
        "customer": first.customer_id,
        "owner": first.owner_id,
        "team": first.facts.get("team_id"),
        "path": first.path,
        "metrics": [row.metric for row in rows],
        "targets": [row.target_id for row in rows],
        "revisions": [row.target_revision for row in rows],
        "facts": [json.dumps(row.facts) for row in rows],
        "targets_s": [row.target_s for row in rows],
        "consumed": [row.consumed_s for row in rows],
        "untils": [row.consumed_until for row in rows],
        "versions": [row.calendar_version_id for row in rows],
        "states": [row.state for row in rows],
        "levels": [json.dumps(row.levels) for row in rows],
        "dues": [row.due_at for row in rows],
        "soons": [row.soon_at for row in rows],
        "timer_metrics": [metric for metric, _kind, _due in timers],
        "timer_kinds": [kind for _metric, kind, _due in timers],
        "timer_dues": [due for _metric, _kind, due in timers],
        "event": event_id,
        "code": code,
    }
    given = [values[name] for name in START_TYPES]
    _within_savepoint(lambda send: ask_server(connection, _start, given, send))


def save(
    row: Clock,
    timers: dict[str, int | None],
    entries: Sequence[tuple[Any, ...]],
    *,
    event_id: int | None,
    code: str,
    moved_at: datetime | None = None,
) -> None:
    """Write a changed clock, its unfired timers, what the ledger says about it, and since `moved_at` a new owner.

    An entry is (kind, at, version id, target_s, consumed_s, due_at). After a stop all timers end, but for a breach
    that nobody has told yet.
    """
    ends = [row.stopped_at is not None and not (kind == "breach" and row.breached_at) for kind in timers]
    columns = list(zip(*entries, strict=True)) or [()] * 6
    names = ("entry_kinds", "entry_ats", "entry_versions", "entry_targets", "entry_consumed", "entry_dues")
    _run(
        SAVE,
        {
            **_values(row),
            "id": row.pk,
            "paused_by": row.paused_by,
            "breached_at": row.breached_at,
            "met_at": row.met_at,
            "stopped_at": row.stopped_at,
            "is_due_fixed": row.is_due_fixed,
            "is_reset": row.is_reset,
            **_fairness(row),
            "moved_at": moved_at,
            "kinds": list(timers),
            "dues": [at(second) for second in timers.values()],
            "ends": ends,
            "event": event_id,
            "code": code,
            **{name: list(column) for name, column in zip(names, columns, strict=True)},
        },
    )


def replace_timers(row: Clock, timers: dict[str, int | None]) -> None:
    """Let an open, locked clock have these timers and no others; what has fired or was skipped never comes again.

    Once it is late, nothing warns of it any more.
    """
    if row.breached_at is not None:
        timers = {kind: second for kind, second in timers.items() if not kind.startswith("warn:")}
    values: dict[str, Any] = {"id": row.pk, "kinds": list(timers), "dues": [at(second) for second in timers.values()]}
    with connection.cursor() as cursor:
        cursor.execute(REPLACE_TIMERS, values)


def pass_on(row: Clock, *, moved_at: datetime, consumed_s: int, event_id: int, code: str) -> None:
    """Write the new owner of a clock and since when; the ledger tells it where they were given too little time."""
    own = {"id": row.pk, "moved_at": moved_at, "consumed_now": consumed_s, "event": event_id, "code": code}
    _run(PASS_ON, {**_values(row), **_fairness(row), **own})


def _fairness(row: Clock) -> dict[str, Any]:
    return {"tightened_at": row.tightened_at, "tightened_from": row.tightened_from, "fair_s": row.fair_s}


def database_now() -> datetime:
    """The database's time, cut to whole seconds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT floor(extract(epoch FROM clock_timestamp()))::bigint")
        return to_datetime(cursor.fetchone()[0])


def _values(row: Clock) -> dict[str, Any]:
    return {
        "target": row.target_id,
        "revision": row.target_revision,
        "target_s": row.target_s,
        "consumed_s": row.consumed_s,
        "consumed_until": row.consumed_until,
        "version": row.calendar_version_id,
        "state": row.state,
        "levels": json.dumps(row.levels),
        "due_at": row.due_at,
        "soon_at": row.soon_at,
        "owner": row.owner_id,
        "team": row.facts.get("team_id"),
        "facts": json.dumps(row.facts),
    }


def _run(sql: str, values: dict[str, Any]) -> None:
    _within_savepoint(lambda send: send(sql, values))


def _within_savepoint(write: Callable[[Callable[[str, Any], None]], None]) -> None:
    """Let `write(send)` send one statement: it takes its savepoint along and gives it back, all on one way to the server."""
    if not connection.in_atomic_block:
        raise RuntimeError("clocks are written inside the transaction of their event")
    with connection.cursor() as cursor:

        def send(sql: str, values: Any) -> None:
            cursor.execute(f"SAVEPOINT sla_write;{sql};RELEASE SAVEPOINT sla_write", values)

        try:
            write(send)
        except Exception:
            cursor.execute("ROLLBACK TO SAVEPOINT sla_write")
            raise


def save_soon(moments: Sequence[tuple[int, datetime | None]]) -> None:
    """Write from when on clocks are due soon, as (pk, moment); the caller holds their locks. One statement."""
    if moments:
        pks, soons = zip(*moments, strict=True)
        with connection.cursor() as cursor:
            cursor.execute(SOON, {"pks": list(pks), "soons": list(soons)})
