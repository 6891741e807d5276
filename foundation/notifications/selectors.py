"""Reading messages and inboxes; the only doors to them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.notifications.compose import NO_ADDRESS
from foundation.notifications.manners.kinds import NO_KIND, kind_label
from foundation.notifications.manners.quiet import zone_for
from foundation.notifications.manners.reasons import SENTENCES, waiting_text
from foundation.notifications.models import InboxItem, Message, MessageQuerySet, MessageStep
from foundation.notifications.outbox import unread_key
from foundation.notifications.subjects import visible_customer_ids
from foundation.ui import together
from foundation.ui.ahead import Wish, wish
from foundation.ui.prepared import prepared_count

UNREAD_SECONDS = 60
together.read_along("unread", unread_key)
MOST_UNREAD = 99


def visible_messages(user: Any) -> MessageQuerySet:
    """Messages to customers whom the user may see, to senders who are no customers yet, and to or by the user."""
    if user.has_perm("notifications.oversee_messages"):
        return Message.objects.all()
    known = Q(user=user) | Q(actor=user)
    customers = visible_customer_ids(user)
    if user.has_perm("notifications.view_message"):
        known |= Q(customer_id=None, user=None)
        if customers is not None:
            known |= Q(customer_id__in=customers)
    return Message.objects.filter(known)


def inbox_of(user: Any) -> Any:
    """A colleague's own items, newest first."""
    return InboxItem.objects.filter(user=user).order_by("-created_at", "-id")


def unread_count(user: Any) -> int:
    """The number beside the bell, at most a minute old and counted up to 99."""
    count: int | None = together.read("unread", user.pk)
    if count is None:
        count = InboxItem.objects.filter(user=user, read_at=None)[:MOST_UNREAD].count()
        cache.set(unread_key(user.pk), count, UNREAD_SECONDS)
    return count


@prepared_count
def _failures(*, user: Any) -> MessageQuerySet:
    return visible_messages(user).parked()[:MOST_UNREAD]


def failures_of(user: Any) -> int:
    """How many messages that this person may see wait to be looked at, counted up to 99."""
    return _failures(user=user)


def failures_wish(user: Any) -> Wish:
    """The question of `failures_of`, to be asked with others."""
    return wish(_failures, user=user)


def held_back(user: Any, *, days: int = 30) -> list[tuple[str, str, int, str]]:
    """Messages that were not sent lately, by reason and kind, the most frequent first; of those that the user may see.

    (reason, kind, count, what to ask the list of messages for); days begin at the reader's midnight. One query.
    """
    since = timezone.localdate() - timedelta(days=days)
    rows = visible_messages(user).filter(state=Message.State.SUPPRESSED, created_at__date__gte=since)
    counted = (
        rows.values_list("last_error", "kind").annotate(count=Count("pk")).order_by("-count", "last_error", "kind")
    )
    return [
        (
            explain(Message(last_error=reason)),
            kind_label(kind),
            count,
            urlencode({"view": "all", "held": reason, "kind": kind or NO_KIND, "since": since.isoformat()}),
        )
        for reason, kind, count in counted
    ]


def explain(message: Message) -> str:
    """Why a message is where it is, in the reader's words where we have them."""
    if message.waits_for and message.is_open and message.last_error not in SENTENCES:
        return waiting_text(message.waits_for, message.next_attempt_at, zone_for(message.time_zone))
    return _explain(message.state, message.last_error)


def explain_step(step: MessageStep) -> str:
    """The same for one step of its history."""
    return _explain(step.state, step.detail)


def _explain(state: str, reason: str) -> str:
    if reason == NO_ADDRESS:
        return _("No address is known for this person.")
    if reason in SENTENCES:
        return str(SENTENCES[reason])
    if state == Message.State.CANCELLED and reason:
        return _(reason)  # a sentence of ours, kept in English
    return reason
