"""What tasks and mentions hear from the journal."""

from __future__ import annotations

from typing import Any

from foundation.todos.services.mentions import keep_mentions


def wants(code: str) -> bool:
    """Only people mention each other, in notes and tasks; rounds of the system name nobody."""
    return code.partition(".")[0] in ("note", "task")


def on_event(event: Any, subject: Any) -> None:
    """A note that names colleagues, whatever record it stands on."""
    if user_ids := event.facts.get("mentioned_ids"):
        keep_mentions(event, user_ids)
