"""What tasks and mentions hear from the journal."""

from __future__ import annotations

from typing import Any

from foundation.todos.services.mentions import keep_mentions


def on_event(event: Any, subject: Any) -> None:
    """A note that names colleagues, whatever record it stands on."""
    if user_ids := event.facts.get("mentioned_ids"):
        keep_mentions(event, user_ids)
