"""What tests of digests share: the one email that says it all, and when it leaves."""

from __future__ import annotations

from datetime import time

from django.utils import timezone

from foundation.accounts.models import User
from foundation.notifications.digests import wishes
from foundation.notifications.digests.policy import DIGEST
from foundation.notifications.models import Message

STAFF = {"audience": "owner", "channels": ["inbox", "email"]}


def the_digest() -> Message:
    return Message.objects.get(template_key=DIGEST)


def is_time(row: Message | None = None) -> None:
    """The digest's time has come."""
    Message.objects.filter(template_key=DIGEST, state="queued").update(next_attempt_at=timezone.now())


def choose(user: User, mode: str, at: time = time(8)) -> None:
    wishes.choose(user, mode, at)
