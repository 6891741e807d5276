"""Complaints: taken in, worked on, solved, signed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aftersales.models import AfterSalesPolicy, Solution, Ticket
from aftersales.selectors import open_tickets
from aftersales.services.surveys import request_survey
from foundation.accounts.models import User
from foundation.accounts.routing import staff_speaking
from foundation.documents.numbering import next_number
from foundation.journal.attachments import attach, attach_bytes
from foundation.journal.machine import Refused, perform
from foundation.journal.services import record
from foundation.sla import pauses
from orders.models import Order


@dataclass
class Complaint:
    """What is known when somebody complains. `files` are uploads that the customer sent along."""

    subject: str
    description: str
    channel: str = Ticket.Channel.PHONE
    kind: str = Ticket.Kind.QUALITY
    priority: str = Ticket.Priority.NORMAL
    demand: str = ""
    defect: str = ""
    defect_rate: Decimal | None = None
    language: str = ""
    customer: Any = None
    contact: Any = None
    order: Any = None
    shipment: Any = None
    product: Any = None
    complainant_name: str = ""
    complainant_email: str = ""
    complainant_phone: str = ""
    order_reference: str = ""
    files: list[Any] = field(default_factory=list)
    call: Any = None


def warranty_end(order: Order | None, policy: AfterSalesPolicy) -> date | None:
    """The last day of the warranty: so many months from the contract date (AFT-3); None while that date is unknown."""
    if order is None or order.contract_date is None:
        return None
    end: date = order.contract_date + relativedelta(months=policy.warranty_months)
    return end


@transaction.atomic
def receive_ticket(complaint: Complaint, *, actor: Any = None, owner: User | None = None) -> Ticket:
    """Open a ticket, give it to somebody of service who speaks the customer's language, keep the files."""
    order, customer = complaint.order, complaint.customer
    if customer is None and order is not None:
        customer = order.customer
    language = complaint.language or (customer.language if customer else "en")
    ticket = Ticket(
        number=next_number("ticket"),
        customer=customer,
        contact=complaint.contact or (order.contact if order is not None else None),
        order=order,
        shipment=complaint.shipment,
        product=complaint.product,
        call=complaint.call,
        channel=complaint.channel,
        kind=complaint.kind,
        priority=complaint.priority,
        demand=complaint.demand,
        subject=complaint.subject,
        description=complaint.description,
        defect=complaint.defect,
        defect_rate=complaint.defect_rate,
        language=language,
        complainant_name=complaint.complainant_name,
        complainant_email=complaint.complainant_email,
        complainant_phone=complaint.complainant_phone,
        order_reference=complaint.order_reference,
        warranty_until=warranty_end(order, AfterSalesPolicy.current()),
        owner=owner or staff_speaking(language, "service", load=open_tickets),
    )
    ticket.received_at = timezone.now()
    ticket.insert()
    for upload in complaint.files:
        attach(ticket, upload, actor=actor, purpose="complaint", customer_id=ticket.customer_id)
    record("ticket.received", ticket, actor=actor, facts={"files": len(complaint.files)})
    return ticket


@transaction.atomic
def acknowledge_ticket(pk: int, *, actor: Any) -> Ticket:
    """Take the ticket, tell the customer that we are sorry and who looks after it."""
    current = Ticket.objects.only("owner_id").get(pk=pk)
    return perform(Ticket, pk, "acknowledge", actor=actor, owner=current.owner or actor)


@transaction.atomic
def investigate_ticket(pk: int, *, actor: Any) -> Ticket:
    """Start looking for the cause."""
    return perform(Ticket, pk, "investigate", actor=actor)


