"""What this stage shows on the pages of earlier ones."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from aftersales.models import Ticket
from aftersales.selectors import visible_tickets
from aftersales.views.tickets import state_badge
from crm.models import Customer
from foundation.ui import parts
from foundation.ui.ahead import Wish, wish
from foundation.ui.escape import esc
from foundation.ui.html import link
from foundation.ui.prepared import prepared
from foundation.ui.presence import lacks
from orders.models import Order

MOST = 10


@prepared
def _newest(pk: int, *, field: str, user: Any) -> QuerySet[Ticket]:
    rows = visible_tickets(user).filter(**{field: pk}).only("number", "subject", "status", "waiting_since")
    return rows.order_by("-received_at", "-pk")[:MOST]


def wishes(user: Any, customer: Customer) -> list[Wish]:
    """What a customer's page will ask for its complaints."""
    if not user.has_perm("aftersales.view_ticket") or lacks(customer, "tickets"):
        return []
    return [wish(_newest, customer.pk, field="customer", user=user)]


def record_main(subject: Any, request: Any, **context: Any) -> parts.Section | None:
    """The complaints of a customer or an order, with the way to a new one."""
    if not isinstance(subject, (Order, Customer)) or not request.user.has_perm("aftersales.view_ticket"):
        return None
    field = "order" if isinstance(subject, Order) else "customer"
    found = [] if lacks(subject, "tickets") else _newest(subject.pk, field=field, user=request.user)
    action = None
    if request.user.has_perm("aftersales.add_ticket"):
        query = (
            f"order={subject.number}&customer={subject.customer_id}"
            if isinstance(subject, Order)
            else f"customer={subject.pk}"
        )
        action = parts.Action(_("New complaint"), f"{reverse('aftersales:ticket-new')}?{query}")
    if not found and action is None:
        return None
    return parts.Section(_("Complaints"), _drawn(found), "complaints", action)


def _drawn(tickets: list[Ticket]) -> SafeString:
    if not tickets:
        return mark_safe(f'<p class="muted">{esc(_("No complaint so far."))}</p>')
    items = "".join(
        [
            f"<li>{link(one.number, one.get_absolute_url())} {esc(one.subject)} {state_badge(one)}</li>"
            for one in tickets
        ]
    )
    return mark_safe(f'<ul class="plain-list">{items}</ul>')


def search_title(ticket: Ticket) -> str:
    """The number and what it is about."""
    return f"{ticket.number} · {ticket.subject}"


def search_subtitle(ticket: Ticket) -> str:
    """Whose, and where it stands."""
    return " · ".join(
        part for part in (ticket.customer.name if ticket.customer else "", ticket.get_status_display()) if part
    )
