"""Samples: asked for, prepared, sent, received, decided about; a rejected one asked for again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Product
from crm.models import Contact, Customer, DecidedBy, Inquiry, Sample, SampleLine, SamplePolicy
from crm.models.cadence import company_today, company_zone
from crm.services import changes
from crm.services.reminding import ask_later, settle_reminder
from foundation.accounts import tokens
from foundation.accounts.work import reassign_owned
from foundation.documents.numbering import next_number
from foundation.journal.machine import Refused, demand, perform
from foundation.journal.services import record

TOKEN = "sample"
MOST_LINES = 30


@dataclass(frozen=True)
class Article:
    """One line as somebody entered it; what it leaves open about its product is taken from the catalogue."""

    product: Product | None = None
    description: str = ""
    variant: str = ""
    quantity: Decimal = Decimal(1)
    unit: str = ""
    charge: Decimal | None = None


@transaction.atomic
def request_sample(
    customer_id: int,
    *,
    actor: Any,
    lines: Sequence[Article],
    purpose: str,
    delivery_address: str,
    contact: Contact | None = None,
    inquiry: Inquiry | None = None,
    owner: Any = None,
    wanted_on: date | None = None,
    currency: str = "USD",
    note: str = "",
    replaces: Sample | None = None,
) -> Sample:
    """Ask for samples on behalf of a customer. Raises Refused."""
    changes.demand(actor, "crm.add_sample")
    customer = changes.lock(Customer, customer_id)
    refuse_strangers(customer, contact, inquiry)
    _refuse_past(wanted_on)
    if not delivery_address.strip():
        raise Refused(_("Say where the samples go."), reason="input", field="delivery_address")
    sample = Sample(
        number=next_number("sample"),
        customer=customer,
        contact=contact or customer.contacts.filter(left_at=None).first(),
        inquiry=inquiry,
        owner=owner or actor or customer.owner,
        created_by=actor,
        purpose=purpose,
        delivery_address=delivery_address.strip(),
        wanted_on=wanted_on,
        currency=currency,
        note=note,
        replaces=replaces,
    )
    sample.save(force_insert=True)
    _put_lines(sample, lines)
    facts = {"replaces": replaces.number} if replaces is not None else {}
    record("sample.requested", sample, actor=actor, facts=facts, private={"purpose": purpose})
    return sample


def _put_lines(sample: Sample, lines: Sequence[Article]) -> None:
    if not lines:
        raise Refused(_("Say what is wanted: at least one line."), reason="input")
    if len(lines) > MOST_LINES:
        raise Refused(_("At most %(count)d lines are possible.") % {"count": MOST_LINES}, reason="input")
    sample.lines.all().delete()
    SampleLine.objects.bulk_create(_line(sample, place, one) for place, one in enumerate(lines, 1))


def _line(sample: Sample, place: int, one: Article) -> SampleLine:
    product = one.product
    description = one.description or (product.name[:250] if product else "")
    if not description:
        raise Refused(_("Line %(number)d: say what it is.") % {"number": place}, reason="input")
    return SampleLine(
        sample=sample,
        position=place,
        product=product,
        description=description,
        variant=one.variant,
        quantity=one.quantity,
        unit=one.unit or (product.unit.code if product else "pcs"),
        charge=one.charge or None,
    )


def refuse_strangers(customer: Customer, contact: Contact | None, inquiry: Inquiry | None) -> None:
    """Raise Refused for a contact or an inquiry of somebody else: a slip that would tell one customer of another."""
    if contact is not None and contact.customer_id != customer.pk:
        raise Refused(_("This contact belongs to another customer."), reason="input", field="contact")
    if inquiry is not None and inquiry.customer_id not in (None, customer.pk):
        raise Refused(_("This inquiry belongs to another customer."), reason="input", field="inquiry")


def _refuse_past(wanted_on: date | None) -> None:
    if wanted_on is not None and wanted_on < company_today():
        raise Refused(_("This day has passed already."), reason="input", field="wanted_on")


@transaction.atomic
def change_sample(pk: int, *, actor: Any, lines: Sequence[Article], **values: Any) -> Sample:
    """Other things, another address, another day, while nothing has left the house. Raises Refused."""
    changes.demand(actor, "crm.change_sample")
    sample = changes.lock(Sample, pk)
    if sample.status not in Sample.TO_SEND:
        raise Refused(_("%(sample)s has left the house: it cannot be changed any more.") % {"sample": sample})
    refuse_strangers(sample.customer, values.get("contact"), values.get("inquiry"))
    if values.get("wanted_on") != sample.wanted_on:
        _refuse_past(values.get("wanted_on"))
    if not (values.get("delivery_address", sample.delivery_address) or "").strip():
        raise Refused(_("Say where the samples go."), reason="input", field="delivery_address")
    changed = set(changes.apply(sample, values))
    if _as_entered(sample) != [(_key(one)) for one in (_line(sample, n, a) for n, a in enumerate(lines, 1))]:
        _put_lines(sample, lines)
        changed.add("lines")
    if not changed:
        return sample
    sample.save(update_fields=sorted(changed - {"lines"}) or None)
    record("sample.updated", sample, actor=actor, facts={"changed": sorted(changed)})
    return sample


def _key(line: SampleLine) -> tuple[Any, ...]:
    return (line.product_id, line.description, line.variant, line.quantity, line.unit, line.charge)


def _as_entered(sample: Sample) -> list[tuple[Any, ...]]:
    return [_key(line) for line in sample.lines.all()]


def prepare_sample(pk: int, *, actor: Any) -> Sample:
    """Packed and ready for the courier. Raises Refused."""
    return perform(Sample, pk, "prepare", actor=actor, by=actor, at=timezone.now())


@transaction.atomic
def send_sample(
    pk: int, *, actor: Any, courier: str, waybill: str = "", tracking_url: str = "", sent_on: date | None = None
) -> Sample:
    """With the courier: the customer hears of it, with the waybill and a page to answer on. Raises Refused."""
    today = company_today()
    day = sent_on or today
    if day > today:
        raise Refused(_("This day lies in the future."), reason="input", field="sent_on")
    if not courier.strip():
        raise Refused(_("Say who brings it."), reason="input", field="courier")
    ask_on = today + timedelta(days=SamplePolicy.current().days_on_the_way)
    asked_at = Sample.objects.values_list("created_at", flat=True).get(pk=pk)
    took = max(0, (day - asked_at.astimezone(company_zone()).date()).days)
    sample = perform(
        Sample,
        pk,
        "send",
        actor=actor,
        facts={"courier": courier, "sent_on": day},
        by=actor,
        on=day,
        took=took,
        courier=courier.strip(),
        waybill=waybill.strip(),
        tracking_url=tracking_url,
        follow_up_on=ask_on,
    )
    ask_later(sample, sample.owner, partial(_has_it_come, sample), on=ask_on, actor=actor)
    return sample


def _has_it_come(sample: Sample) -> str:
    names = {"customer": sample.customer.name, "number": sample.number}
    return _("Ask %(customer)s whether sample %(number)s has come") % names


def _what_do_they_think(sample: Sample) -> str:
    names = {"customer": sample.customer.name, "number": sample.number}
    return _("Ask %(customer)s what they think of sample %(number)s") % names


@transaction.atomic
def receive_sample(
    pk: int, *, actor: Any, received_on: date | None = None, received_by: str = "", via: str = ""
) -> Sample:
    """The customer has it; `actor` None is the customer on their own page. Raises Refused."""
    today = company_today()
    day = received_on or today
    sample = changes.lock(Sample, pk)
    demand(sample, "receive", actor=actor)
    if day > today or (sample.sent_on is not None and day < sample.sent_on):
        raise Refused(_("It was received between the dispatch and today."), reason="input", field="received_on")
    ask_on = today + timedelta(days=SamplePolicy.current().follow_up_days)
    sample = perform(
        Sample,
        pk,
        "receive",
        actor=actor,
        facts={"received_on": day, "via": via or DecidedBy.PHONE},
        on=day,
        by=received_by.strip(),
        follow_up_on=ask_on,
    )
    ask_later(sample, sample.owner, partial(_what_do_they_think, sample), on=ask_on, actor=actor)
    return sample


@transaction.atomic
def ask_decision(pk: int, *, actor: Any) -> Sample:
    """Write to the customer and ask what they think, with a page to answer on. Raises Refused."""
    changes.demand(actor, "crm.decide_sample")
    sample = _with_customer(pk)
    sample.asked_at = timezone.now()
    sample.save(update_fields=["asked_at"])
    record("sample.decision_asked", sample, actor=actor)
    return sample


@transaction.atomic
def note_follow_up(pk: int, *, actor: Any, said: str, ask_again_on: date) -> Sample:
    """Spoken to, and not decided yet: what was said, and when we ask again. Raises Refused."""
    changes.demand(actor, "crm.decide_sample")
    sample = _with_customer(pk)
    if ask_again_on <= company_today():
        raise Refused(_("Choose a day to come."), reason="input", field="ask_again_on")
    sample.follow_up_on = ask_again_on
    sample.save(update_fields=["follow_up_on"])
    record("sample.followed_up", sample, actor=actor, facts={"ask_again_on": ask_again_on}, private={"text": said})
    ask_later(sample, sample.owner, partial(_what_do_they_think, sample), on=ask_again_on, actor=actor)
    return sample


def _with_customer(pk: int) -> Sample:
    sample = changes.lock(Sample, pk)
    if sample.status not in Sample.WITH_CUSTOMER:
        raise Refused(_("%(sample)s does not wait for a decision.") % {"sample": sample})
    return sample


@transaction.atomic
def approve_sample(
    pk: int,
    *,
    actor: Any,
    name: str = "",
    via: str = DecidedBy.PHONE,
    lines: Collection[int] | None = None,
    note: str = "",
) -> Sample:
    """The customer wants it: all lines, or those with these keys and not the others. `actor` None is the customer.

    Raises Refused, and nothing has changed.
    """
    sample = changes.lock(Sample, pk)
    demand(sample, "approve", actor=actor)
    known = _keys(sample)
    liked = known if lines is None else known & set(lines)
    if not liked:
        raise Refused(_("Tick what the customer approves."), reason="input", field="lines")
    return _decided(sample, "approve", actor, liked, name=name, via=via, note=note)


@transaction.atomic
def reject_sample(
    pk: int,
    *,
    actor: Any,
    reason: str,
    name: str = "",
    via: str = DecidedBy.PHONE,
    lines: Collection[int] | None = None,
) -> Sample:
    """The customer says no, and why: to all lines, or to those with these keys. `actor` None is the customer. Raises Refused."""
    sample = changes.lock(Sample, pk)
    demand(sample, "reject", actor=actor)
    if not reason.strip():
        raise Refused(_("Say what is not right."), reason="input", field="reason")
    known = _keys(sample)
    disliked = known if lines is None else known & set(lines)
    if not disliked:
        raise Refused(_("Tick what is not right."), reason="input", field="lines")
    return _decided(sample, "reject", actor, known - disliked, name=name, via=via, reason=reason.strip())


def _keys(sample: Sample) -> set[int]:
    return set(sample.lines.values_list("pk", flat=True))


def _decided(
    sample: Sample,
    verb: str,
    actor: Any,
    liked: Collection[int],
    *,
    name: str,
    via: str,
    reason: str = "",
    note: str = "",
) -> Sample:
    given = {"name": name, "reason": reason, "note": note}
    more: dict[str, Any] = {"reason": reason} if verb == "reject" else {}
    done = perform(
        Sample,
        sample.pk,
        verb,
        actor=actor,
        facts={"via": via, "approved_lines": len(liked)},
        private={key: text for key, text in given.items() if text},
        by=name,
        via=via,
        at=timezone.now(),
        **more,
    )
    done.lines.filter(pk__in=liked).update(decision=SampleLine.Decision.APPROVED)
    done.lines.exclude(pk__in=liked).update(decision=SampleLine.Decision.REJECTED)
    settle_reminder(done)
    return done


@transaction.atomic
def cancel_sample(pk: int, *, actor: Any, reason: str) -> Sample:
    """Nobody needs it any more; the customer's links open nothing from now on. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say why it is called off."), reason="input", field="reason")
    sample = perform(Sample, pk, "cancel", actor=actor, private={"reason": reason}, reason=reason.strip())
    tokens.revoke(TOKEN, sample)
    settle_reminder(sample)
    return sample


