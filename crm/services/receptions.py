"""Booking receptions: planned or walked in, changed, moved, called off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import AppointmentPolicy, Contact, Customer, Reception, ReceptionStep, StepRun
from crm.services import changes
from crm.services.customers import create_customer
from crm.services.preparation import fill_checklist
from foundation.accounts.work import reassign_owned
from foundation.documents.numbering import next_number
from foundation.journal.machine import Refused, perform
from foundation.journal.services import record

LONGEST = timedelta(hours=16)
RIGHT = "crm.hold_reception"


@transaction.atomic
def book_reception(
    customer_id: int,
    *,
    actor: Any,
    purpose: str,
    start: datetime,
    end: datetime | None = None,
    owner: Any = None,
    assistant: Any = None,
    contact: Contact | None = None,
    language: str = "",
    head_count: int = 1,
    wishes: Sequence[str] = (),
    tells_customer: bool = False,
) -> Reception:
    """The customer comes to us: with its checklist and its steps, as the rows of the administration are now. Raises Refused."""
    changes.demand(actor, RIGHT)
    end = end or start + usual_length()
    _refuse_times(start, end)
    reception = _made(customer_id, actor, purpose, start, end, owner, assistant, contact, language, head_count, wishes)
    facts = {"tells_customer": tells_customer}
    record("reception.planned", reception, actor=actor, facts=facts, private={"purpose": purpose})
    return reception


@transaction.atomic
def walk_in(
    *,
    actor: Any,
    purpose: str,
    customer: Customer | None = None,
    company_name: str = "",
    contact_name: str = "",
    country: str = "",
    email: str = "",
    phone: str = "",
    owner: Any = None,
    assistant: Any = None,
    language: str = "",
    head_count: int = 1,
    wishes: Sequence[str] = (),
) -> Reception:
    """Somebody is here now, without an appointment. Who is not known yet becomes a customer. Raises Refused."""
    changes.demand(actor, RIGHT)
    if customer is None:
        customer = _new_customer(actor, owner or actor, company_name, contact_name, country, email, phone, language)
    now = timezone.now()
    reception = _made(
        customer.pk, actor, purpose, now, now + usual_length(), owner, assistant, None, language, head_count, wishes,
        is_walk_in=True,
    )  # fmt: skip
    return arrive(reception.pk, actor=actor)


def _new_customer(
    actor: Any, owner: Any, name: str, person: str, country: str, email: str, phone: str, language: str
) -> Customer:
    changes.demand(actor, "crm.add_customer")
    if not (name or person).strip():
        raise Refused(_("Say who is here."), reason="input", field="company_name")
    if not country:
        raise Refused(_("Say from which country."), reason="input", field="country")
    people = {"name": person, "email": email, "phone": phone, "language": language} if person else None
    return create_customer(
        actor=actor, name=name or person, main_contact=people, country=country, language=language, owner=owner
    )


def _made(
    customer_id: int,
    actor: Any,
    purpose: str,
    start: datetime,
    end: datetime,
    owner: Any,
    assistant: Any,
    contact: Contact | None,
    language: str,
    head_count: int,
    wishes: Sequence[str],
    *,
    is_walk_in: bool = False,
) -> Reception:
    customer = changes.lock(Customer, customer_id)
    owner = owner or actor
    _refuse_foreign(actor, owner, assistant)
    _refuse_strangers(customer, contact)
    reception = Reception(
        number=next_number("reception"),
        customer=customer,
        contact=contact or customer.contacts.filter(left_at=None).first(),
        owner=owner,
        assistant=assistant if assistant != owner else None,
        purpose=purpose,
        planned_start=start,
        planned_end=end,
        language=language or customer.language,
        head_count=head_count,
        wishes=list(wishes),
        is_walk_in=is_walk_in,
    )
    reception.save(force_insert=True)
    fill_checklist(reception, wishes=wishes)
    fill_steps(reception)
    return reception


def fill_steps(reception: Reception) -> None:
    """The steps in use, with the minutes that are planned for them today."""
    rows = ReceptionStep.objects.filter(is_active=True)
    StepRun.objects.bulk_create(
        StepRun(
            reception=reception,
            step=row,
            own_text=row.text_en,
            planned_minutes=row.planned_minutes,
            position=row.position,
        )
        for row in rows
    )


def usual_length() -> timedelta:
    """How long a reception takes when nobody says otherwise."""
    return timedelta(minutes=AppointmentPolicy.current().reception_minutes)


def _refuse_foreign(actor: Any, owner: Any, assistant: Any) -> None:
    for person, field in ((owner, "owner"), (assistant, "assistant")):
        if person is not None and not (person.is_active and person.has_perm(RIGHT)):
            raise Refused(_("%(name)s holds no receptions.") % {"name": person}, reason="input", field=field)


def _refuse_strangers(customer: Customer, contact: Contact | None) -> None:
    if contact is not None and contact.customer_id != customer.pk:
        raise Refused(_("This contact belongs to another customer."), reason="input", field="contact")


def _refuse_times(start: datetime, end: datetime) -> None:
    if start <= timezone.now():
        raise Refused(_("This time has passed already."), reason="input", field="start")
    if end <= start:
        raise Refused(_("It must end after it begins."), reason="input", field="end")
    if end - start > LONGEST:
        raise Refused(_("A reception takes at most sixteen hours."), reason="input", field="end")


def may_lead(reception: Reception, user: Any) -> bool:
    """The host's and the assistant's, or anybody's for those who plan for colleagues."""
    hosts = (reception.owner_id, reception.assistant_id)
    return reception.owner_id is None or user.pk in hosts or user.has_perm("crm.plan_visits_of_others")


