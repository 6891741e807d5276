"""Calls that reach us: the telephone system's notices, numbers typed in, and what was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from crm.models import AgreedHow, Contact, Customer, IncomingCall, Inquiry, PhoneNotice, ServiceRecord
from crm.ringing import hush, ring
from crm.services import changes
from crm.services.inquiries import receive_inquiry
from crm.services.recordings import Agreed, consent_of
from crm.services.records import add_service_record
from foundation.accounts.models import Company, User
from foundation.journal.machine import Refused, perform
from foundation.journal.services import record
from foundation.ui.phones import LONGEST, understood_phone
from foundation.ui.webhooks import LONGEST_ID

KEPT = timedelta(days=2)  # longer than any notice is accepted
EVENTS = ("ringing", "answered", "ended", "missed", "recorded")
SPOKEN = ("answered", "ended")  # whoever is named here had the caller on the line
MOST_COUNTRIES = 80
# how a caller agrees to be recorded, as a telephone system says it
CONSENTS = {"announced": AgreedHow.ANNOUNCED, "key": AgreedHow.KEY}


class BadNotice(ValueError):
    """The notice cannot be understood; the text says why, for whoever connects the telephone system."""


# ---------------------------------------------------------------- taking in


@transaction.atomic
def take_notice(message_id: str, notice: dict[str, Any]) -> IncomingCall | None:
    """What the telephone system says of a call; None for a notice that was taken before. Raises BadNotice."""
    call_id, event, began = _read(notice)
    try:
        with transaction.atomic():
            PhoneNotice.objects.create(pk=message_id)
    except IntegrityError:
        return None
    PhoneNotice.objects.filter(received_at__lt=timezone.now() - KEPT).delete()
    call = _call_of(call_id, notice, began)
    changed = _note_event(call, event, notice, began)
    if changed:
        call.save(update_fields=changed)
    return call


def _read(notice: dict[str, Any]) -> tuple[str, str, datetime]:
    call_id, event = notice.get("call"), notice.get("event")
    if not isinstance(call_id, str) or not 0 < len(call_id) <= LONGEST_ID:
        raise BadNotice("“call” must be the call's identifier, a text of at most 120 characters")
    if event not in EVENTS:
        raise BadNotice(f"“event” must be one of {', '.join(EVENTS)}")
    if not isinstance(notice.get("from", ""), str) or not isinstance(notice.get("agent", ""), str):
        raise BadNotice("“from” and “agent” must be texts")
    at = notice.get("at")
    try:
        moment = parse_datetime(at) if isinstance(at, str) else None
    except ValueError:
        moment = None
    if at is not None and (moment is None or moment.tzinfo is None):
        raise BadNotice("“at” must be a time with its zone, such as 2026-05-04T09:30:00+08:00")
    url = notice.get("recording")
    if url is not None:
        try:
            URLValidator(schemes=["https", "http"])(url if isinstance(url, str) and len(url) <= 500 else "")
        except ValidationError as error:
            raise BadNotice("“recording” must be an address") from error
    if notice.get("consent") is not None and notice["consent"] not in list(CONSENTS):
        raise BadNotice(f"“consent” must be one of {', '.join(CONSENTS)}")
    now = timezone.now()
    return call_id, event, min(moment, now) if moment else now


def _call_of(call_id: str, notice: dict[str, Any], began: datetime) -> IncomingCall:
    """The call of this identifier, locked; made when it is the first that we hear of it."""
    known = IncomingCall.objects.select_for_update(of=("self",)).filter(external_id=call_id).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return _make(notice.get("from", ""), external_id=call_id, began_at=began)
    except IntegrityError:  # two notices of the same call at once
        return IncomingCall.objects.select_for_update(of=("self",)).get(external_id=call_id)


def _note_event(call: IncomingCall, event: str, notice: dict[str, Any], at: datetime) -> list[str]:
    """Put on the call what the notice says; the names of the fields that changed."""
    changed = []
    agent = _colleague(notice)
    if agent is not None and _is_of(call, agent, event):
        call.owner = agent
        changed.append("owner")
    _let_ring(call, event, agent)
    if event == "missed":
        call.is_missed = True
        changed.append("is_missed")
    if event in ("ended", "missed") and call.ended_at is None:
        call.ended_at = max(at, call.began_at)
        changed.append("ended_at")
    if notice.get("recording"):
        call.recording_url = notice["recording"]
        changed.append("recording_url")
    if notice.get("consent") and not call.consent_how:
        call.consent_how, call.consent_at = CONSENTS[notice["consent"]], at
        changed += ["consent_how", "consent_at"]
    return changed


def _colleague(notice: dict[str, Any]) -> User | None:
    agent = notice.get("agent")
    return User.objects.filter(email__iexact=agent, is_active=True).first() if agent else None


def _is_of(call: IncomingCall, agent: User, event: str) -> bool:
    """Whoever spoke with the caller notes it; until then it waits with the customer's owner, or with whom it rang."""
    is_free = call.owner_id is None or event in SPOKEN
    return is_free and call.owner_id != agent.pk and call.status == IncomingCall.Status.WAITING


def _let_ring(call: IncomingCall, event: str, agent: User | None) -> None:
    """It comes up where the telephone rings, then where it was answered, and nowhere when it is over."""
    if event in ("ended", "missed"):
        hush(call)
    elif event == "answered" and agent is not None:
        ring(call, agent.pk, only=True)
    elif event == "ringing" and call.ended_at is None:
        ring(call, agent.pk if agent is not None else call.owner_id)


