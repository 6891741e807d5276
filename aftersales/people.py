"""Who is told about a complaint or a survey, and what the texts may say."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from aftersales.models import AfterSalesPolicy, Solution, Survey, Ticket
from aftersales.selectors import visible_surveys, visible_tickets
from crm.people import recipient_of_contact, recipient_of_customer
from foundation.accounts import tokens
from foundation.accounts.audiences import Recipient
from foundation.notifications.placeholders import register_placeholders
from foundation.notifications.subjects import register_subject
from foundation.ui import formats

TICKET_DAYS = 365


def recipient_of_ticket(ticket: Ticket) -> Recipient | None:
    """Whoever complained: the known contact, else the address that they gave, else the customer's main contact."""
    if ticket.contact is not None:
        if ticket.customer is not None and ticket.contact.customer_id == ticket.customer_id:
            ticket.contact.customer = ticket.customer  # read already
        return recipient_of_contact(ticket.contact)
    if ticket.complainant_email or ticket.complainant_phone:
        customer = ticket.customer
        return Recipient(
            key=f"ticket:{ticket.pk}",
            name=ticket.complainant_name,
            language=ticket.language,
            time_zone=customer.time_zone if customer else "UTC",
            kind="customer",
            email=ticket.complainant_email,
            phone=str(ticket.complainant_phone or ""),
            customer_id=ticket.customer_id,
            spoken=ticket.language,
            country=customer.country if customer else "",
        )
    return recipient_of_customer(ticket.customer) if ticket.customer else None


def recipient_of_survey(survey: Survey) -> Recipient | None:
    """The person who complained, where the survey is about a complaint."""
    if survey.ticket is not None:
        return recipient_of_ticket(survey.ticket)
    return recipient_of_customer(survey.customer) if survey.customer else None


def _public(purpose: str, subject: Any, days: int, *, single_use: bool = False) -> str:
    raw = tokens.issue(purpose, subject, days=days, single_use=single_use)
    return settings.ORIGIN + reverse(f"portal:{purpose}", args=[raw])


def ticket_values(ticket: Ticket, recipient: Recipient) -> dict[str, Any]:
    """What a text about a complaint may say; the solution is looked up when a text speaks of it."""

    @cache
    def solution() -> Solution | None:
        return Solution.objects.filter(ticket=ticket).order_by("-pk").first()

    def ready_on() -> str:
        found = solution()
        return formats.day(found.ready_on) if found and found.ready_on else ""

    def cost() -> str:
        found = solution()
        return formats.money(found.cost, found.currency) if found and found.cost else ""

    def text() -> str:
        found = solution()
        return found.text if found else ""

    return {
        "customer_name": ticket.customer.name if ticket.customer else ticket.complainant_name,
        "subject": ticket.subject,
        "order_number": ticket.order.number if ticket.order else ticket.order_reference,
        "solution": text,
        "solution_ready_on": ready_on,
        "solution_cost": cost,
        "resolution": ticket.resolution,
        "ticket_url": lambda: _public("ticket", ticket, TICKET_DAYS),
    }


def survey_values(survey: Survey, recipient: Recipient) -> dict[str, Any]:
    """What a text about a survey may say."""
    return {
        "customer_name": survey.customer.name if survey.customer else "",
        "subject": survey.ticket.subject if survey.ticket else "",
        "score": str(survey.score or ""),
        "survey_url": lambda: _public("survey", survey, AfterSalesPolicy.current().survey_valid_days, single_use=True),
    }


def register() -> None:
    """Tell the message room about tickets and surveys."""
    register_subject(Ticket, contact=recipient_of_ticket, owner=lambda ticket: ticket.owner, visible=visible_tickets)
    register_subject(Survey, contact=recipient_of_survey, owner=lambda survey: survey.owner, visible=visible_surveys)
    register_placeholders(
        Ticket,
        ticket_values,
        names={
            "customer_name": _("Name of the customer"),
            "subject": _("Subject of the complaint"),
            "order_number": _("Number of the order"),
            "solution": _("The solution that we propose"),
            "solution_ready_on": _("Day by which the solution is carried out"),
            "solution_cost": _("What the solution costs the customer; empty when it is free"),
            "resolution": _("What was done"),
            "ticket_url": _("Address of the customer's page about the complaint"),
        },
    )
    register_placeholders(
        Survey,
        survey_values,
        names={
            "customer_name": _("Name of the customer"),
            "subject": _("Subject of the complaint"),
            "score": _("Overall satisfaction from 1 to 5"),
            "survey_url": _("Address of the survey"),
        },
    )
