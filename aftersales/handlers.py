"""What after-sales does when something happens in earlier stages."""

from __future__ import annotations

from typing import Any

from aftersales.services.callbacks import plan_callback


def wants(code: str) -> bool:
    """The end of an order."""
    return code == "order.completed"


def on_event(event: Any, subject: Any) -> None:
    """An order is completed: the customer will be called."""
    if wants(event.code):
        plan_callback(subject)
