"""Addresses that send our messages back: counted, held back, and tried again when a person says so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.journal.machine import Refused
from foundation.journal.services import record
from foundation.notifications import events
from foundation.notifications.models import DeadAddress, Message

SOFT_IN_A_ROW = 3
# Two full mailboxes half a year apart are no row.
A_ROW = timedelta(days=30)


def normal_address(channel: str, address: str) -> str:
    """How an address is kept and compared: email without regard to case."""
    clean = address.strip()
    return clean.lower() if channel == "email" else clean


@transaction.atomic
def mark_bounced(
    channel: str, address: str, *, permanent: bool, reason: str, message: Message | None = None
) -> DeadAddress | None:
    """A message to this address came back; `permanent` for a 5.x.x, else it counts towards three in a row.

    Reporting the same message twice counts once (a lasting refusal after a passing one counts all the same). The moment
    at which the address dies is an event on the message's record. None for an empty address.
    """
    normal = normal_address(channel, address)
    if not normal:
        return None
    DeadAddress.objects.bulk_create([DeadAddress(channel=channel, address=normal[:254])], ignore_conflicts=True)
    row = DeadAddress.objects.select_for_update(of=("self",)).get(channel=channel, address=normal[:254])
    was_dead, now = row.is_dead, timezone.now()
    is_repeat = message is not None and row.last_message_id == message.pk
    if is_repeat and (was_dead or not permanent):
        return row
    if permanent:
        row.hard_count += 1
    else:
        row.soft_count = row.soft_count + 1 if now - row.bounced_at <= A_ROW else 1
    row.reason, row.bounced_at, row.last_message = reason[:1000], now, message or row.last_message
    if not was_dead and (permanent or row.soft_count >= SOFT_IN_A_ROW):
        row.since, row.lifted_at, row.lifted_by = now, None, None
    row.save()
    if row.is_dead and not was_dead and message is not None and message.subject is not None:
        record(events.BOUNCED, message.subject, facts={"message": message.pk, "by": channel, "permanent": permanent})
    return row


def mark_reached(channel: str, address: str) -> None:
    """A message arrived there: passing refusals before it are no row any more."""
    found = DeadAddress.objects.filter(channel=channel, address=normal_address(channel, address))
    found.exclude(soft_count=0).update(soft_count=0)


def mark_alive(channel: str, address: str) -> None:
    """Somebody writes to us from there: it exists, whatever came back from it before."""
    found = DeadAddress.objects.filter(channel=channel, address=normal_address(channel, address))
    found.dead().update(lifted_at=timezone.now(), soft_count=0)


@transaction.atomic
def try_again(channel: str, address: str, *, actor: Any, subject: models.Model) -> DeadAddress:
    """Send to the address again from now on, by a person's decision, remembered on `subject`.

    Raises Refused when it is not held back.
    """
    rows = DeadAddress.objects.dead().select_for_update(of=("self",))
    row = rows.filter(channel=channel, address=normal_address(channel, address)).first()
    if row is None:
        raise Refused(_("Messages to this address are not held back."))
    row.lifted_at, row.lifted_by, row.soft_count = timezone.now(), actor, 0
    row.save(update_fields=["lifted_at", "lifted_by", "soft_count"])
    record(events.TRIED_AGAIN, subject, actor=actor, facts={"by": channel})
    return row
