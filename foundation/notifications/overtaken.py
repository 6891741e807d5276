"""What is no longer true, and is not told: asked of whoever knows, when words are written and again when they leave.

A stage says with `journal.standing.holds_while` in which states of a record its messages still make sense.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_noop

from foundation.journal import standing
from foundation.journal.models import ClockTimestamp, Event
from foundation.notifications.models import Message
from foundation.notifications.rules import still_wanted

log = logging.getLogger(__name__)
# Kept in the row in English, shown to people in their language by `selectors.explain`.
EXPIRED = gettext_noop("It could not be sent in time and would not be true any more.")
SWITCHED_OFF = gettext_noop("The rule was switched off or changed before this message left.")


def call_off_expired() -> int:
    """Cancel what waits and is true no longer, also while its channel is down; returns how many. By the database's clock."""
    stale = Message.objects.filter(state=Message.State.QUEUED, expires_at__lte=ClockTimestamp())
    return stale.update(state=Message.State.CANCELLED, last_error=EXPIRED)


def reason_against(row: Message) -> str:
    """Why a claimed message must not leave the house any more, in English; empty if it may.

    Time, the rule and its condition, and the state of its record are looked at again: since the words were written a
    minute or a night may have passed.
    """
    if row.expires_at is not None and Message.objects.filter(pk=row.pk, expires_at__lte=ClockTimestamp()).exists():
        return EXPIRED
    if row.event is None:
        return ""
    if row.rule_key and not still_wanted(row.event, row.rule_key):
        return SWITCHED_OFF
    return reasons([row.event]).get(row.event.pk, "")


def reasons(events: Sequence[Event]) -> dict[int, str]:
    """Why some of these events are true no longer, by their keys, in English as `selectors.explain` finds it.

    Where nobody can say, the event counts as true: it is better told once too often.
    """
    try:
        with transaction.atomic():
            found = standing.over(events)
    except Exception:
        log.exception("Nobody can say whether %d events still hold; they are told", len(events))
        return {}
    with translation.override("en"):
        return {pk: str(reason) for pk, reason in found.items()}
