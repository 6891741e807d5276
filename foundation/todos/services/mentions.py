"""Mentions: one row for each colleague named in a note, and whether it was read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models.functions import Now

from foundation.journal.models import Event
from foundation.todos.models import Mention


def keep_mentions(event: Event, user_ids: Sequence[int]) -> None:
    """Put the note among the mentions of these people, once for each; nobody mentions themselves."""
    Mention.objects.bulk_create(
        [
            Mention(
                user_id=pk,
                event=event,
                by_id=event.actor_id,
                content_type_id=event.content_type_id,
                object_id=event.object_id,
            )
            for pk in dict.fromkeys(user_ids)
            if pk != event.actor_id
        ],
        ignore_conflicts=True,
    )


def read_mention(user: Any, pk: int) -> None:
    """This person has looked at it."""
    Mention.objects.filter(user=user.pk, pk=pk, read_at=None).update(read_at=Now())
