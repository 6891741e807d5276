"""Technical requests: asked for by sales, taken by the technical team, questions back, given up or handed on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import Contact, Customer, Dimension, Inquiry, TechnicalKind, TechnicalQuestion, TechnicalRequest
from crm.models.cadence import company_today
from crm.services import changes
from crm.services.reminding import settle_reminder
from crm.services.samples import refuse_strangers
from foundation.accounts import tokens
from foundation.accounts.work import reassign_owned
from foundation.documents.numbering import next_number
from foundation.journal.attachments import attach
from foundation.journal.machine import Refused, perform
from foundation.journal.services import record
from foundation.sla import pauses

TOKEN = "drawing"
BRIEF = "brief"
DRAW = "crm.draw_technicalrequest"
MOST_DIMENSIONS = 20


@dataclass(frozen=True)
class Measure:
    """One dimension as somebody entered it."""

    name: str
    value: Decimal
    unit: str = Dimension.Unit.MM
    tolerance: str = ""


@transaction.atomic
def request_drawings(
    customer_id: int,
    *,
    actor: Any,
    kind: TechnicalKind,
    subject: str,
    wish: str,
    dimensions: Sequence[Measure] = (),
    uploads: Sequence[Any] = (),
    contact: Contact | None = None,
    inquiry: Inquiry | None = None,
    click_system: str = "",
    wanted_on: date | None = None,
    priority: str = TechnicalRequest.Priority.NORMAL,
    salesperson: Any = None,
) -> TechnicalRequest:
    """Ask the technical team on behalf of a customer, with the customer's drawings and photos. Raises Refused."""
    changes.demand(actor, "crm.add_technicalrequest")
    customer = changes.lock(Customer, customer_id)
    refuse_strangers(customer, contact, inquiry)
    if wanted_on is not None and wanted_on < company_today():
        raise Refused(_("This day has passed already."), reason="input", field="wanted_on")
    request = TechnicalRequest(
        number=next_number("technical"),
        customer=customer,
        contact=contact or customer.contacts.filter(left_at=None).first(),
        inquiry=inquiry,
        kind=kind,
        subject=subject,
        wish=wish,
        click_system=click_system,
        wanted_on=wanted_on,
        priority=priority,
        salesperson=salesperson or actor or customer.owner,
    )
    request.save(force_insert=True)
    _put_dimensions(request, dimensions)
    record("technical_request.submitted", request, actor=actor, private={"subject": subject})
    _keep_files(request, uploads, actor)
    return request


def _put_dimensions(request: TechnicalRequest, dimensions: Sequence[Measure]) -> None:
    if len(dimensions) > MOST_DIMENSIONS:
        raise Refused(_("At most %(count)d lines are possible.") % {"count": MOST_DIMENSIONS}, reason="input")
    request.dimensions.all().delete()
    Dimension.objects.bulk_create(
        Dimension(request=request, position=place, name=m.name, value=m.value, unit=m.unit, tolerance=m.tolerance)
        for place, m in enumerate(dimensions, 1)
    )


def _keep_files(request: TechnicalRequest, uploads: Sequence[Any], actor: Any) -> None:
    for one in uploads:
        try:
            attach(request, one, actor=actor, purpose=BRIEF)
        except Refused as refusal:
            raise Refused(refusal.message, reason=refusal.reason, field="uploads") from refusal


@transaction.atomic
def change_request(
    pk: int, *, actor: Any, dimensions: Sequence[Measure], uploads: Sequence[Any] = (), **values: Any
) -> TechnicalRequest:
    """Say it better, before the customer has any drawings. Raises Refused."""
    changes.demand(actor, "crm.change_technicalrequest")
    request = changes.lock(TechnicalRequest, pk)
    if request.status not in TechnicalRequest.TO_DRAW:
        raise Refused(_("%(request)s is drawn already: ask for changes instead.") % {"request": request})
    refuse_strangers(request.customer, values.get("contact"), values.get("inquiry"))
    before = [(m.name, m.value, m.unit, m.tolerance) for m in request.dimensions.all()]
    changed = set(changes.apply(request, values))
    fields = sorted(changed)
    if before != [(m.name, m.value, m.unit, m.tolerance) for m in dimensions]:
        _put_dimensions(request, dimensions)
        changed.add("dimensions")
    if fields:
        request.save(update_fields=fields)
    _keep_files(request, uploads, actor)
    if changed:
        code = "technical_request.prioritised" if changed == {"priority"} else "technical_request.updated"
        record(code, request, actor=actor, facts={"changed": sorted(changed)})
    return request


