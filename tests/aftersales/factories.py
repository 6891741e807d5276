"""Complaints for tests, made as the application makes them."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from aftersales.models import Ticket
from aftersales.services import tickets
from aftersales.services.tickets import Complaint, receive_ticket
from foundation.accounts.models import User
from tests.accounts.factories import make_user
from tests.crm.factories import make_contact, make_customer

_numbers = itertools.count(1)
# The smallest PNG that a picture library takes: one white pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8ffffff7f0009fb03fd05d18ee70000000049454e44ae426082"
)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def service_person(name: str = "", role: str = "service") -> User:
    """A colleague of service."""
    return make_user(name or f"{role.title()} {next(_numbers)}", role=role)


def make_ticket(**values: Any) -> Ticket:
    """A complaint of a known customer, by phone."""
    actor = values.pop("actor", None)
    owner = values.pop("owner", None)
    if "customer" not in values:
        contact = make_contact(make_customer(language="en"))
        values.update(customer=contact.customer, contact=contact)
    given = {"subject": "Click joints open", "description": "On 40 m² the joints open.", **values}
    return receive_ticket(Complaint(**given), actor=actor, owner=owner)


def ticket_in(status: str, person: User, **values: Any) -> Ticket:
    """A complaint that has gone the whole way to this state, through the services."""
    ticket = make_ticket(owner=person, **values)
    steps = {
        "acknowledged": lambda: tickets.acknowledge_ticket(ticket.pk, actor=person),
        "investigating": lambda: tickets.investigate_ticket(ticket.pk, actor=person),
        "proposed": lambda: tickets.propose_solution(ticket.pk, actor=person, text="We replace 40 m²."),
        "accepted": lambda: tickets.accept_solution(ticket.pk, actor=person, by="Anna"),
        "resolved": lambda: tickets.resolve_ticket(
            ticket.pk, actor=person, resolution="Replaced.", signed_by="Anna", signature=PIXEL
        ),
        "closed": lambda: tickets.close_ticket(ticket.pk, actor=person),
    }
    if status == "cancelled":
        tickets.cancel_ticket(ticket.pk, actor=person, reason="Entered twice")
    elif status != "received":
        for state, step in steps.items():
            step()
            if state == status:
                break
    return Ticket.objects.get(pk=ticket.pk)
