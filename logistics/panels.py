"""What this stage shows on the pages of earlier ones."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.models import Customer
from foundation.ui import formats, html, parts
from foundation.ui.ahead import Wish, wish
from foundation.ui.escape import esc
from foundation.ui.prepared import prepared
from foundation.ui.presence import lacks
from logistics.models import Shipment, ShipmentLine
from logistics.models.shipments import ON_THE_WAY, SHIPPABLE_ORDER
from logistics.selectors import visible_shipments
from logistics.views.shipments import pod_badge, state_badge
from orders.models import Order

MOST = 10
SHOWN = (
    "number", "status", "waybill_number", "eta", "arrived_at", "signed_at", "carrier__name", "pod__shipment", "pod__status",
    "pod__due_on",
)  # fmt: skip


@prepared
def _newest(pk: int, *, of_order: bool, user: Any) -> QuerySet[Shipment]:
    rows = visible_shipments(user).select_related("carrier", "pod").only(*SHOWN).order_by("-pk")
    if of_order:
        rows = rows.filter(pk__in=ShipmentLine.objects.filter(order_line__order=pk).values("shipment"))
    else:
        rows = rows.filter(customer=pk)
    return rows[:MOST]


def wishes(user: Any, customer: Customer) -> list[Wish]:
    """What a customer's page will ask for its shipments."""
    if not user.has_perm("logistics.view_shipment") or lacks(customer, "shipments"):
        return []
    return [wish(_newest, customer.pk, of_order=False, user=user)]


def record_main(subject: Any, request: Any, **context: Any) -> parts.Section | None:
    """The shipments of an order, and of a customer, with the way to a new one."""
    if not isinstance(subject, (Order, Customer)) or not request.user.has_perm("logistics.view_shipment"):
        return None
    if lacks(subject, "shipments"):
        return None
    found = _newest(subject.pk, of_order=isinstance(subject, Order), user=request.user)
    if not found:
        return None
    return parts.Section(_("Shipments"), _drawn(found), "shipments")


def _drawn(shipments: list[Shipment]) -> SafeString:
    """As a table: a customer's page shows it each time, so it is joined here."""
    expected = esc(_("Expected arrival"))
    heads = "".join(f'<th scope="col">{head}</th>' for head in (esc(_("Shipment")), esc(_("State")), expected))
    body = "".join([_row(one, expected) for one in shipments])
    return mark_safe(
        f'<table class="rows" role="table"><caption class="sr">{esc(_("Shipments"))}</caption>\n'
        f'<thead><tr role="row">{heads}</tr></thead>\n<tbody>{body}</tbody></table>'
    )


def _row(one: Shipment, expected: str) -> str:
    carrier = f'<span class="sub">{esc(one.carrier)} {esc(one.waybill_number)}</span>' if one.carrier else ""
    paper = pod_badge(one.pod) if one.status == "signed" else ""
    if one.arrived_at:
        arrival = html.two_lines(formats.day(one.arrived_at), _("arrived"))
    else:
        arrival = html.when(one.eta)
    return (
        f'<tr role="row"><th scope="row" role="rowheader" class="c-title">{html.link(one.number, one.get_absolute_url())}'
        f'{carrier}</th><td role="cell" class="c-end">{state_badge(one)} {esc(paper)}</td>'
        f'<td role="cell" class="c-fact" data-label="{expected}">{arrival}</td></tr>'
    )


def order_actions(subject: Any, user: Any, **context: Any) -> parts.Action | None:
    """The next step of a confirmed order: its goods go into a shipment."""
    if (
        not isinstance(subject, Order)
        or subject.status not in SHIPPABLE_ORDER
        or not user.has_perm("logistics.add_shipment")
    ):
        return None
    style = "primary" if subject.status == "confirmed" else "secondary"
    return parts.Action(
        _("Plan a shipment"), f"{reverse('logistics:plan')}?order={subject.pk}", "truck", style, name="ship"
    )


def rail_counter(user: Any) -> tuple[int, bool]:
    """How many shipments are on the way, and whether one of them is overdue. One query."""
    found = visible_shipments(user).filter(status__in=ON_THE_WAY)
    counts = found.aggregate(way=Count("pk"), late=Count("pk", filter=Q(eta__lt=Now())))
    return counts["way"], bool(counts["late"])


def search_title(shipment: Shipment) -> str:
    """The number and where it stands."""
    return f"{shipment.number} · {shipment.get_status_display()}"


def search_subtitle(shipment: Shipment) -> str:
    """What people look for it by."""
    found = [shipment.customer.name, shipment.waybill_number, shipment.container_number]
    return " · ".join(part for part in found if part)
