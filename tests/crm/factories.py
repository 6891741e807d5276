"""Customers and inquiries for tests, made as the application makes them."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.utils import timezone

from crm.models import Address, Contact, Customer, Inquiry, Visit
from crm.services import (
    add_address,
    add_contact,
    agree_visit,
    create_customer,
    plan_visit,
    propose_visit,
    receive_inquiry,
)

_numbers = itertools.count(1)


def make_customer(name: str = "", **values: Any) -> Customer:
    """A customer in Germany, without people unless `main_contact` is given."""
    values.setdefault("country", "DE")
    return create_customer(actor=values.pop("actor", None), name=name or f"Customer {next(_numbers)}", **values)


def make_contact(customer: Customer | None = None, **values: Any) -> Contact:
    """A contact with an address of its own."""
    number = next(_numbers)
    values.setdefault("name", f"Contact {number}")
    values.setdefault("email", f"contact{number}@customer{number}.example")
    return add_contact((customer or make_customer()).pk, actor=None, **values)


def make_address(customer: Customer | None = None, **values: Any) -> Address:
    """An address in Hamburg."""
    values = {"country": "DE", "city": "Hamburg", "street": "Am Kai 1", "postal_code": "20457", **values}
    return add_address((customer or make_customer()).pk, actor=None, **values)


def make_inquiry(**values: Any) -> Inquiry:
    """An inquiry from a stranger, received the ordinary way."""
    number = next(_numbers)
    defaults = {
        "contact_name": f"Sender {number}",
        "email": f"sender{number}@firm{number}.example",
        "subject": f"Question {number}",
        # no two alike: the same sender with the same words would be the same inquiry
        "text": f"Do you deliver SPC flooring to Hamburg? {sha256(str(number).encode()).hexdigest()}",
        "language": "en",
        "country": "DE",
    }
    return receive_inquiry(actor=values.pop("actor", None), **{**defaults, **values})


def inquiry_in(status: str, **values: Any) -> Inquiry:
    """An inquiry in a state, put there without its history: for testing what is possible from here."""
    number = next(_numbers)
    now = timezone.now()
    given = {
        "number": f"TEST-{number}",
        "contact_name": f"Sender {number}",
        "email": f"sender{number}@firm{number}.example",
        "subject": f"Question {number}",
        "text": "How much?",
        "status": status,
        "answered_at": now if status in ("answered", "converted") else None,
        "closed_at": now if status == "closed" else None,
        "outcome": "lost" if status == "closed" else "",
    }
    return Inquiry.objects.create(**{**given, **values})


def make_visit(owner: Any, customer: Customer | None = None, **values: Any) -> Visit:
    """A visit that somebody proposed to make."""
    customer = customer or make_customer(owner=owner)
    values.setdefault("purpose", f"Show the collection {next(_numbers)}")
    return propose_visit(customer.pk, actor=owner, **values)


def planned_visit(owner: Any, customer: Customer | None = None, start: datetime | None = None, **values: Any) -> Visit:
    """A visit that the customer agreed to, planned for tomorrow at this time unless said otherwise; an hour long."""
    visit = make_visit(owner, customer, **values)
    agree_visit(visit.pk, actor=owner, by="Petra Petersen", channel="phone")
    start = start or timezone.now() + timedelta(days=1)
    return plan_visit(visit.pk, actor=owner, start=start, end=start + timedelta(hours=1))


def visit_for(status: str, owner: Any, customer: Customer, start: datetime, **values: Any) -> Visit:
    """A visit in a state, put there without its history: for testing what is possible from here."""
    given = {
        "number": f"TEST-{next(_numbers)}",
        "purpose": "Show the collection",
        "status": status,
        "customer": customer,
        "owner": owner,
        "planned_start": start,
        "planned_end": start + timedelta(hours=1),
        "arrive_by": start - timedelta(minutes=10),
        "consent_by": "Petra",
        "consent_at": start,
        "consent_channel": "phone",
        "arrived_at": start if status in ("arrived", "done") else None,
        "result": "interested" if status == "done" else "",
        "reason": "Illness" if status in ("missed", "cancelled") else "",
        "missed_by": "us" if status == "missed" else "",
    }
    return Visit.objects.create(**{**given, **values})