def take_number(typed: str, *, actor: Any, contact: Contact | None = None) -> IncomingCall:
    """Somebody is on the line, and a colleague typed the number."""
    return _make(typed, owner=actor, contact=contact)


@transaction.atomic
def _make(typed: str, *, contact: Contact | None = None, **values: Any) -> IncomingCall:
    people = [contact] if contact is not None else people_of(typed)
    customers = {one.customer_id for one in people}
    person = people[0] if len(people) == 1 else None
    customer = people[0].customer if len(customers) == 1 else None
    call = IncomingCall(
        phone=_number_of(typed, people),
        phone_typed=typed[:LONGEST],
        customer=customer,
        contact=person,
        **{"owner": customer.owner if customer else None, **values},
    )
    call.save(force_insert=True)
    record("incoming_call.announced", call)
    return call


def _number_of(typed: str, people: Sequence[Contact]) -> str:
    country = people[0].customer.country if people else Company.current().country
    return understood_phone(typed, country)


def people_of(typed: str) -> list[Contact]:
    """Everybody with this number, written internationally or as in any country where we have customers. Two queries."""
    typed = typed.strip()
    if not typed or len(typed) > LONGEST:
        return []
    international = f"+{typed[2:]}" if typed.startswith("00") else typed
    countries = [Company.current().country]
    if not international.startswith("+"):
        known = Customer.objects.exclude(country="").order_by().values_list("country", flat=True).distinct()
        countries += list(known[:MOST_COUNTRIES])
    by_country = {(understood_phone(international, country), country) for country in dict.fromkeys(countries)}
    numbers = {number: country for number, country in by_country if number}
    if not numbers:
        return []
    rows = Contact.objects.filter(phone__in=numbers) | Contact.objects.filter(mobile__in=numbers)
    found = list(
        rows.filter(left_at=None, customer__archived_at=None).select_related("customer__owner").order_by("pk")[:20]
    )
    if international.startswith("+"):
        return found
    # A national writing means the caller's own country: 040 123 is somebody in Hamburg only at a customer in Germany.
    at_home = [one for one in found if (str(getattr(one.phone, "as_e164", "")), one.customer.country) in by_country
               or (str(getattr(one.mobile, "as_e164", "")), one.customer.country) in by_country]  # fmt: skip
    return at_home or found


# ---------------------------------------------------------------- noting


@transaction.atomic
def note_incoming_call(
    pk: int,
    *,
    actor: Any,
    customer: Customer,
    content: str,
    contact: Contact | None = None,
    next_step: str = "",
    next_step_on: Any = None,
    no_step_reason: str = "",
    recording: Agreed | None = None,
) -> IncomingCall:
    """Keep what was said as a service record; the call waits no more. Refused when a colleague was faster."""
    call = changes.lock(IncomingCall, pk)
    if call.status != IncomingCall.Status.WAITING:
        return perform(IncomingCall, pk, "dismiss", actor=actor, by=actor, at=timezone.now())  # says who was faster
    hush(call)
    missed = ServiceRecord.Result.NOT_REACHED if call.is_missed else ServiceRecord.Result.DONE
    row = add_service_record(
        customer.pk,
        actor=actor,
        subject=_("Incoming call"),
        content=content,
        remark=_("Recording: %(url)s") % {"url": call.recording_url} if call.recording_url else "",
        contact=contact,
        result=missed,
        started_at=call.began_at,
        ended_at=call.ended_at,
        next_step=next_step,
        next_step_on=next_step_on,
        no_step_reason=no_step_reason,
        recording=recording or consent_of(call),
        is_recorded=bool(call.recording_url),
    )
    at = timezone.now()
    return perform(
        IncomingCall, pk, "note", actor=actor, customer=customer, contact=contact, record=row, by=actor, at=at
    )


@transaction.atomic
def inquiry_of_incoming_call(pk: int, *, actor: Any, **asked: Any) -> Inquiry:
    """What the caller asked becomes an inquiry; the call waits no more. `asked` is what `receive_inquiry` takes.

    Of a known customer the call becomes a service record, too. Refused when a colleague has noted the call.
    """
    call = changes.lock(IncomingCall, pk)
    if call.status != IncomingCall.Status.WAITING:
        perform(IncomingCall, pk, "dismiss", actor=actor, by=actor, at=timezone.now())  # says who was faster
    inquiry = receive_inquiry(actor=actor, contact=call.contact, **asked)
    if inquiry.customer is None:
        perform(IncomingCall, pk, "dismiss", actor=actor, by=actor, at=timezone.now())
    else:
        words = _("Inquiry %(number)s: %(subject)s") % {"number": inquiry.number, "subject": inquiry.subject}
        note_incoming_call(pk, actor=actor, customer=inquiry.customer, content=words, contact=inquiry.contact)
    return inquiry


def dismiss_incoming_call(pk: int, *, actor: Any) -> IncomingCall:
    """A wrong number, or advertising: nothing is kept of it. Refused when it was noted."""
    if not IncomingCall.objects.filter(pk=pk).exists():
        raise Refused(_("This call is gone."))
    call = perform(IncomingCall, pk, "dismiss", actor=actor, by=actor, at=timezone.now())
    hush(call)
    return call