@transaction.atomic
def propose_solution(
    pk: int,
    *,
    actor: Any,
    text: str,
    kind: str = Ticket.Demand.REPLACEMENT,
    ready_on: date | None = None,
    cost: Decimal = Decimal(0),
    currency: str = "USD",
    fault: str = "",
) -> Ticket:
    """Offer a solution. Inside the warranty and by our fault it is free (AFT-3): a cost is refused then."""
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=pk)
    if ticket.status not in (Ticket.Status.ACKNOWLEDGED, Ticket.Status.INVESTIGATING):
        return perform(Ticket, pk, "propose", actor=actor)  # says who was faster
    if fault:
        ticket.fault = fault
        ticket.save(update_fields=["fault"])
    if cost and ticket.fault == Ticket.Fault.OURS and ticket.in_warranty():
        raise Refused(
            _("Inside the warranty and by our own fault the customer pays nothing."), reason="input", field="cost"
        )
    Solution.objects.create(
        ticket=ticket, kind=kind, text=text, ready_on=ready_on, cost=cost, currency=currency, proposed_by=actor
    )
    return perform(Ticket, pk, "propose", actor=actor, facts={"solution": kind}, private={"text": text})


def _decide(ticket_id: int, decision: str, by: str, reason: str) -> None:
    Solution.objects.filter(ticket_id=ticket_id, decision=Solution.Decision.OPEN).update(
        decision=decision, decided_at=timezone.now(), decided_by=by[:120], reason=reason
    )


@transaction.atomic
def accept_solution(pk: int, *, actor: Any, by: str = "", check: bool = True) -> Ticket:
    """The customer agrees, on their page (`check=False`, no actor) or by telling a colleague."""
    ticket = perform(Ticket, pk, "accept", actor=actor, check=check, private={"by": by} if by else None)
    _decide(pk, Solution.Decision.ACCEPTED, by, "")
    return ticket


@transaction.atomic
def reject_solution(pk: int, *, actor: Any, reason: str, by: str = "", check: bool = True) -> Ticket:
    """The customer declines and says why; the ticket is investigated again."""
    ticket = perform(Ticket, pk, "reject", actor=actor, check=check, private={"by": by, "reason": reason})
    _decide(pk, Solution.Decision.DECLINED, by, reason)
    return ticket


@transaction.atomic
def wait_for_customer(pk: int, *, actor: Any, reason: str, note: str = "") -> Ticket:
    """Pause the clock while the customer has to act; `reason` is the code of a reason to wait, `note` anybody's words.

    Refused without a reason, and when the ticket waits already or is done.
    """
    facts = pauses.facts_of(reason)
    if not facts or reason == pauses.COLLEAGUE:
        raise Refused(_("Say what the customer has to do."), reason="input", field="reason")
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=pk)
    if ticket.waiting_since is not None:
        raise Refused(_("%(ticket)s waits for the customer already.") % {"ticket": ticket})
    if ticket.status in (Ticket.Status.RESOLVED, Ticket.Status.CLOSED, Ticket.Status.CANCELLED):
        raise Refused(_("%(ticket)s is done: there is nothing to wait for.") % {"ticket": ticket})
    ticket.waiting_since = timezone.now()
    ticket.save(update_fields=["waiting_since"])
    record("ticket.waiting", ticket, actor=actor, facts=facts, private={"note": note} if note else None)
    return ticket


@transaction.atomic
def customer_replied(pk: int, *, text: str, actor: Any = None, files: list[Any] | None = None) -> Ticket:
    """The customer answers, on their page or through a colleague who notes it; the clock runs again."""
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=pk)
    if not ticket.is_open:
        raise Refused(_("%(ticket)s is closed. Please open a new complaint.") % {"ticket": ticket})
    ticket.waiting_since = None
    ticket.save(update_fields=["waiting_since"])
    for upload in files or []:
        attach(ticket, upload, actor=actor, purpose="reply", customer_id=ticket.customer_id)
    record("ticket.customer_replied", ticket, actor=actor, private={"text": text})
    return ticket


@transaction.atomic
def reassign_ticket(pk: int, *, actor: Any, owner: User, was_owner: int | None = None) -> Ticket:
    """Hand the ticket to somebody else. With `was_owner`: refused when it belongs to somebody else by now."""
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=pk)
    if was_owner is not None and ticket.owner_id != was_owner:
        raise Refused(_("%(ticket)s belongs to %(owner)s by now.") % {"ticket": ticket, "owner": ticket.owner or "–"})
    if ticket.owner_id == owner.pk:
        raise Refused(_("%(owner)s has this ticket already.") % {"owner": owner}, reason="input", field="owner")
    before, ticket.owner = ticket.owner_id, owner
    ticket.save(update_fields=["owner"])
    record("ticket.reassigned", ticket, actor=actor, facts={"from_owner": before, "to_owner": owner.pk})
    return ticket