def held(pk: int, actor: Any) -> Reception:
    """The reception, locked, for somebody who may act on it. Raises Refused and PermissionDenied."""
    changes.demand(actor, RIGHT)
    reception = changes.lock(Reception, pk)
    if actor is not None and not may_lead(reception, actor):
        raise Refused(_("This reception belongs to %(owner)s.") % {"owner": reception.owner})
    return reception


def _planned(pk: int, actor: Any) -> Reception:
    reception = held(pk, actor)
    if reception.status != Reception.Status.PLANNED:
        raise Refused(_("%(reception)s cannot be changed any more.") % {"reception": reception})
    return reception


@transaction.atomic
def change_reception(
    pk: int,
    *,
    actor: Any,
    purpose: str,
    head_count: int,
    language: str,
    wishes: Sequence[str] = (),
    contact: Contact | None = None,
    assistant: Any = None,
) -> Reception:
    """What it is about, for how many, who prepares it; the checklist follows, a new assistant is told anew. Raises Refused."""
    reception = _planned(pk, actor)
    _refuse_foreign(actor, reception.owner, assistant)
    _refuse_strangers(reception.customer, contact)
    values = {
        "purpose": purpose,
        "head_count": head_count,
        "language": language,
        "wishes": list(wishes),
        "contact": contact,
        "assistant": assistant if assistant != reception.owner else None,
    }
    changed = changes.apply(reception, values)
    if not changed:
        return reception
    if "assistant" in changed:
        reception.briefed_on = None
    reception.save(update_fields=[*changed, "briefed_on"])
    fill_checklist(reception, wishes=wishes)
    record("reception.updated", reception, actor=actor, facts={"changed": sorted(changed)})
    return reception


@transaction.atomic
def reschedule_reception(
    pk: int, *, actor: Any, start: datetime, end: datetime | None = None, tells_customer: bool = False
) -> Reception:
    """Another time; the assistant hears of it on the morning of the new day. Raises Refused."""
    reception = _planned(pk, actor)
    end = end or start + (reception.planned_end - reception.planned_start)
    _refuse_times(start, end)
    before = reception.planned_start
    if not changes.apply(reception, {"planned_start": start, "planned_end": end}):
        return reception
    reception.briefed_on = None
    reception.save(update_fields=["planned_start", "planned_end", "briefed_on"])
    facts = {"from_start": before, "tells_customer": tells_customer}
    record("reception.rescheduled", reception, actor=actor, facts=facts)
    return reception


def arrive(pk: int, *, actor: Any) -> Reception:
    """They are in the house, at the server's time. Raises Refused."""
    now = timezone.now()
    return perform(Reception, pk, "arrive", actor=actor, at=now)


def cancel_reception(pk: int, *, actor: Any, reason: str, tells_customer: bool = False) -> Reception:
    """Call it off before anybody is there. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say why it is called off."), reason="input", field="reason")
    facts = {"tells_customer": tells_customer}
    return perform(Reception, pk, "cancel", actor=actor, facts=facts, private={"reason": reason}, reason=reason.strip())


def miss_reception(pk: int, *, actor: Any, reason: str) -> Reception:
    """Nobody came. Raises Refused before its time has come."""
    if not reason.strip():
        raise Refused(_("Say why it did not take place."), reason="input", field="reason")
    if Reception.objects.filter(pk=pk, planned_start__gt=timezone.now()).exists():
        raise Refused(_("Its time has not come yet: move it or cancel it."))
    return perform(Reception, pk, "miss", actor=actor, private={"reason": reason}, reason=reason.strip())


def hand_over_reception(pk: int, *, actor: Any, owner: Any, was_owner: int) -> Reception:
    """Another colleague is the host. Raises Refused when it belongs to somebody else by now."""
    with transaction.atomic():
        reception: Reception = reassign_owned(
            Reception,
            pk,
            actor=actor,
            owner=owner,
            was_owner=was_owner,
            event="reception.reassigned",
            closed=["ended", "no_show", "cancelled"],
        )
        Reception.objects.filter(pk=pk, assistant=owner).update(assistant=None)  # who prepared it leads it now
    return reception
