"""Customers' people and senders as recipients of messages."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from crm.models import Contact, Customer, Inquiry, Reception, ServiceRecord, Visit
from foundation.accounts.audiences import Recipient
from foundation.notifications.models import DeadAddress
from foundation.ui.phones import e164
from foundation.ui.prepared import prepared


def recipient_of_contact(contact: Contact) -> Recipient:
    """A contact as somebody who can be written to."""
    customer = contact.customer
    return Recipient(
        key=f"contact:{contact.pk}",
        name=contact.name,
        language=contact.spoken_language,
        time_zone=customer.time_zone,
        kind="customer",
        email=contact.email,
        phone=contact.reachable_phone,
        customer_id=customer.pk,
        opted_out=contact.opted_out,
        spoken=contact.language,
        country=customer.country,
        other_email=contact.other_email,
        preferred="sms" if contact.preferred_channel == Contact.Channel.SMS else "email",
    )


@prepared
def _contacts(customer_id: int) -> QuerySet[Contact]:
    return Contact.objects.filter(customer=customer_id)


def recipient_of_customer(customer: Customer) -> Recipient | None:
    """The main contact, else the first who is still there; None when we know nobody."""
    return next(iter(recipients_of_customer(customer)), None)


def recipients_of_customer(customer: Customer) -> list[Recipient]:
    """Everybody at the customer who can be written to, the main contact first."""
    fetched = "contacts" in getattr(customer, "_prefetched_objects_cache", {})
    known = customer.contacts.all() if fetched else _contacts(customer.pk)
    people = [one for one in known if one.left_at is None]
    for one in people:
        one.customer = customer
    return [recipient_of_contact(one) for one in people]


def recipient_of_inquiry(inquiry: Inquiry) -> Recipient | None:
    """Whoever asked, at the address and in the language that they asked from."""
    contact = inquiry.contact
    if not (inquiry.email or inquiry.phone or contact):
        return None
    return Recipient(
        key=f"contact:{contact.pk}" if contact else f"inquiry:{inquiry.pk}",
        name=inquiry.contact_name,
        language=inquiry.language,
        time_zone=inquiry.time_zone,
        kind="customer",
        email=inquiry.email or (contact.email if contact else ""),
        phone=e164(inquiry.phone) or (contact.reachable_phone if contact else ""),
        customer_id=inquiry.customer_id,
        opted_out=contact.opted_out if contact else frozenset(),
        spoken=inquiry.language,
        country=inquiry.country,
        other_email=contact.other_email if contact else "",
        preferred="email" if inquiry.email else "sms",
    )


def recipient_of_record(row: ServiceRecord) -> Recipient | None:
    """Whom the conversation was with, else the customer's main contact."""
    return recipient_of_contact(row.contact) if row.contact else recipient_of_customer(row.customer)


def dead_addresses_of_contact() -> QuerySet[DeadAddress]:
    """For a query of contacts: what sends messages back among the addresses of each."""
    emails = Q(channel="email", address__in=[Lower(OuterRef("email")), Lower(OuterRef("other_email"))])
    return DeadAddress.objects.dead().filter(
        emails | Q(channel="sms", address__in=[OuterRef("mobile"), OuterRef("phone")])
    )


def mark_dead_addresses(people: Sequence[Contact]) -> None:
    """Give each of them `dead_addresses`: (channel, address, reason) of those that send messages back. One query for all."""
    known = {one.pk: _addresses_of(one) for one in people}
    wanted = {address for some in known.values() for _channel, address in some}
    found = {(row.channel, row.address): row.reason for row in _dead(sorted(wanted))} if wanted else {}
    for one in people:
        one.dead_addresses = [(*way, found[way]) for way in known[one.pk] if way in found]  # type: ignore[attr-defined]


def _addresses_of(contact: Contact) -> list[tuple[str, str]]:
    emails = [("email", address) for address in (contact.email, contact.other_email) if address]
    return [*emails, *([("sms", contact.reachable_phone)] if contact.reachable_phone else [])]


def _dead(addresses: list[str]) -> QuerySet[DeadAddress]:
    return DeadAddress.objects.dead().filter(address__in=addresses).only("channel", "address", "reason")


def recipient_of_visit(visit: Visit | Reception) -> Recipient | None:
    """Whom we visit or receive, else the customer's main contact."""
    if visit.contact is None:
        return recipient_of_customer(visit.customer)
    visit.contact.customer = visit.customer
    return recipient_of_contact(visit.contact)
