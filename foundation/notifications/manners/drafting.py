"""What a message learns of manners when it is written: its kind, and until when it waits. No query."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from foundation.notifications.manners.kinds import kind_for_event, kind_of
from foundation.notifications.manners.quiet import wait_of
from foundation.notifications.models import Message


def settle(message: Message, plan: Any, event_code: str, *, delay: timedelta) -> None:
    """Give a message of a rule its kind; one that would leave at night waits for the morning."""
    message.kind = plan.kind or kind_for_event(event_code, is_staff=message.user_id is not None)
    message.is_urgent = plan.is_urgent or kind_of(message.kind).is_urgent
    if message.state != Message.State.QUEUED:
        return
    asked = timezone.now() + delay
    moment, waits_for = wait_of(message, asked)
    if waits_for:
        message.next_attempt_at, message.waits_for = moment, waits_for
