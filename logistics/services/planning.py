"""Before the goods leave: planning, changing, picking, cancelling."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from catalog.selectors import unit_symbol
from foundation.documents.numbering import next_number
from foundation.journal.machine import Refused, perform
from foundation.journal.services import record
from logistics.models import Shipment, ShipmentLine
from logistics.models.shipments import SHIPPABLE_ORDER
from logistics.selectors import shipped_quantities
from orders.models import Order, OrderLine

DETAILS = (
    "carrier",
    "mode",
    "waybill_number",
    "container_number",
    "vehicle",
    "driver_name",
    "driver_phone",
    "origin",
    "destination",
    "destination_country",
    "incoterm",
    "etd",
    "eta",
)


@transaction.atomic
def plan_shipment(*, actor: Any, quantities: Mapping[int, Decimal], **details: Any) -> Shipment:
    """Plan a shipment of `{order line: quantity}`, from one or several confirmed orders of one customer.

    The orders are locked, so that two people cannot ship the same goods. Raises Refused.
    """
    if actor is not None and not actor.has_perm("logistics.add_shipment"):
        raise Refused(_("You do not have the right to do this."), reason="permission")
    wanted = {line: quantity for line, quantity in quantities.items() if quantity}
    if not wanted:
        raise Refused(_("Say how much of at least one line goes into this shipment."), reason="input")
    orders = _lock_orders(wanted)
    lines = list(OrderLine.objects.filter(pk__in=wanted).order_by("order_id", "position"))
    _refuse_too_much(lines, wanted)
    first = orders[0]
    promised = {order.pk: order.promised_on for order in orders}
    values = {name: details[name] for name in DETAILS if details.get(name)}
    shipment = Shipment(
        number=next_number("shipment"),
        customer_id=first.customer_id,
        owner=actor,
        **{"incoterm": first.incoterm, "destination_country": first.destination_country, **values},
    )
    shipment.save()
    ShipmentLine.objects.bulk_create(
        ShipmentLine(
            shipment=shipment,
            order_line=line,
            quantity=wanted[line.pk],
            unit=line.unit,
            promised_on=line.promised_on or promised[line.order_id],
            weight_kg=_share(line, wanted[line.pk]),
            currency=first.currency,
        )
        for line in lines
    )
    shipment.save(update_fields=["waybill_number"])  # the search tokens now know the orders
    numbers = [order.number for order in orders]
    record("shipment.created", shipment, actor=actor, facts={"orders": numbers, "lines": len(lines)})
    return shipment


def _lock_orders(wanted: Mapping[int, Decimal]) -> list[Order]:
    ids = set(OrderLine.objects.filter(pk__in=wanted).values_list("order_id", flat=True))
    orders = list(Order.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    if not orders:
        raise Refused(_("These order lines do not exist any more."), reason="input")
    for order in orders:
        if order.status not in SHIPPABLE_ORDER:
            raise Refused(
                _("Only confirmed orders can be shipped; %(order)s is “%(state)s”.")
                % {"order": order.number, "state": order.get_status_display()},
                reason="condition",
            )
    if len({order.customer_id for order in orders}) > 1:
        raise Refused(_("One shipment carries goods of one customer only."), reason="condition")
    return orders


def _refuse_too_much(lines: list[OrderLine], wanted: Mapping[int, Decimal]) -> None:
    shipped = shipped_quantities(wanted)
    for line in lines:
        quantity, left = wanted[line.pk], (line.quantity or Decimal(0)) - shipped.get(line.pk, Decimal(0))
        if quantity < 0:
            raise Refused(_("A quantity cannot be negative."), reason="input", field=f"line_{line.pk}")
        if quantity > left:
            raise Refused(
                _("%(line)s: %(wanted)s is more than the %(left)s %(unit)s that are still to be shipped.")
                % {
                    "line": line.description,
                    "wanted": number_format(quantity.normalize()),
                    "left": number_format(max(left, Decimal(0)).normalize()),
                    "unit": unit_symbol(line.unit),
                },
                reason="condition",
                field=f"line_{line.pk}",
            )


def _share(line: OrderLine, quantity: Decimal) -> Decimal | None:
    """The weight of a part of an order line."""
    if line.weight_kg is None or not line.quantity:
        return None
    return (line.weight_kg * quantity / line.quantity).quantize(Decimal("0.001"))


@transaction.atomic
def update_shipment(pk: int, *, actor: Any, **details: Any) -> Shipment:
    """Change the papers' details of a shipment that is not closed; the arrival of goods on the way has its own verb."""
    if actor is not None and not actor.has_perm("logistics.change_shipment"):
        raise Refused(_("You do not have the right to do this."), reason="permission")
    shipment = Shipment.objects.select_for_update(of=("self",)).get(pk=pk)
    if shipment.status in ("signed", "archived", "cancelled"):
        raise Refused(
            _("%(shipment)s is “%(state)s”: its details do not change any more.")
            % {"shipment": shipment, "state": shipment.get_status_display()}
        )
    changed = []
    for name in DETAILS:
        if name not in details or (name == "eta" and shipment.has_left):
            continue
        value = details[name]
        if getattr(shipment, name) != value:
            setattr(shipment, name, value)
            changed.append(name)
    if shipment.has_left and (shipment.carrier is None or not shipment.waybill_number):
        raise Refused(_("A shipment on the way keeps its carrier and its waybill number."), reason="condition")
    if changed:
        shipment.save(update_fields=changed)
        record("shipment.updated", shipment, actor=actor, facts={"changed": changed})
    return shipment


def pick_shipment(pk: int, *, actor: Any) -> Shipment:
    """The goods stand ready at the gate."""
    return perform(Shipment, pk, "pick", actor=actor)


def cancel_shipment(pk: int, *, actor: Any, reason: str) -> Shipment:
    """Take the goods back into stock; they may be shipped otherwise."""
    return perform(Shipment, pk, "cancel", actor=actor, private={"reason": reason})
