"""Remembering what a query finds: for the system's own rounds, which tell hundreds of facts at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from foundation.journal import registry
from foundation.journal.models import Event
from foundation.journal.subscribers import Told, announce_many

# The keys are drawn first, in the order of the source, so that whatever is written beside the events can name them.
RECORD = """
WITH {before}, told AS MATERIALIZED (
  SELECT nextval('journal_event_id_seq') AS event_id, source.* FROM ({source}) AS source
), recorded AS (
  INSERT INTO journal_event (id, code, content_type_id, object_id, customer_id, facts, occurred_at, imported, private_digest)
  SELECT event_id, code, content_type_id, object_id, customer_id, facts, occurred_at, false, '' FROM told
), {beside}
SELECT event_id, code FROM told ORDER BY event_id
"""


@transaction.atomic
def record_found(
    source: str, params: Mapping[str, Any], *, codes: Collection[str], before: str, beside: str
) -> list[Told]:
    """Remember every row of `source` as an event, and tell the subscribers, all in the running transaction.

    `source` is a SELECT, in the order of recording, of code (one of `codes`), content_type_id, object_id, customer_id,
    facts (jsonb, with the subject's own in it; never personal data), occurred_at and whatever `beside` needs. `before`
    and `beside` are common table expressions around it: what `source` reads, and what is written in the same statement
    from `told`, the rows of `source` with their `event_id`. Raises LookupError for an unregistered code.
    """
    for code in codes:
        registry.get_type(code)
    with connection.cursor() as cursor:
        cursor.execute(RECORD.format(source=source, before=before, beside=beside), params)
        told = [Told(*row) for row in cursor.fetchall()]
    if told:
        announce_many(told, _Reader(told))
    return told


class _Reader:
    """The events of a round with their records, read when the first subscriber asks."""

    def __init__(self, told: Sequence[Told]) -> None:
        self.told = told
        self.read: list[tuple[Event, Any]] | None = None

    def __call__(self) -> list[tuple[Event, Any]]:
        if self.read is None:
            events = list(Event.objects.filter(pk__in=[one.pk for one in self.told]).order_by("pk"))
            self.read = with_subjects(events)
        return self.read


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
