"""Planning visits: proposed, agreed by the customer, planned, moved, called off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import Address, AppointmentPolicy, Contact, Customer, ServiceRecord, Visit
from crm.routes import swapped
from crm.services import changes
from crm.services.preparation import fill_checklist
from crm.services.records import add_service_record
from foundation.accounts.work import reassign_owned
from foundation.documents.numbering import next_number
from foundation.journal.machine import Refused, perform
from foundation.journal.services import record

LONGEST = timedelta(hours=16)


@transaction.atomic
def propose_visit(
    customer_id: int,
    *,
    actor: Any,
    purpose: str,
    owner: Any = None,
    contact: Contact | None = None,
    address: Address | None = None,
    start: datetime | None = None,
    wishes: Sequence[str] = (),
    wish_note: str = "",
    companions: Iterable[Any] = (),
) -> Visit:
    """Somebody wants to see the customer; `start` is when it would suit. The customer is asked before it can be planned."""
    changes.demand(actor, "crm.plan_visit")
    customer = changes.lock(Customer, customer_id)
    owner = owner or actor
    _refuse_foreign(actor, owner)
    _refuse_strangers(customer, contact, address)
    visit = Visit(
        customer=customer,
        contact=contact,
        address=address or _usual_address(customer),
        owner=owner,
        purpose=purpose,
        wishes=list(wishes),
        wish_note=wish_note,
        number=next_number("visit"),
    )
    if start is not None:
        visit.planned_start, visit.planned_end = start, start + usual_length()
    visit.save(force_insert=True)
    visit.companions.set(one for one in companions if one != owner)
    fill_checklist(visit, wishes=wishes)
    record("visit.proposed", visit, actor=actor, private={"purpose": purpose})
    return visit


def usual_length() -> timedelta:
    """How long a visit takes when nobody says otherwise."""
    return timedelta(minutes=AppointmentPolicy.current().visit_minutes)


def _usual_address(customer: Customer) -> Address | None:
    return customer.addresses.order_by("-is_default", "pk").filter(kind=Address.Kind.OFFICE).first()


def _refuse_foreign(actor: Any, owner: Any) -> None:
    if owner is None or not owner.is_active or not owner.has_perm("crm.plan_visit"):
        raise Refused(_("%(name)s makes no visits.") % {"name": owner or "–"}, reason="input", field="owner")
    if actor is not None and owner.pk != actor.pk:
        changes.demand(actor, "crm.plan_visits_of_others")


def _refuse_strangers(customer: Customer, contact: Contact | None, address: Address | None) -> None:
    if contact is not None and contact.customer_id != customer.pk:
        raise Refused(_("This contact belongs to another customer."), reason="input", field="contact")
    if address is not None and address.customer_id != customer.pk:
        raise Refused(_("This address belongs to another customer."), reason="input", field="address")


@transaction.atomic
def agree_visit(
    pk: int,
    *,
    actor: Any,
    by: str,
    channel: str,
    contact: Contact | None = None,
    at: datetime | None = None,
    start: datetime | None = None,
    content: str = "",
) -> Visit:
    """The customer agreed: who, when, by what channel. It becomes a service record too. Raises Refused."""
    now = timezone.now()
    moment = at or now
    if moment > now + timedelta(minutes=1):
        raise Refused(_("The customer cannot have agreed in the future."), reason="input", field="at")
    if not by.strip():
        raise Refused(_("Say who agreed."), reason="input", field="by")
    visit = perform(
        Visit,
        pk,
        "agree",
        actor=actor,
        facts={"channel": channel},
        private={"by": by.strip()},
        by=by.strip(),
        at=moment,
        channel=channel,
        noted_by=actor if getattr(actor, "pk", None) else None,
        start=start,
    )
    if start is not None:
        visit.planned_end = start + usual_length()
        visit.save(update_fields=["planned_end"])
    subject = _("%(name)s agrees to a visit: %(purpose)s") % {"name": by.strip(), "purpose": visit.purpose}
    add_service_record(
        visit.customer_id,
        actor=actor,
        subject=subject[:200],  # both may be long; the visit has all of it
        content=content,
        type=ServiceRecord.Type.PRESALES_CALLBACK,
        channel=channel,
        contact=contact or visit.contact,
        started_at=at,
    )
    return visit


@transaction.atomic
def plan_visit(
    pk: int,
    *,
    actor: Any,
    start: datetime,
    end: datetime,
    address: Address | None = None,
    travel_minutes: int | None = None,
    companions: Iterable[Any] | None = None,
    tells_customer: bool = True,
) -> Visit:
    """A time is fixed: the clock of punctuality starts, and the customer hears of it. Raises Refused without consent."""
    visit = changes.lock(Visit, pk)
    _refuse_times(start, end)
    _refuse_strangers(visit.customer, None, address)
    if companions is not None:
        visit.companions.set(one for one in companions if one.pk != visit.owner_id)
    return perform(
        Visit,
        pk,
        "plan",
        actor=actor,
        facts={"tells_customer": tells_customer},
        start=start,
        end=end,
        arrive_by=arrival_before(start),
        address=address or visit.address,
        travel=travel_minutes,
    )


def arrival_before(start: datetime) -> datetime:
    """When to be there: earlier than the start by the rule's minutes; the start itself where that has passed already."""
    early = start - timedelta(minutes=AppointmentPolicy.current().arrive_early_minutes)
    return early if early > timezone.now() else start