@transaction.atomic
def request_again(pk: int, *, actor: Any, note: str = "", wanted_on: date | None = None) -> Sample:
    """A new request instead of a rejected one: what was rejected is copied, and the two are linked. Raises Refused."""
    old = changes.lock(Sample, pk)
    if old.status != Sample.Status.REJECTED:
        raise Refused(_("Only a rejected sample is asked for again."))
    rows = old.lines.filter(decision=SampleLine.Decision.REJECTED).select_related("product__unit")
    lines = [Article(row.product, row.description, row.variant, row.quantity, row.unit, row.charge) for row in rows]
    return request_sample(
        old.customer_id,
        actor=actor,
        lines=lines,
        purpose=old.purpose,
        delivery_address=old.delivery_address,
        contact=old.contact,
        inquiry=old.inquiry,
        owner=old.owner if old.owner is not None and old.owner.is_active else actor,
        wanted_on=wanted_on,
        currency=old.currency,
        note=note,
        replaces=old,
    )


def hand_over_sample(pk: int, *, actor: Any, owner: Any, was_owner: int) -> Sample:
    """Another colleague looks after it. Raises Refused when it belongs to somebody else by now."""
    sample: Sample = reassign_owned(
        Sample,
        pk,
        actor=actor,
        owner=owner,
        was_owner=was_owner,
        event="sample.reassigned",
        closed=["approved", "rejected", "cancelled"],
    )
    return sample
