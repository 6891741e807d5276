"""Mails that answer a complaint."""

from __future__ import annotations

from aftersales.services.tickets import customer_replied
from foundation.journal.models import Event
from foundation.mailroom.registry import Arrival


def join_ticket(pk: int, arrival: Arrival) -> Event:
    """The customer answers by mail, as on their page: the clock runs again. Raises Refused when the complaint is closed."""
    ticket = customer_replied(pk, text=arrival.text or arrival.subject, files=list(arrival.files))
    answers = Event.objects.about(ticket).filter(code="ticket.customer_replied")
    return answers.order_by("-pk")[0]
