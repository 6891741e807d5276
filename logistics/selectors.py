"""The doors to shipments, and what may still be shipped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from crm.selectors import only_visible
from logistics.models import Shipment, ShipmentLine
from logistics.models.shipments import SHIPPABLE_ORDER
from orders.models import Order, OrderLine

ZERO = Decimal(0)
# The named place of these rules is where the seller hands over, not where the goods go.
NAMED_AT_ORIGIN = ("EXW", "FCA", "FAS", "FOB")


def visible_shipments(user: Any) -> QuerySet[Shipment]:
    """Shipments of the customers that this person may see."""
    if not user.has_perm("logistics.view_shipment"):
        return Shipment.objects.none()
    return only_visible(Shipment.objects.all(), user)


def shipped_quantities(order_lines: Iterable[int]) -> dict[int, Decimal]:
    """Order line → quantity that is in shipments which were not cancelled."""
    rows = (
        ShipmentLine.objects.filter(order_line__in=list(order_lines))
        .exclude(shipment__status=Shipment.Status.CANCELLED)
        .values("order_line_id")
        .annotate(total=Sum("quantity"))
    )
    return {row["order_line_id"]: row["total"] for row in rows.order_by()}


@dataclass(frozen=True)
class OpenLine:
    """An order line, what is in shipments already, and what may still go."""

    line: OrderLine
    shipped: Decimal

    @property
    def remaining(self) -> Decimal:
        """Never below zero, whatever history says."""
        return max(ZERO, (self.line.quantity or ZERO) - self.shipped)


def open_lines(orders: Iterable[Order]) -> list[OpenLine]:
    """The lines of these orders with what remains of each, in the orders' sequence. Two queries."""
    lines = list(
        OrderLine.objects.filter(order__in=list(orders)).select_related("order").order_by("order_id", "position")
    )
    shipped = shipped_quantities(line.pk for line in lines)
    return [OpenLine(line, shipped.get(line.pk, ZERO)) for line in lines]


def orders_to_combine(order: Order) -> QuerySet[Order]:
    """Orders that may travel in one shipment with this one: confirmed ones of the same customer, this one included."""
    return Order.objects.filter(customer_id=order.customer_id, status__in=SHIPPABLE_ORDER).order_by("id")


def destination_of_order(order: Order) -> tuple[str, str]:
    """Where the goods of an order go, and the country of that place as far as anybody said it.

    The place of the Incoterm is a destination only under rules that name one, and a port may lie in another country than
    the customer: then the country is the one that earlier shipments to this place were given.
    """
    address = order.consignee_address
    if order.incoterm_place and order.incoterm not in NAMED_AT_ORIGIN:
        place, country = order.incoterm_place, order.destination_country or (address.country if address else "")
        known = Shipment.objects.filter(destination__iexact=place).exclude(destination_country="").order_by("-pk")
        return place, known.values_list("destination_country", flat=True).first() or country
    if address is not None:
        return address.city, address.country
    return "", order.destination_country


def fully_delivered(order: Order) -> bool:
    """Everything ordered has been signed for, and every paper is filed."""
    lines = dict(OrderLine.objects.filter(order=order).values_list("pk", "quantity"))
    done: dict[int, Decimal] = defaultdict(Decimal)
    rows = ShipmentLine.objects.filter(order_line__order=order, shipment__status=Shipment.Status.ARCHIVED)
    for line, quantity in rows.values_list("order_line_id", "quantity"):
        done[line] += quantity
    return bool(lines) and all(done[line] >= (quantity or ZERO) for line, quantity in lines.items())
