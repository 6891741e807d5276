"""The life of an inquiry: received, given to somebody, answered, turned into a sale or closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import ClosingReason, Contact, Customer, Inquiry, ServiceRecord
from crm.people import recipient_of_inquiry
from crm.selectors import known_region
from crm.services import changes
from crm.services.contacts import add_contact
from crm.services.customers import create_customer
from crm.services.hours import office_facts
from crm.services.matching import Sender, recognise
from crm.services.records import add_service_record
from crm.services.repeats import earlier_of, join_repeat, lock_sender
from crm.services.routing import choose_owner
from foundation.accounts.models import Company
from foundation.documents.numbering import next_number
from foundation.journal.attachments import attach
from foundation.journal.machine import Refused, perform
from foundation.journal.services import record
from foundation.notifications.services import send_message
from foundation.ui.phones import e164, understood_phone
from foundation.ui.places import zone_of

SENDER_FIELDS = ("contact_name", "company_name", "email", "country", "region", "product_interest")
WON_BY_QUOTE = "quote-accepted"


# ---------------------------------------------------------------- in


@transaction.atomic
def receive_inquiry(
    *,
    actor: Any,
    contact_name: str,
    subject: str,
    text: str,
    language: str,
    channel: str = Inquiry.Channel.WEB,
    priority: str = Inquiry.Priority.NORMAL,
    phone: str = "",
    customer: Customer | None = None,
    contact: Contact | None = None,
    received_at: datetime | None = None,
    request_key: str | None = None,
    has_consented: bool = False,
    files: Iterable[Any] = (),
    source: Any = None,
    may_join: bool = True,
    **sender: Any,
) -> Inquiry:
    """Take a question in, recognise who asks, and give it to somebody who speaks their language.

    `sender` may hold company_name, email, country, region and product_interest, as typed. A second call with the same
    `request_key` returns the inquiry that the first one made. The same sender with the same or nearly the same words joins
    the open inquiry, which is returned with `was_joined` set, unless `may_join` forbids it. Raises Refused for a file
    that we do not take.
    """
    if unknown := set(sender) - set(SENDER_FIELDS):
        raise TypeError(f"An inquiry is not made with {', '.join(sorted(unknown))}")
    if request_key and (earlier := Inquiry.objects.filter(request_key=request_key).first()):
        return earlier
    inquiry = Inquiry(
        source=source,
        contact_name=contact_name,
        subject=subject,
        text=text,
        language=language,
        channel=channel,
        priority=priority,
        phone_typed=phone[:40],
        request_key=request_key or None,
        consent_at=timezone.now() if has_consented else None,
        **{**sender, "email": str(sender.get("email", "")).lower()},
    )
    if received_at is not None:
        inquiry.received_at = received_at
    inquiry.phone = understood_phone(phone, inquiry.country)
    if may_join and (repeated := _repeated(inquiry)):
        return join_repeat(
            repeated, actor=actor, channel=channel, subject=subject, text=text, source=source, files=files
        )
    _introduce(inquiry, customer, contact)
    if earlier := _insert_unless_known(inquiry, received_at):
        return earlier
    return _taken_in(inquiry, actor, files, received_at)


def _taken_in(inquiry: Inquiry, actor: Any, files: Iterable[Any], received_at: datetime | None) -> Inquiry:
    """Keep the files, tell the journal, and give the inquiry to somebody."""
    for one in files:
        attach(inquiry, one, actor=actor, purpose="inquiry", customer_id=inquiry.customer_id)
    facts = {
        "recognised_by": inquiry.recognised_by,
        **office_facts(received_at),
        **({"source": inquiry.source.code} if inquiry.source else {}),
    }
    private = {"subject": inquiry.subject}
    record("inquiry.received", inquiry, actor=actor, facts=facts, private=private, occurred_at=received_at)
    return _route(inquiry)


def _repeated(inquiry: Inquiry) -> Inquiry | None:
    """The open inquiry that asks the same; two posts at once wait for one another here."""
    sender = {"email": inquiry.email, "phone": e164(inquiry.phone)}
    lock_sender(**sender)
    return earlier_of(**sender, subject=inquiry.subject, text=inquiry.text)


def _insert_unless_known(inquiry: Inquiry, received_at: datetime | None) -> Inquiry | None:
    """Number and save; answers the earlier inquiry of the same request where one won the race."""
    try:
        with transaction.atomic():
            inquiry.number = next_number("inquiry", at=received_at)
            inquiry.save(force_insert=True)
    except IntegrityError:
        if inquiry.request_key and (earlier := Inquiry.objects.filter(request_key=inquiry.request_key).first()):
            return earlier
        raise
    return None


def _introduce(inquiry: Inquiry, customer: Customer | None, contact: Contact | None) -> None:
    """Put on the inquiry what we know about the sender."""
    if customer is not None:
        sender = Sender(customer, contact, "given")
    else:
        sender = recognise(email=inquiry.email, phone=e164(inquiry.phone), company=inquiry.company_name)
    inquiry.customer, inquiry.contact, inquiry.recognised_by = sender.customer, sender.contact, sender.by
    if sender.customer is not None:
        inquiry.country = inquiry.country or sender.customer.country
        inquiry.company_name = inquiry.company_name or sender.customer.name
        inquiry.time_zone = sender.customer.time_zone
        inquiry.region = inquiry.region or known_region(sender.customer, inquiry.country)
    else:
        inquiry.time_zone = zone_of(inquiry.country) or Company.current().time_zone


def _route(inquiry: Inquiry) -> Inquiry:
    """Assign the inquiry, and tell the managers when nobody speaks the sender's language."""
    choice = choose_owner(inquiry)
    if choice.owner is not None:
        inquiry = _assign(inquiry.pk, actor=None, owner=choice.owner, routing=choice.verdicts)
    if not choice.fits:
        facts = {"has_owner": choice.owner is not None, "routing": choice.verdicts}
        record("inquiry.unrouted", inquiry, facts=facts)
    return inquiry


