"""What complaints say of themselves, so that the knowledge base shows what helps beside them."""

from __future__ import annotations

from aftersales.models import Ticket
from foundation.knowledge.situations import Circumstances, register_circumstances

SITUATIONS: dict[str, str] = {
    Ticket.Kind.QUALITY: "quality",
    Ticket.Kind.SHORTAGE: "short-delivered",
    Ticket.Kind.DAMAGE: "damaged",
    Ticket.Kind.INSTALLATION: "installation",
    Ticket.Kind.DELAY: "delay",
    Ticket.Kind.SERVICE: "our-service",
}


def ticket_says(ticket: Ticket) -> Circumstances:
    """What it is about first; that somebody complains, and may be upset, always."""
    first = SITUATIONS.get(ticket.kind)
    product = ticket._state.fields_cache.get("product")  # only where the page has read it
    family = (
        product.family.code
        if product is not None and "family" in product._state.fields_cache and product.family
        else ""
    )
    return Circumstances(
        situations=(*([first] if first else []), "complaint", "angry-customer"),
        families=[family] if family else [],
        language=ticket.language,
        words=f"{ticket.subject} {ticket.defect}",
        values={
            "customer_name": ticket.customer.name if ticket.customer is not None else ticket.complainant_name,
            "contact_name": ticket.contact.name if ticket.contact is not None else ticket.complainant_name,
            "subject": ticket.subject,
            "order_number": lambda: ticket.order.number if ticket.order is not None else ticket.order_reference,
            "product": lambda: str(ticket.product or ""),
        },
    )


def register() -> None:
    """Tell the knowledge base."""
    register_circumstances(Ticket, ticket_says)
