"""The nine steps of an order on its way, read from the journal: who did what, and when."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.journal.models import Event
from logistics.models import Shipment
from orders.models import Order

# (code of the event that proves the step, is it the order's, label)
NINE_STEPS: tuple[tuple[str, bool, Any], ...] = (
    ("order.created", True, _("Requested")),
    ("order.submitted", True, _("Entered")),
    ("order.confirmed", True, _("Confirmed")),
    ("shipment.picked", False, _("Picked")),
    ("shipment.dispatched", False, _("Loaded and dispatched")),
    ("shipment.departed", False, _("In transit")),
    ("shipment.arrived", False, _("Arrived")),
    ("shipment.signed", False, _("Signed for")),
    ("shipment.archived", False, _("POD archived")),
)
CONFIRMED = 2
# How far a shipment of each state has come; of the others, see `reached`.
REACHED = {
    "picked": 3,
    "dispatched": 4,
    "in_transit": 5,
    "arrived": 6,
    "signed": 7,
    "archived": 8,
}


def proofs(shipment: Shipment, orders: Sequence[Order]) -> dict[str, Event]:
    """Event code → the event that proves the step. One query.

    Of several orders the first one was the request; entered and confirmed they are with the last one.
    """
    types = ContentType.objects.get_for_models(Shipment, Order)
    about = Q(content_type=types[Shipment], object_id=shipment.pk)
    if orders:
        about |= Q(content_type=types[Order], object_id__in=[order.pk for order in orders])
    codes = [code for code, _is_order, _label in NINE_STEPS]
    rows = Event.objects.filter(about, code__in=codes).select_related("actor").order_by("occurred_at", "id")
    found: dict[str, Event] = {}
    for event in rows:
        if event.code != "order.created" or event.code not in found:
            found[event.code] = event
    return found


def reached(shipment: Shipment, orders: Sequence[Order], seen: Container[str]) -> int:
    """Which of the nine steps a shipment stands at: by its state or, planned or cancelled, as far as events prove."""
    if shipment.status in REACHED:
        return REACHED[shipment.status]
    proved = max((index for index, (code, _is_order, _label) in enumerate(NINE_STEPS) if code in seen), default=0)
    is_released = bool(orders) and not any(
        order.status in (Order.Status.DRAFT, Order.Status.IN_REVIEW) for order in orders
    )
    return max(proved, CONFIRMED) if is_released else proved
