"""What the timeline of a shipment says beyond its own events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from foundation.journal.models import Event
from foundation.journal.registry import get_type
from foundation.journal.timeline import Entry
from logistics.models import Shipment


def of_paper(
    *, subject: Any = None, customer_id: int | None = None, limit: int = 50, before: datetime | None = None
) -> list[Entry]:
    """Events about the proof of delivery, on the page of its shipment; a customer's timeline has them anyway."""
    if not isinstance(subject, Shipment):
        return []
    pod = getattr(subject, "pod", None)
    if pod is None or pod.status == "expected":
        return []
    rows = Event.objects.about(pod).select_related("actor", "private").order_by("-occurred_at", "-id")
    if before is not None:
        rows = rows.filter(occurred_at__lt=before)
    return [_entry(event) for event in rows[:limit]]


def _entry(event: Event) -> Entry:
    private = event.private.data if hasattr(event, "private") else {}
    return Entry(
        kind="system",
        text=get_type(event.code).say(event.facts),
        when=event.occurred_at,
        actor=str(event.actor or ""),
        body=str(private.get("reason", "")),
        id=f"event-{event.pk}",
        code=event.code,
        rank=event.pk,
    )
