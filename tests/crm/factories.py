"""Customers and inquiries for tests, made as the application makes them."""

from __future__ import annotations

import itertools
from typing import Any

from django.utils import timezone

from crm.models import Address, Contact, Customer, Inquiry
from crm.services import add_address, add_contact, create_customer, receive_inquiry

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
        "text": "Do you deliver SPC flooring to Hamburg?",
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