def _refuse_times(start: datetime, end: datetime) -> None:
    if start <= timezone.now():
        raise Refused(_("This time has passed already."), reason="input", field="start")
    _refuse_length(start, end)


def _refuse_length(start: datetime, end: datetime) -> None:
    if end <= start:
        raise Refused(_("It must end after it begins."), reason="input", field="end")
    if end - start > LONGEST:
        raise Refused(_("A visit takes at most sixteen hours."), reason="input", field="end")


@transaction.atomic
def reschedule_visit(
    pk: int,
    *,
    actor: Any,
    start: datetime,
    end: datetime,
    address: Address | None = None,
    travel_minutes: int | None = None,
    tells_customer: bool = False,
) -> Visit:
    """Another time before anybody has set off; the clock follows. Nothing happens when nothing differs. Raises Refused."""
    visit = _movable(pk, actor)
    _refuse_times(start, end)
    _refuse_strangers(visit.customer, None, address)
    return _set_times(visit, actor, start, end, address or visit.address, travel_minutes, tells_customer)


def _movable(pk: int, actor: Any) -> Visit:
    changes.demand(actor, "crm.plan_visit")
    visit = changes.lock(Visit, pk)
    if visit.status not in Visit.BEFORE:
        raise Refused(_("%(visit)s cannot be moved any more.") % {"visit": visit})
    if actor is not None and visit.owner_id not in (None, actor.pk):
        changes.demand(actor, "crm.plan_visits_of_others")
    return visit


def _set_times(
    visit: Visit,
    actor: Any,
    start: datetime,
    end: datetime,
    address: Address | None,
    travel_minutes: int | None,
    tells_customer: bool,
) -> Visit:
    values = {"planned_start": start, "planned_end": end, "address": address, "travel_minutes": travel_minutes}
    if visit.status == Visit.Status.PLANNED:
        values["arrive_by"] = arrival_before(start)
    before = visit.planned_start
    if not changes.apply(visit, values) and visit.travel_minutes == travel_minutes:
        return visit
    visit.travel_minutes = travel_minutes
    visit.save(update_fields=list(values))
    told = tells_customer and visit.status == Visit.Status.PLANNED
    record("visit.rescheduled", visit, actor=actor, facts={"from_start": before, "tells_customer": told})
    return visit


@transaction.atomic
def move_visit(pk: int, *, actor: Any, to: str) -> Visit:
    """Move on the week plan: `earlier` or `later` changes places with the neighbour of the day, an ISO day keeps the hour.

    Days are those of the active time zone. The customer is not told. Raises Refused.
    """
    visit = _movable(pk, actor)
    if visit.planned_start is None or visit.planned_end is None:
        raise Refused(_("%(visit)s has no time yet.") % {"visit": visit})
    if to in ("earlier", "later"):
        return _change_places(visit, actor, is_later=to == "later")
    try:
        day = date.fromisoformat(to)
    except ValueError as error:
        raise Refused(_("This is no day."), reason="input") from error
    here = timezone.localtime(visit.planned_start)
    start = timezone.make_aware(datetime.combine(day, here.time()))
    end = start + (visit.planned_end - visit.planned_start)
    _refuse_times(start, end)
    return _set_times(visit, actor, start, end, visit.address, visit.travel_minutes, False)


