"""What this stage does when something happens in later ones: an order moves the day on which its customer goes back."""

from __future__ import annotations

from typing import Any

from crm.pool import deal_events
from crm.services.pool import note_deal


def wants(code: str) -> bool:
    """What counts as a deal."""
    return code in deal_events()


def on_event(event: Any, subject: Any) -> None:
    """The customer has bought."""
    if wants(event.code) and event.customer_id is not None:
        note_deal(event.customer_id, event.occurred_at)
