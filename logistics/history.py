"""What the timeline of a shipment says beyond its own events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from foundation.journal.timeline import Entry, timeline
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
    return timeline(subject=pod, kinds=("system",), limit=limit, before=before)