@transaction.atomic
def prioritise_ticket(pk: int, *, actor: Any, priority: str) -> Ticket:
    """Make the complaint more or less urgent; its promises look their targets up again. Refused when it is done."""
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=pk)
    if not ticket.is_open:
        raise Refused(_("%(ticket)s is closed.") % {"ticket": ticket})
    if priority not in Ticket.Priority.values:
        raise Refused(_("Choose a priority."), reason="input", field="priority")
    if priority == ticket.priority:
        raise Refused(_("This is its priority already."), reason="input", field="priority")
    before, ticket.priority = ticket.priority, priority
    ticket.save(update_fields=["priority"])
    record("ticket.prioritised", ticket, actor=actor, facts={"from_priority": before})
    return ticket


@transaction.atomic
def resolve_ticket(
    pk: int,
    *,
    actor: Any,
    resolution: str,
    signed_by: str,
    signature: bytes | None = None,
    paper: Any = None,
    at: datetime | None = None,
) -> Ticket:
    """Close the work with the customer's sign-off: a name, and a drawn signature (PNG) or the signed paper."""
    if signature is None and paper is None:
        raise Refused(
            _("The customer has to sign: on the screen, or on paper that you photograph."),
            reason="input",
            field="signature",
        )
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=pk)
    if ticket.status == Ticket.Status.ACCEPTED:
        ticket.resolution, ticket.signed_by, ticket.signed_at = resolution, signed_by, at or timezone.now()
        ticket.save(update_fields=["resolution", "signed_by", "signed_at"])
    done = perform(Ticket, pk, "resolve", actor=actor, at=at or timezone.now(), private={"signed_by": signed_by})
    if signature is not None:
        attach_bytes(done, signature, "image/png", _("Signature of the customer"), actor=actor, purpose="signature")
    if paper is not None:
        attach(done, paper, actor=actor, purpose="sign-off", customer_id=done.customer_id)
    return done


@transaction.atomic
def close_ticket(pk: int, *, actor: Any) -> Ticket:
    """File the ticket, and ask the customer how we did where the policy says so."""
    ticket = perform(Ticket, pk, "close", actor=actor, at=timezone.now())
    if AfterSalesPolicy.current().survey_after_resolution and ticket.customer_id:
        request_survey(ticket, actor=actor)
    return ticket


@transaction.atomic
def reopen_ticket(pk: int, *, actor: Any, reason: str) -> Ticket:
    """It was not solved after all; the reason is kept."""
    return perform(Ticket, pk, "reopen", actor=actor, private={"reason": reason})


@transaction.atomic
def cancel_ticket(pk: int, *, actor: Any, reason: str) -> Ticket:
    """Entered by mistake, twice, or withdrawn."""
    return perform(Ticket, pk, "cancel", actor=actor, at=timezone.now(), private={"reason": reason})


@transaction.atomic
def update_ticket(pk: int, *, actor: Any, version: int, **changes: Any) -> Ticket:
    """Change what is known about the case. Refused when somebody else has saved since `version` was read."""
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=pk)
    if ticket.version != version:
        raise Refused(_("Somebody else has changed %(ticket)s meanwhile.") % {"ticket": ticket}, reason="stale")
    changed = [name for name, value in changes.items() if getattr(ticket, name) != value]
    if not changed:
        return ticket
    for name in changed:
        setattr(ticket, name, changes[name])
    if "order" in changed:
        ticket.warranty_until = warranty_end(ticket.order, AfterSalesPolicy.current())
        ticket.customer = ticket.customer or (ticket.order.customer if ticket.order else None)
        changed += ["warranty_until", "customer"]
    ticket.version += 1
    ticket.save(update_fields=[*changed, "version"])
    record("ticket.updated", ticket, actor=actor, facts={"fields": sorted(set(changed))})
    if "priority" in changed:
        record("ticket.prioritised", ticket, actor=actor)
    return ticket
