"""Service records: written once, corrected only by a further record."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import Contact, Customer, Inquiry, ServiceRecord, ServiceRecordText
from crm.services import changes
from crm.services.cadence import touch_by_record
from crm.services.pool import set_returns
from crm.services.recordings import Agreed, demand_consent, keep_consent
from foundation.journal.attachments import attach
from foundation.journal.machine import Refused
from foundation.journal.services import private_digest, record
from foundation.ui.inserts import insert

# A conversation that began longer ago than this was entered late, and stands on the timeline where it took place.
PROMPT = timedelta(minutes=5)


@transaction.atomic
def add_service_record(
    customer_id: int,
    *,
    actor: Any,
    subject: str,
    content: str = "",
    feedback: str = "",
    remark: str = "",
    type: str = ServiceRecord.Type.CALL,
    channel: str = ServiceRecord.Channel.PHONE,
    result: str = ServiceRecord.Result.DONE,
    contact: Contact | None = None,
    started_at: datetime | None = None,
    ended_at: datetime | None = None,
    corrects: ServiceRecord | None = None,
    inquiry: Inquiry | None = None,
    next_step: str = "",
    next_step_on: date | None = None,
    no_step_reason: str = "",
    attachments: Sequence[Any] = (),
    recording: Agreed | None = None,
    is_recorded: bool = False,
    imported: bool = False,
) -> ServiceRecord:
    """Keep one contact with a customer for good; `next_step` replaces what was planned. Raises Refused for what cannot be.

    A record says what follows, or why nothing does; `attachments` are pictures, papers and voice recordings that belong to it.
    `recording` is the consent of those who are heard on one, or elsewhere where it `is_recorded`.

    `started_at` lies in the past; a correction points to the first record of its chain, and stands in the place of `corrects`.
    """
    customer = changes.lock(Customer, customer_id)
    now = timezone.now()
    began = started_at or now
    _refuse_impossible(customer, now, began, ended_at, contact, corrects)
    demand_consent(recording, files=attachments, is_recorded=is_recorded)
    first = corrects.corrects if corrects is not None and corrects.corrects_id else corrects
    salt = secrets.token_hex(16)
    text = ServiceRecordText(
        salt=salt, subject=subject, content=content, feedback=feedback, remark=remark, next_step=next_step, no_step_reason=no_step_reason,
        recording_by=recording.by.strip() if recording is not None else "",
    )  # fmt: skip
    row = ServiceRecord(
        customer=customer, contact=contact, type=type, channel=channel, result=result, started_at=began, ended_at=ended_at,
        author=actor if getattr(actor, "pk", None) else None, corrects=first, inquiry=inquiry, next_step_on=next_step_on,
        imported=imported, text_digest=private_digest(salt, text.words()),
    )  # fmt: skip
    _keep(row, text)
    facts = keep_consent(row, recording, actor=actor) if recording is not None else None
    touch_by_record(customer, row, before=corrects, also=_note_on(customer, row, corrects))
    late = imported or now - began > PROMPT
    when = began if late else None
    event = record("service_record.added", row, actor=actor, facts=facts, occurred_at=when, imported=imported)
    for one in attachments:
        attach(row, one, actor=actor, purpose="record", event=event, voices=True)
    return row


def _keep(row: ServiceRecord, text: ServiceRecordText) -> None:
    """The record, and its words beside it."""
    insert(row)
    text.record = row
    row.text = text
    insert(text)


KEPT = ("type", "channel", "result", "contact", "started_at", "ended_at", "inquiry", "next_step_on")
SAID = ("subject", "content", "feedback", "remark", "next_step", "no_step_reason")


@transaction.atomic
def correct_service_record(pk: int, *, actor: Any, version: int = 0, **values: Any) -> ServiceRecord:
    """A further record that says how it really was; the first one stays as it is. What is not given stays as it was said last.

    `version` is the record that the person has seen; Refused when somebody has corrected it since.
    """
    wrong = ServiceRecord.objects.select_related("customer", "text").get(pk=pk)
    customer = changes.lock(Customer, wrong.customer.merged_into_id or wrong.customer_id)
    stood = wrong.standing()
    if version and version != stood.pk:
        raise Refused(
            _("%(who)s has corrected this in the meantime. Compare it with the record, then save again.")
            % {"who": str(stood.author) if stood.author else _("the system")},
            reason="state",
        )
    kept = {name: getattr(stood, name) for name in KEPT} | {name: getattr(stood.text, name) for name in SAID}
    return add_service_record(customer.pk, actor=actor, corrects=stood, **{**kept, **values})


def _refuse_impossible(
    customer: Customer,
    now: datetime,
    began: datetime,
    ended: datetime | None,
    contact: Contact | None,
    corrects: ServiceRecord | None,
) -> None:
    if began > now + timedelta(minutes=1):
        raise Refused(
            _("A conversation that has not taken place yet cannot be recorded."), reason="input", field="started_at"
        )
    if ended is not None and ended < began:
        raise Refused(_("It cannot have ended before it began."), reason="input", field="ended_at")
    if contact is not None and contact.customer_id != customer.pk:
        raise Refused(_("This contact belongs to another customer."), reason="input", field="contact")
    known = (corrects.customer_id, corrects.customer.merged_into_id) if corrects is not None else (customer.pk,)
    if customer.pk not in known:
        raise Refused(_("The record to correct belongs to another customer."), reason="input")


def _note_on(customer: Customer, row: ServiceRecord, before: ServiceRecord | None) -> list[str]:
    """Set on the customer what lists ask for: when we last spoke, and what comes next. Returns which fields have changed.

    A correction plans nothing anew; where the one before it was our last word with the customer, that is looked for again.
    """
    fields: list[str] = []
    latest = customer.last_contact_at
    if before is not None and _spoken_at(before) == latest != _spoken_at(row):
        latest = _last_word(customer)
    elif (spoken := _spoken_at(row)) and (latest is None or latest < spoken):
        latest = spoken
    if latest != customer.last_contact_at:
        customer.last_contact_at = latest
        fields.append("last_contact_at")
    if before is None and (row.text.next_step or row.next_step_on):
        customer.next_step, customer.next_step_on = row.text.next_step, row.next_step_on
        fields += ["next_step", "next_step_on"]
    if "last_contact_at" in fields and set_returns(customer):
        fields += ["returns_on", "protected_by"]
    return fields


def _spoken_at(row: ServiceRecord) -> datetime | None:
    return None if row.result == ServiceRecord.Result.NOT_REACHED else row.started_at


def _last_word(customer: Customer) -> datetime | None:
    """When somebody was last reached, by the records that stand. One query, along the index of a customer's records."""
    of = Q(customer=customer.pk) | Q(customer__merged_into=customer.pk)
    rows = ServiceRecord.objects.filter(of, ~ServiceRecord.corrected()).exclude(result=ServiceRecord.Result.NOT_REACHED)
    return rows.order_by("-started_at").values_list("started_at", flat=True).first()