def _change_places(visit: Visit, actor: Any, *, is_later: bool) -> Visit:
    assert visit.planned_start is not None and visit.planned_end is not None
    midnight = timezone.localtime(visit.planned_start).replace(hour=0, minute=0, second=0, microsecond=0)
    day = Visit.objects.filter(owner=visit.owner_id, status__in=Visit.BEFORE).between(
        midnight, midnight + timedelta(days=1)
    )
    rows = list(day.select_for_update(of=("self",)).order_by("planned_start", "pk"))
    place = next(number for number, one in enumerate(rows) if one.pk == visit.pk)
    neighbour = place + 1 if is_later else place - 1
    if not 0 <= neighbour < len(rows):
        raise Refused(_("There is no other visit on this day to change places with."))
    first, second = sorted((place, neighbour))
    one, other = rows[first], rows[second]
    first_start, second_start = swapped(_span(one), _span(other))
    for row, start in ((one, first_start), (other, second_start)):
        length = _span(row)[1] - _span(row)[0]
        _refuse_times(start, start + length)
        _set_times(row, actor, start, start + length, row.address, row.travel_minutes, False)
    return Visit.objects.get(pk=visit.pk)


def _span(visit: Visit) -> tuple[datetime, datetime]:
    assert visit.planned_start is not None and visit.planned_end is not None
    return visit.planned_start, visit.planned_end


@transaction.atomic
def change_visit(
    pk: int,
    *,
    actor: Any,
    purpose: str,
    wishes: Sequence[str],
    wish_note: str = "",
    contact: Contact | None = None,
    companions: Iterable[Any] | None = None,
) -> Visit:
    """What it is about and what was asked for; the checklist follows. Raises Refused once somebody has set off."""
    visit = _movable(pk, actor)
    _refuse_strangers(visit.customer, contact, None)
    values = {"purpose": purpose, "wishes": list(wishes), "wish_note": wish_note, "contact": contact}
    changed = changes.apply(visit, values)
    if companions is not None:
        visit.companions.set(one for one in companions if one.pk != visit.owner_id)
    if changed:
        visit.save(update_fields=list(changed))
        fill_checklist(visit, wishes=wishes)
        record("visit.updated", visit, actor=actor, facts={"changed": sorted(changed)})
    return visit


def cancel_visit(pk: int, *, actor: Any, reason: str, tells_customer: bool = False) -> Visit:
    """Call it off before anybody is there. The customer is told where they expected us. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say why it is called off."), reason="input", field="reason")
    expected = Visit.objects.filter(pk=pk, status__in=["planned", "on_the_way"]).exists()
    return perform(
        Visit,
        pk,
        "cancel",
        actor=actor,
        facts={"tells_customer": tells_customer and expected},
        private={"reason": reason},
        reason=reason.strip(),
    )


def miss_visit(pk: int, *, actor: Any, missed_by: str, reason: str) -> Visit:
    """It did not take place, and whose doing that was. Raises Refused before its time has come."""
    if missed_by not in Visit.MissedBy.values:
        raise Refused(_("Say who missed it."), reason="input", field="missed_by")
    if not reason.strip():
        raise Refused(_("Say why it did not take place."), reason="input", field="reason")
    visit = Visit.objects.get(pk=pk)
    if visit.planned_start is not None and visit.planned_start > timezone.now():
        raise Refused(_("Its time has not come yet: move it or cancel it."))
    return perform(
        Visit,
        pk,
        "miss",
        actor=actor,
        facts={"missed_by": missed_by},
        private={"reason": reason},
        missed_by=missed_by,
        reason=reason.strip(),
    )


@transaction.atomic
def hand_over_visit(pk: int, *, actor: Any, owner: Any, was_owner: int) -> Visit:
    """Another colleague makes the visit. Raises Refused when it belongs to somebody else by now."""
    visit: Visit = reassign_owned(
        Visit,
        pk,
        actor=actor,
        owner=owner,
        was_owner=was_owner,
        event="visit.reassigned",
        closed=["done", "missed", "cancelled"],
    )
    visit.companions.remove(owner)  # who came along leads it now
    return visit
