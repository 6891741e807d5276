"""What a provider reports of a message afterwards: it has arrived, or it has not.

A report may come twice, in any order, before the answer to our request, or about nothing of ours. Where two contradict each
other, the channel says which one is believed, so that the order in which they come makes no difference.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Coalesce
from django.utils import timezone

from foundation.journal.models import ClockTimestamp
from foundation.notifications import alerts
from foundation.notifications.manners import fallback
from foundation.notifications.models import Message, Rule, StrayReceipt, TakenNotice
from foundation.notifications.services.addresses import mark_bounced, mark_reached

log = logging.getLogger(__name__)
Outcome = Literal["delivered", "failed"]
Blame = Literal["", "passing", "lasting"]
Result = Literal["taken", "known", "stray"]
KEPT = timedelta(days=2)
STATE = Message.State
NOT_DELIVERED = "not delivered"


@dataclass(frozen=True)
class Receipt:
    """One report. `reference` is our Message-ID without its brackets, `provider_id` the provider's own name of the message.

    `blame`: whether the failure speaks against the address, for now or for good.
    """

    channel: str
    outcome: Outcome
    provider_id: str = ""
    reference: str = ""
    detail: str = ""
    blame: Blame = ""

    @property
    def is_believed(self) -> bool:
        """Whether it counts where reports contradict each other: a phone that got a text has it, but a mailbox may send back
        what its server took."""
        return self.outcome == ("failed" if self.channel == "email" else "delivered")


def is_first(notice_id: str) -> bool:
    """Remember a signed notice, within the caller's transaction; False when it was taken before."""
    try:
        with transaction.atomic():
            TakenNotice.objects.create(pk=notice_id)
    except IntegrityError:
        return False
    TakenNotice.objects.filter(received_at__lt=timezone.now() - KEPT).delete()
    return True


@transaction.atomic
def take_receipt(receipt: Receipt) -> Result:
    """Move the message on to what became of it. The same report again changes nothing; one about no message of ours is kept."""
    receipt = _clean(receipt)
    row = message_of(receipt.channel, receipt.provider_id, receipt.reference)
    if row is None:
        _keep_stray(receipt)
        return "stray"
    if row.state not in _states_before(receipt) or _is_of_an_earlier_attempt(row, receipt):
        return "known"
    known_id = receipt.provider_id or row.provider_id
    columns: dict[str, Any] = {"state": receipt.outcome, "provider_id": known_id, "lease_until": None}
    columns["sent_at"] = Coalesce(F("sent_at"), ClockTimestamp())
    if receipt.outcome == "delivered":
        Message.objects.filter(pk=row.pk).update(**columns, delivered_at=ClockTimestamp(), last_error="")
        alerts.withdraw(f"message:{row.pk}")
        mark_reached(row.channel, row.to_address)
        return "taken"
    reason = receipt.detail or NOT_DELIVERED
    Message.objects.filter(pk=row.pk).update(**columns, last_error=reason)
    row.refresh_from_db()
    if receipt.blame:
        mark_bounced(row.channel, row.to_address, permanent=receipt.blame == "lasting", reason=reason, message=row)
    if not _goes_another_way(row):
        alerts.to_author(row, reason)
    return "taken"


def match_strays(limit: int = 200) -> int:
    """Receipts that came before the provider's answer to us find their message now; returns how many did."""
    StrayReceipt.objects.filter(received_at__lt=timezone.now() - KEPT).delete()
    ours = Message.objects.filter(channel=OuterRef("channel"), provider_id=OuterRef("provider_id"))
    strays = StrayReceipt.objects.exclude(provider_id="").filter(Exists(ours)).order_by("pk")[:limit]
    for stray in strays:
        with transaction.atomic():
            outcome: Any = stray.outcome
            blame: Any = stray.blame
            take_receipt(Receipt(stray.channel, outcome, stray.provider_id, stray.reference, stray.detail, blame))
            stray.delete()
    return len(strays)


def _clean(receipt: Receipt) -> Receipt:
    """Without what the database cannot hold, and no longer than its columns."""

    def text(value: str, longest: int) -> str:
        return value.encode("utf-8", "replace").decode().replace("\0", "").strip()[:longest]

    return Receipt(
        receipt.channel, receipt.outcome, text(receipt.provider_id, 200), text(receipt.reference, 118),
        text(receipt.detail, 1000), receipt.blame,
    )  # fmt: skip


def message_of(channel: str, provider_id: str, reference: str) -> Message | None:
    """The message that a report is about, locked."""
    rows = Message.objects.select_for_update(of=("self",)).filter(channel=channel)
    found = rows.filter(message_id=f"<{reference}>").first() if reference else None
    if found is None and provider_id:
        found = rows.filter(provider_id=provider_id).order_by("-pk").first()
    return found


def _states_before(receipt: Receipt) -> set[str]:
    states: set[str] = {STATE.SENDING, STATE.SENT, STATE.UNKNOWN}
    if receipt.is_believed:
        states.add(STATE.FAILED if receipt.outcome == "delivered" else STATE.DELIVERED)
    return states


def _is_of_an_earlier_attempt(row: Message, receipt: Receipt) -> bool:
    """Whether a failure belongs to an attempt before the present one. Who has got an earlier one has got the message."""
    if receipt.outcome == "delivered" or not receipt.provider_id:
        return False
    if row.state == STATE.SENDING:  # the provider's name of this attempt is not known yet
        return row.steps.filter(provider_id=receipt.provider_id).exists()
    return bool(row.provider_id) and row.provider_id != receipt.provider_id


def _keep_stray(receipt: Receipt) -> None:
    log.info("A receipt (%s) for no message of ours: %s", receipt.channel, receipt.provider_id or receipt.reference)
    key = {
        "channel": receipt.channel,
        "provider_id": receipt.provider_id,
        "reference": receipt.reference,
        "outcome": receipt.outcome,
    }
    if not StrayReceipt.objects.filter(**key).update(count=F("count") + 1):
        made = StrayReceipt(**key, blame=receipt.blame, detail=receipt.detail)
        StrayReceipt.objects.bulk_create([made], ignore_conflicts=True)


def _goes_another_way(row: Message) -> bool:
    """What did not arrive goes by the channel that its rule names for that, now instead of when its time is up."""
    rule = Rule.objects.filter(key=row.rule_key, is_active=True, fallback_after__isnull=False).first()
    if rule is None or row.fallback_of_id is not None or Message.objects.filter(fallback_of=row).exists():
        return False
    try:
        with transaction.atomic():
            return fallback.write_instead(row, rule.fallback_to) is not None
    except Exception:
        log.exception("Message %s could not be sent by another channel", row.pk)
        return False
