"""Sending campaigns: whoever's time has come is begun, and gone through a batch at a time.

A batch is one transaction: its customers are decided about, their messages lie in the outbox, and the campaign knows how
far it has come; or none of it. A worker that is killed costs the batch that it was at, and nothing is said twice.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.campaign_letters import Letter, letters_for
from crm.models import Campaign, CampaignRecipient, Customer
from crm.segments import customers_of
from foundation.journal.machine import Refused, perform
from foundation.journal.rounds import record_found
from foundation.journal.services import plain
from foundation.notifications import outbox
from foundation.notifications.models import Message
from foundation.ui import once

log = logging.getLogger(__name__)
BATCH = 500
CODE = "customer.addressed"

# One event a customer on the customer's own timeline; the message takes its place there.
ADDRESSED = """
SELECT %(code)s::text AS code, %(type)s::int AS content_type_id, row.customer AS object_id, row.customer AS customer_id,
  row.facts AS facts, clock_timestamp() AS occurred_at, row.message AS message
FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(customer bigint, message bigint, facts jsonb) ORDER BY row.customer
"""
LINKED = "linked AS (UPDATE notifications_message SET event_id = told.event_id FROM told WHERE notifications_message.id = told.message)"


def begin_due() -> int:
    """Begin the campaigns whose time has come; returns how many. One that cannot be sent is called off, and says why."""
    due = Campaign.objects.filter(status=Campaign.Status.SCHEDULED, scheduled_for__lte=timezone.now())
    begun = 0
    for campaign in due.select_related("owner").order_by("scheduled_for", "pk"):
        try:
            if campaign.owner.is_active and campaign.owner.has_perm("crm.plan_campaign"):
                perform(Campaign, campaign.pk, "begin", actor=None, at=timezone.now())
                begun += 1
            else:
                with translation.override(campaign.owner.language or "en"):
                    reason = _("%(name)s may not send campaigns any more.") % {"name": campaign.owner}
                perform(Campaign, campaign.pk, "call_off", actor=None, reason=reason[:300], private={"reason": reason})
        except Refused:  # taken back in this very moment
            log.info("Campaign %s is no longer to be begun", campaign.number)
    return begun


def send_next(pk: int, *, batch: int = BATCH) -> int:
    """Decide about the next customers of a campaign; returns how many, 0 when it is done or somebody else is at it."""
    with transaction.atomic():
        rows = Campaign.objects.select_for_update(of=("self",), skip_locked=True).select_related("owner")
        campaign = rows.filter(pk=pk, status=Campaign.Status.SENDING).first()
        if campaign is None:
            return 0
        waiting = _taken_up_again(campaign, batch)
        customers = [one.customer for one in waiting] or _next_customers(campaign, batch)
        if not customers:
            perform(Campaign, pk, "finish", actor=None, at=timezone.now(), facts=_counted(pk))
            return 0
        with once.kept():
            letters = letters_for(campaign, campaign.words, customers)
        _write(campaign, letters, waiting)
        return len(customers)


def send_campaigns(seconds: float = 45, *, batch: int = BATCH) -> int:
    """Begin what is due and go on with what is begun, until nothing is left or the time is up; returns how many customers."""
    deadline = time.monotonic() + seconds
    begin_due()
    done = 0
    for pk in (
        Campaign.objects.filter(status=Campaign.Status.SENDING).order_by("started_at").values_list("pk", flat=True)
    ):
        while time.monotonic() < deadline:
            try:
                count = send_next(pk, batch=batch)
            except Exception:
                log.exception("A batch of campaign %s failed; it is tried again in the next round", pk)
                break
            if not count:
                break
            done += count
    return done


def _taken_up_again(campaign: Campaign, batch: int) -> list[CampaignRecipient]:
    """Those whose message was called off, and who are to get one after all."""
    rows = campaign.recipients.filter(message=None, held_back="").order_by("pk").select_related("customer__owner")
    return list(rows.prefetch_related("customer__contacts")[:batch])


def _next_customers(campaign: Campaign, batch: int) -> list[Customer]:
    rows = customers_of(campaign).filter(pk__gt=campaign.resolved_up_to).order_by("pk").distinct()
    return list(rows.select_related("owner").prefetch_related("contacts")[:batch])


def _write(campaign: Campaign, letters: Sequence[Letter], waiting: Sequence[CampaignRecipient]) -> None:
    """Messages, what became of each customer, their events, and how far we are."""
    messages = [one.message for one in letters if one.message is not None]
    Message.objects.bulk_create(messages)
    rows = list(waiting) or [CampaignRecipient(campaign=campaign, customer=one.customer) for one in letters]
    for row, letter in zip(rows, letters, strict=True):
        row.contact_id, row.language, row.held_back = letter.contact_id, letter.language, letter.held_back
        row.message = letter.message
    if waiting:
        CampaignRecipient.objects.bulk_update(rows, ["contact", "language", "held_back", "message"])
    else:
        CampaignRecipient.objects.bulk_create(rows)
        Campaign.objects.filter(pk=campaign.pk).update(resolved_up_to=letters[-1].customer.pk)
    if messages:
        _tell(campaign, [one for one in letters if one.message is not None])
        outbox.ring_on_commit()


def _tell(campaign: Campaign, letters: Sequence[Letter]) -> None:
    said = {"campaign": campaign.name, "campaign_number": campaign.number, "campaign_kind": campaign.kind}
    rows: list[dict[str, Any]] = [
        {
            "customer": one.customer.pk,
            "message": one.message.pk if one.message else None,
            "facts": plain({**one.customer.journal_facts(), **said, "channel": campaign.channel}),
        }
        for one in letters
    ]
    kind = ContentType.objects.get_for_model(Customer)
    values = {"code": CODE, "type": kind.pk, "rows": json.dumps(rows)}
    record_found(ADDRESSED, values, codes=[CODE], before="nothing AS (SELECT 1)", beside=LINKED)


def _counted(pk: int) -> dict[str, int]:
    rows = CampaignRecipient.objects.filter(campaign=pk)
    return {"customers": rows.count(), "held": rows.exclude(held_back="").count()}