# ---------------------------------------------------------------- to whom


def _assign(pk: int, *, actor: Any, owner: Any, routing: list[dict[str, Any]] | None = None) -> Inquiry:
    return perform(
        Inquiry,
        pk,
        "assign",
        actor=actor,
        facts={
            "by_owner": getattr(actor, "pk", None) == owner.pk,
            **({"routing": routing} if routing is not None else {}),
        },
        private={"owner": str(owner)},
        owner=owner,
    )


def take_inquiry(pk: int, *, actor: Any) -> Inquiry:
    """Take a new inquiry oneself. Raises Refused when somebody was faster."""
    return _assign(pk, actor=actor, owner=actor)


def assign_inquiry(pk: int, *, actor: Any, owner: Any) -> Inquiry:
    """Give a new inquiry to somebody. Raises Refused when it is not new any more, or the person cannot answer it."""
    changes.demand(actor, "crm.assign_inquiry")
    _refuse_unfit(owner)
    return _assign(pk, actor=actor, owner=owner)


@transaction.atomic
def hand_over_inquiry(
    pk: int,
    *,
    actor: Any,
    owner: Any,
    was_owner: int | None = None,
    note: str = "",
    routing: list[dict[str, Any]] | None = None,
) -> Inquiry:
    """Pass an open inquiry on. `was_owner` is whom the form showed: Refused when it belongs to somebody else by now.

    `routing` are the verdicts of the rules, where they and not a person decided.
    """
    _refuse_unfit(owner)
    inquiry = changes.lock(Inquiry, pk)
    if actor is not None and inquiry.owner_id != actor.pk:
        changes.demand(actor, "crm.assign_inquiry")
    if inquiry.status not in Inquiry.OPEN or inquiry.owner_id is None:
        raise Refused(_("Only an open inquiry that belongs to somebody can be handed over."))
    if was_owner is not None and inquiry.owner_id != was_owner:
        raise Refused(_("%(number)s belongs to %(owner)s by now.") % {"number": inquiry.number, "owner": inquiry.owner})
    if inquiry.owner_id == owner.pk:
        raise Refused(_("%(number)s belongs to %(owner)s already.") % {"number": inquiry.number, "owner": owner})
    before = inquiry.owner_id
    inquiry.owner = owner
    inquiry.save(update_fields=["owner"])
    record(
        "inquiry.assigned",
        inquiry,
        actor=actor,
        facts={
            "from_owner_id": before,
            "by_owner": getattr(actor, "pk", None) == owner.pk,
            **({"routing": routing} if routing is not None else {}),
        },
        private={"owner": str(owner), **({"note": note} if note else {})},
    )
    return inquiry


