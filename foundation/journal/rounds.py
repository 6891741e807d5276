"""Remembering what a query finds: for the system's own rounds, which tell hundreds of facts at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from foundation.journal import registry
from foundation.journal.models import Event
from foundation.journal.subscribers import Round

# The keys are drawn first, in the order of the source, so that whatever is written beside the events can name them.
RECORD = """
WITH {before}, told AS MATERIALIZED (
  SELECT nextval('journal_event_id_seq') AS event_id, source.* FROM ({source}) AS source
), recorded AS (
  INSERT INTO journal_event (id, code, content_type_id, object_id, customer_id, facts, occurred_at, imported, private_digest)
  SELECT event_id, code, content_type_id, object_id, customer_id, facts, occurred_at, false, '' FROM told
), {beside}
SELECT {answer} FROM told
"""
COUNT, KEYS = "count(*), NULL::bigint[]", "count(*), array_agg(event_id ORDER BY event_id)"


def record_found(source: str, params: Mapping[str, Any], *, codes: Collection[str], before: str, beside: str) -> int:
    """Remember every row of `source` as an event, and tell the subscribers, all in the running transaction.

    `source` is a SELECT, in the order of recording, of code (one of `codes`), content_type_id, object_id, customer_id,
    facts (jsonb, with the subject's own in it; never personal data), occurred_at and whatever `beside` needs. `before`
    and `beside` are common table expressions around it: what `source` reads, and what is written in the same statement
    from `told`, the rows of `source` with their `event_id`. Returns how many there were. Raises LookupError for an
    unregistered code.
    """
    for code in codes:
        registry.get_type(code)
    audience = Round(codes)
    values, ways = dict(params), [beside]
    for number, (name, (insert, wanted)) in enumerate(audience.inserts().items()):
        values[f"codes_of_{name}"] = wanted
        ways.append(f"beside_{number} AS ({insert.format(codes=f'%(codes_of_{name})s')})")
    sql = RECORD.format(
        source=source, before=before, beside=", ".join(ways), answer=KEYS if audience.listens else COUNT
    )
    with transaction.atomic(savepoint=False):
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            count, keys = cursor.fetchone()
        if count:
            audience.announce(with_subjects(Event.objects.filter(pk__in=keys).order_by("pk")) if keys else [])
    return int(count)


def with_subjects(events: Iterable[Event]) -> list[tuple[Event, Any]]:
    """Each event with its record, None where that is gone: one query for each kind of record."""
    events = list(events)
    wanted: dict[int, set[int]] = defaultdict(set)
    for event in events:
        wanted[event.content_type_id].add(event.object_id)
    found: dict[tuple[int, int], Any] = {}
    for content_type_id, ids in wanted.items():
        model = ContentType.objects.get_for_id(content_type_id).model_class()
        if model is not None:
            rows = model._base_manager.select_related(*getattr(model, "READ_WITH", ()))
            found.update({(content_type_id, pk): record for pk, record in rows.in_bulk(ids).items()})
    return [(event, found.get((event.content_type_id, event.object_id))) for event in events]
