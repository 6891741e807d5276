"""Another way where one leads nowhere: a dead address, or a message that no receipt came for."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet, Value
from django.utils import timezone

from foundation.accounts.audiences import Recipient
from foundation.journal.models import ClockTimestamp
from foundation.notifications import outbox
from foundation.notifications.channels import get_channel, transports
from foundation.notifications.compose import address_of, draft_by, is_address, recipients
from foundation.notifications.models import DeadAddress, Message, Rule
from foundation.notifications.overtaken import reasons
from foundation.notifications.rules import Plan, plans_for
from foundation.notifications.services.addresses import normal_address

log = logging.getLogger(__name__)
BATCH = 100
STALE = timedelta(days=8)
# Handed over, with or without an answer, and nobody says that it has arrived.
OUT = (Message.State.SENT, Message.State.UNKNOWN)


def look_for_receipts(limit: int = BATCH) -> int:
    """Write what rules want sent by another channel when no receipt came in time; answers how many messages were written."""
    written = 0
    for message in _without_receipt()[:limit]:
        try:
            written += _second_way(message)
        except Exception:
            log.exception("Message %s could not be sent by another channel", message.pk)
    return written


def _without_receipt() -> QuerySet[Message]:
    """Sent by a channel that gives receipts, without one for longer than their rule waits, and nothing in their stead yet."""
    able = [one.code for one in transports() if getattr(one, "gives_receipts", False)]
    waits = Rule.objects.filter(is_active=True, fallback_after__isnull=False).values_list("key", "fallback_after")
    late = Q(pk__in=[])
    for key, wait in waits:
        late |= Q(rule_key=key, sent_at__lte=ClockTimestamp() - Value(wait))
    rows = Message.objects.filter(late, state__in=OUT, channel__in=able, fallback=None, fallback_of=None)
    # For older ones nobody waits any more.
    recent = rows.filter(sent_at__gt=timezone.now() - STALE)
    return recent.select_related("event").order_by("sent_at", "pk")


def _second_way(message: Message) -> int:
    rule = Rule.objects.get(key=message.rule_key)
    with transaction.atomic():
        locked = Message.objects.select_for_update(of=("self",)).select_related("event").get(pk=message.pk)
        if locked.state not in OUT:  # the receipt has come meanwhile
            return 0
        return int(write_instead(locked, rule.fallback_to) is not None)


def write_instead(message: Message, channel: str) -> Message | None:
    """The same news by another channel, in the words that its template has for it; None where that cannot be.

    One for each message at most, whoever asks at the same time. Nothing is written when the message has expired, when its
    event is overtaken, or when the person cannot be reached by that channel.
    """
    if get_channel(channel) is None or message.event is None or is_settled(message):
        return None
    found = _plan_and_person(message)
    if found is None:
        return None
    plan, person = found
    address = address_of(person, channel)
    if not address or is_dead(channel, address):
        return None
    drafts = draft_by(message.event, message.event.subject, plan, person, channel)
    for one in drafts.messages:
        one.fallback_of = message
    outbox.write(drafts)
    return Message.objects.filter(fallback_of=message).first()


def instead_of_dead(message: Message) -> Message | None:
    """The same news by any other channel that its rule allows and that reaches the person."""
    found = _plan_and_person(message) if message.event is not None else None
    if found is None:
        return None
    ways = [one for one in found[0].channels if one != message.channel]
    return next((written for one in ways if (written := write_instead(message, one))), None)


def other_address(message: Message) -> str:
    """The person's second email address, while messages to it are not held back; empty otherwise."""
    found = _plan_and_person(message) if message.event is not None and message.channel == "email" else None
    address = found[1].other_email if found else ""
    if not is_address(address) or address == message.to_address or is_dead("email", address):
        return ""
    return address


def is_settled(message: Message) -> bool:
    """Whether the news is worth nothing any more: expired, or overtaken by what happened since."""
    expires_at = getattr(message, "expires_at", None)
    if expires_at is not None and expires_at <= timezone.now():
        return True
    return message.event is not None and bool(reasons([message.event]))


def is_dead(channel: str, address: str) -> bool:
    """Whether messages to this address are held back."""
    return DeadAddress.objects.dead().filter(channel=channel, address=normal_address(channel, address)).exists()


def _plan_and_person(message: Message) -> tuple[Plan, Recipient] | None:
    event = message.event
    if event is None or event.subject is None:
        return None
    plan = next((one for one in plans_for(event.code) if one.key == message.rule_key), None)
    if plan is None or not plan.applies(event.facts):
        return None
    people = recipients(plan, event, event.subject)
    person = next((one for one in people if one.key == message.recipient_key), None)
    return (plan, person) if person else None