def _refuse_unfit(owner: Any) -> None:
    if not owner.is_active or not owner.has_perm("crm.answer_inquiry"):
        raise Refused(_("%(name)s cannot answer inquiries.") % {"name": owner}, reason="input", field="owner")


@transaction.atomic
def promise_answer(pk: int, *, actor: Any, promised_at: datetime, note: str = "") -> Inquiry:
    """What cannot be answered at once is promised for a time, of which the owner is reminded."""
    changes.demand(actor, "crm.answer_inquiry")
    inquiry = changes.lock(Inquiry, pk)
    if inquiry.status not in Inquiry.UNANSWERED:
        raise Refused(_("%(number)s has been answered or closed.") % {"number": inquiry.number})
    if promised_at <= timezone.now():
        raise Refused(_("The promised time lies in the past."), reason="input", field="promised_at")
    inquiry.promised_at = promised_at
    inquiry.save(update_fields=["promised_at"])
    record(
        "inquiry.promised",
        inquiry,
        actor=actor,
        facts={"promised_at": promised_at},
        private={"note": note} if note else None,
    )
    return inquiry


@transaction.atomic
def set_priority(pk: int, *, actor: Any, priority: str) -> Inquiry:
    """Make an unanswered inquiry urgent, or ordinary again; its clock takes the other target."""
    changes.demand(actor, "crm.change_inquiry")
    inquiry = changes.lock(Inquiry, pk)
    if inquiry.status not in Inquiry.UNANSWERED:
        raise Refused(_("%(number)s has been answered or closed.") % {"number": inquiry.number})
    if priority not in Inquiry.Priority.values:
        raise Refused(_("Choose a priority."), reason="input", field="priority")
    if priority != inquiry.priority:
        before, inquiry.priority = inquiry.priority, priority
        inquiry.save(update_fields=["priority"])
        record("inquiry.prioritised", inquiry, actor=actor, facts={"from_priority": before})
    return inquiry


# ---------------------------------------------------------------- the answer


@transaction.atomic
def answer_inquiry(
    pk: int, *, actor: Any, subject_line: str, body: str, language: str = "", files: Iterable[Any] = ()
) -> Inquiry:
    """Send the first answer as an email, in the same transaction; that stops the clock. Raises Refused."""
    inquiry = perform(Inquiry, pk, "answer", actor=actor, facts={"answer_channel": "email"}, by=actor)
    _send(inquiry, actor=actor, subject_line=subject_line, body=body, language=language, files=files)
    return inquiry


@transaction.atomic
def note_answer(pk: int, *, actor: Any, channel: str, content: str) -> Inquiry:
    """The answer was given otherwise (by phone, in chat): it stops the clock, and becomes a service record of the customer."""
    inquiry = perform(
        Inquiry, pk, "answer", actor=actor, facts={"answer_channel": channel}, private={"text": content}, by=actor
    )
    if inquiry.customer_id:
        add_service_record(
            inquiry.customer_id,
            actor=actor,
            subject=inquiry.subject,
            content=content,
            type=ServiceRecord.Type.INQUIRY_ANSWER,
            channel=channel,
            contact=inquiry.contact,
            inquiry=inquiry,
        )
    return inquiry


def _send(inquiry: Inquiry, *, actor: Any, subject_line: str, body: str, language: str, files: Iterable[Any]) -> None:
    recipient = recipient_of_inquiry(inquiry)
    if recipient is None or not recipient.email:
        raise Refused(_("The sender gave no email address: note how you answered instead."), reason="input")
    kept = [attach(inquiry, one, actor=actor, purpose="answer", customer_id=inquiry.customer_id) for one in files]
    send_message(
        inquiry,
        recipient=recipient,
        channel="email",
        subject_line=subject_line,
        body=body,
        actor=actor,
        attachments=kept,
        language=language or inquiry.language,
    )


# ---------------------------------------------------------------- the end


