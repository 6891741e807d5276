"""What calls and inquiries say of themselves, so that the knowledge base shows what helps beside them."""

from __future__ import annotations

from typing import Any

from crm.models import Call, IncomingCall, Inquiry
from crm.models.questionnaires import Questionnaire
from crm.selectors import visible_incoming_calls
from foundation.knowledge.situations import Circumstances, register_circumstances


def _person(contact: Any, otherwise: str = "") -> str:
    return contact.name if contact is not None else otherwise


def call_says(call: Call) -> Circumstances:
    """A call that we make: its purpose first."""
    is_completion = call.questionnaire.purpose == Questionnaire.Purpose.COMPLETION
    spoken = call.contact.spoken_language if call.contact else call.customer.language
    return Circumstances(
        situations=("completion-call", "outgoing-call") if is_completion else ("outgoing-call",),
        language=spoken or call.customer.language,
        words=call.reason,
        values={
            "customer_name": call.customer.name,
            "contact_name": _person(call.contact),
            "subject": call.reason,
        },
    )


def incoming_says(call: IncomingCall) -> Circumstances:
    """Somebody rings."""
    customer = call.customer
    return Circumstances(
        situations=("incoming-call",),
        language=customer.language if customer is not None else "",
        values={
            "customer_name": customer.name if customer is not None else "",
            "contact_name": _person(call.contact),
            "record": str(call),
        },
    )


def inquiry_says(inquiry: Inquiry) -> Circumstances:
    """Somebody asks for something."""
    return Circumstances(
        situations=("inquiry",),
        language=inquiry.language,
        words=f"{inquiry.subject} {inquiry.product_interest}",
        values={
            "customer_name": inquiry.company_name or inquiry.contact_name,
            "contact_name": inquiry.contact_name,
            "subject": inquiry.subject,
            "product": inquiry.product_interest,
        },
    )


def register() -> None:
    """Tell the knowledge base."""
    register_circumstances(Call, call_says)
    register_circumstances(
        IncomingCall,
        incoming_says,
        visible=lambda user: visible_incoming_calls(user).select_related("customer", "contact"),
    )
    register_circumstances(Inquiry, inquiry_says)