def take_request(pk: int, *, actor: Any) -> TechnicalRequest:
    """Put it on one's own desk; of two who take it one has it. Raises Refused."""
    return perform(TechnicalRequest, pk, "take", actor=actor, facts={"by_owner": True}, owner=actor)


@transaction.atomic
def assign_request(pk: int, *, actor: Any, owner: Any) -> TechnicalRequest:
    """Give it to a colleague of the technical team, or hand one's own on. Raises Refused."""
    changes.demand(actor, DRAW)
    _refuse_unfit(owner)
    request = changes.lock(TechnicalRequest, pk)
    if request.status == TechnicalRequest.Status.NEW:
        by_owner = actor is not None and actor.pk == owner.pk
        facts, private = {"by_owner": by_owner}, {"owner": str(owner)}
        return perform(TechnicalRequest, pk, "take", actor=actor, facts=facts, private=private, owner=owner)
    if request.owner_id == owner.pk:
        raise Refused(_("%(owner)s has this request already.") % {"owner": owner}, reason="input", field="owner")
    return hand_over_request(pk, actor=actor, owner=owner, was_owner=request.owner_id)


def _refuse_unfit(owner: Any) -> None:
    if not (owner.is_active and owner.has_perm(DRAW)):
        raise Refused(_("%(name)s does not draw.") % {"name": owner}, reason="input", field="owner")


def hand_over_request(pk: int, *, actor: Any, owner: Any, was_owner: int | None) -> TechnicalRequest:
    """Another colleague draws. Raises Refused when it is somebody else's by now, or over."""
    request: TechnicalRequest = reassign_owned(
        TechnicalRequest,
        pk,
        actor=actor,
        owner=owner,
        was_owner=was_owner,
        event="technical_request.reassigned",
        closed=["done", "abandoned"],
    )
    return request


@transaction.atomic
def ask_back(pk: int, *, actor: Any, to: str, text: str, reason: str = "") -> TechnicalRequest:
    """Ask the salesperson or the customer; the clock stands still until the answer is here. Raises Refused."""
    if not text.strip():
        raise Refused(_("Say what you have to know."), reason="input", field="text")
    is_asked = to == TechnicalQuestion.To.CUSTOMER
    facts = pauses.facts_of(reason if is_asked else pauses.COLLEAGUE)
    if is_asked and (not facts or reason == pauses.COLLEAGUE):
        raise Refused(_("Say what the customer has to do."), reason="input", field="reason")
    request = perform(
        TechnicalRequest, pk, "ask", actor=actor, facts={"asked": to, **facts}, private={"text": text.strip()}
    )
    TechnicalQuestion.objects.create(request=request, to=to, text=text.strip(), asked_by=actor)
    return request


@transaction.atomic
def answer_question(
    pk: int, *, actor: Any, text: str, name: str = "", uploads: Sequence[Any] = (), via: str = "staff"
) -> TechnicalRequest:
    """What was missing; `actor` None is the customer on their own page, who gives a `name`. Raises Refused."""
    if not text.strip():
        raise Refused(_("Write the answer."), reason="input", field="text")
    request = perform(
        TechnicalRequest, pk, "answer", actor=actor, facts={"via": via}, private={"text": text.strip(), "name": name}
    )
    question = request.questions.select_for_update().get(answered_at=None)
    question.answer, question.answered_at = text.strip(), timezone.now()
    question.answered_by = (name or str(actor or request.customer))[:120]
    question.save(update_fields=["answer", "answered_at", "answered_by"])
    _keep_files(request, uploads, actor)
    return request


def finish_request(pk: int, *, actor: Any) -> TechnicalRequest:
    """Approved and handed on. Raises Refused."""
    return perform(TechnicalRequest, pk, "finish", actor=actor, at=timezone.now())


@transaction.atomic
def abandon_request(pk: int, *, actor: Any, outcome: str, reason: str) -> TechnicalRequest:
    """Nothing comes of it; the customer's page says that it is closed. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say why."), reason="input", field="reason")
    if outcome not in TechnicalRequest.Outcome.values:
        raise Refused(_("Say what came of it."), reason="input", field="outcome")
    request = perform(
        TechnicalRequest,
        pk,
        "abandon",
        actor=actor,
        facts={"outcome": outcome},
        private={"reason": reason.strip()},
        outcome=outcome,
        reason=reason.strip(),
        at=timezone.now(),
    )
    TechnicalQuestion.objects.filter(request=request, answered_at=None).update(
        answered_at=timezone.now(), answer="–", answered_by="–"
    )
    tokens.revoke(TOKEN, request)
    settle_reminder(request)
    return request