@transaction.atomic
def convert_inquiry(
    pk: int, *, actor: Any, customer: Customer | None = None, new_customer: dict[str, Any] | None = None
) -> Inquiry:
    """A sale begins. The sender becomes a contact of `customer`, of the customer it has, or of a new one. Raises Refused.

    `new_customer` may hold fields of a customer; without it the new one takes what the inquiry says.
    """
    inquiry = changes.lock(Inquiry, pk)
    if inquiry.status != Inquiry.Status.ANSWERED:
        # The machine refuses, and says who was faster; nothing may be created before that.
        return perform(Inquiry, pk, "convert", actor=actor, customer=customer)
    changes.demand(actor, "crm.convert_inquiry")
    customer = customer or inquiry.customer
    if customer is None:
        customer, contact = _customer_from(inquiry, actor, new_customer or {})
    else:
        contact = _contact_at(customer, inquiry, actor)
    return perform(
        Inquiry,
        pk,
        "convert",
        actor=actor,
        facts={"customer_id": customer.pk, "customer_number": customer.number},
        customer=customer,
        contact=contact,
    )


def _customer_from(inquiry: Inquiry, actor: Any, given: dict[str, Any]) -> tuple[Customer, Contact | None]:
    values = {
        "name": inquiry.company_name or inquiry.contact_name,
        "country": inquiry.country,
        "language": inquiry.language,
        "source": inquiry.channel,
        "owner": inquiry.owner,
        **given,
    }
    customer = create_customer(actor=actor, main_contact=_person_of(inquiry), **values)
    return customer, customer.contacts.first()


def _person_of(inquiry: Inquiry) -> dict[str, Any]:
    return {
        "name": inquiry.contact_name,
        "email": inquiry.email,
        "phone": inquiry.phone,
        "language": inquiry.language,
    }


def _contact_at(customer: Customer, inquiry: Inquiry, actor: Any) -> Contact:
    """The contact that the sender is: known already, found by address or number, or added."""
    if inquiry.contact is not None and inquiry.contact.customer_id == customer.pk:
        return inquiry.contact
    known = Contact.objects.reached_by(email=inquiry.email, phone=e164(inquiry.phone)).filter(customer=customer)
    return known.first() or add_contact(customer.pk, actor=actor, **_person_of(inquiry))


def close_inquiry(
    pk: int,
    *,
    actor: Any,
    outcome: str,
    reason: str = "",
    closing_reason: ClosingReason | None = None,
    competitor: str = "",
) -> Inquiry:
    """Nothing more is to be done; lost says why, by a reason of the house or in words."""
    if outcome not in Inquiry.Outcome.values:
        raise Refused(_("Choose how it ended."), reason="input", field="outcome")
    if closing_reason is not None and closing_reason.outcome != outcome:
        raise Refused(_("This reason belongs to another outcome."), reason="input", field="closing_reason")
    if outcome == Inquiry.Outcome.LOST and not reason.strip() and closing_reason is None:
        raise Refused(_("Say why it was lost."), reason="input", field="reason")
    said = {name: text for name, text in (("reason", reason), ("competitor", competitor)) if text}
    return perform(
        Inquiry,
        pk,
        "close",
        actor=actor,
        facts={"outcome": outcome, "reason_code": closing_reason.code if closing_reason else ""},
        private=said or None,
        outcome=outcome,
        reason=reason,
        closing_reason=closing_reason,
        competitor=competitor,
    )


@transaction.atomic
def win_inquiry(pk: int, *, actor: Any) -> Inquiry:
    """The customer has ordered: closed as won. Called by the stage that knows it; nothing happens to a closed one."""
    inquiry = changes.lock(Inquiry, pk)
    if inquiry.status == Inquiry.Status.CLOSED:
        return inquiry
    reason = ClosingReason.objects.filter(code=WON_BY_QUOTE).first()
    may = actor is not None and actor.has_perm("crm.close_inquiry")
    return close_inquiry(pk, actor=actor if may else None, outcome=Inquiry.Outcome.WON, closing_reason=reason)


def reopen_inquiry(pk: int, *, actor: Any) -> Inquiry:
    """Take a closed inquiry up again: it belongs to whom it belonged to, or to whoever reopens it."""
    owner = Inquiry.objects.select_related("owner").get(pk=pk).owner
    owner = owner if owner is not None and owner.is_active else actor
    return perform(Inquiry, pk, "reopen", actor=actor, private={"owner": str(owner)}, owner=owner)
