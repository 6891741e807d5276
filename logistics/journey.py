"""The nine steps of an order on its way, read from the journal: who did what, and when."""

from __future__ import annotations

from collections.abc import Sequence
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
# How far a shipment of each state has come; a planned one is released and waits to be picked.
REACHED = {
    "planned": 2,
    "picked": 3,
    "dispatched": 4,
    "in_transit": 5,
    "arrived": 6,
    "signed": 7,
    "archived": 8,
    "cancelled": 2,
}


def proofs(shipment: Shipment, orders: Sequence[Order]) -> dict[str, Event]:
    """Event code → the event that proves the step. One query.

    Of several orders the first one was the request; entered and confirmed they are with the last one.
    """
    types = ContentType.objects.get_for_models(Shipment, Order)
    about = Q(content_type=types[Shipment], object_id=shipment.pk)
    if orders:
        about |= Q(content_type=types[Order], object_id__in=[order.pk for order in orders])
    codes = [code for code, _is_order, _label in NINE_STEPS] + ["shipment.cancelled"]
    rows = Event.objects.filter(about, code__in=codes).select_related("actor").order_by("occurred_at", "id")
    found: dict[str, Event] = {}
    for event in rows:
        if event.code != "order.created" or event.code not in found:
            found[event.code] = event
    return found
