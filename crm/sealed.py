"""Service records in the tamper-evident chain, and their words on the timeline."""

from __future__ import annotations

from typing import Any

from crm.models import ServiceRecord, ServiceRecordText
from foundation.journal.chain import digested_part, register_sealed
from foundation.journal.models import Event
from foundation.journal.timeline import register_words

SEALED = (
    "id", "customer_id", "contact_id", "type", "channel", "result", "started_at", "ended_at", "author_id", "corrects_id",
    "inquiry_id", "imported", "text_digest", "recorded_at", "transaction",
)  # fmt: skip


def _words_of(text: Any) -> dict[str, Any]:
    words: dict[str, Any] = text.words()
    return words


def say(events: list[Event]) -> dict[int, tuple[object, object]]:
    """What was said, for the timeline: one query for all."""
    rows = ServiceRecord.objects.select_related("text", "contact").in_bulk([event.object_id for event in events])
    said: dict[int, tuple[object, object]] = {}
    for event in events:
        row = rows.get(event.object_id)
        if row is not None and hasattr(row, "text"):
            said[event.pk] = (row.headline, row.text.whole)
    return said


def register() -> None:
    """Called once, when the apps are ready."""
    inspect = digested_part(ServiceRecordText, "record_id", "text_digest", _words_of)
    register_sealed(ServiceRecord, SEALED, inspect=inspect)
    register_words("service_record.added", say)
