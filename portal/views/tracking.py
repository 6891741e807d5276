"""Where the goods are: the customer's own page, opened by a link."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.selectors import unit_symbol
from foundation.ui import formats, parts
from foundation.ui.places import zone_name
from logistics.models import Shipment
from portal.reading import closed, opened, public, read_as
from portal.throttle import customer_page

MOST_EVENTS = 10
# How far along the customer's path a shipment of each state is.
REACHED = {"planned": 0, "picked": 1, "dispatched": 2, "in_transit": 3, "arrived": 4, "signed": 5, "archived": 5}


@customer_page
@require_safe
def track(request: HttpRequest, raw: str) -> HttpResponse:
    """State, expected arrival, goods and the last sightings; no prices, no names of people. At most six queries."""
    found = opened("track", raw, Shipment, Shipment.objects.select_related("customer", "carrier"))
    if found is None:
        return closed(request)
    shipment = found[1]
    read_as(request, shipment.customer.language, shipment.customer.time_zone)
    return public(request, "portal/tracking.html", {"tracking": shown(shipment), "raw": raw})


def shown(shipment: Shipment) -> dict[str, Any]:
    """Exactly what the page says; a test keeps the list of its names."""
    lines = list(shipment.lines.select_related("order_line__order", "order_line__product"))
    events = shipment.tracking_events.order_by("-at", "-id")[:MOST_EVENTS] if shipment.has_left else []
    return {
        "number": shipment.number,
        "orders": sorted({line.order_line.order.number for line in lines}),
        "headline": _headline(shipment),
        "expected": _expected(shipment),
        "delay": str(shipment.get_delay_reason_display()) if shipment.delay_reason and not shipment.arrived_at else "",
        "path": None if shipment.status == "cancelled" else parts.Path(_steps(shipment)),
        "destination": shipment.destination,
        "carrier": str(shipment.carrier or "") if shipment.has_left else "",
        "waybill": shipment.waybill_number if shipment.has_left else "",
        "carrier_url": shipment.carrier_tracking_url if shipment.has_left else "",
        "goods": [(_name(line.order_line), formats.quantity(line.quantity, unit_symbol(line.unit))) for line in lines],
        "events": [
            {
                "at": formats.moment(event.at),
                "iso": event.at.isoformat(),
                "what": event.get_kind_display(),
                "place": event.place,
                "text": event.text,
            }
            for event in events
        ],
        "zone": zone_name(timezone.get_current_timezone_name()),
    }


def _name(line: Any) -> str:
    """What the goods are called: in the page's language, unless the line says something of its own."""
    product = line.product
    is_usual = product is not None and line.description == product.name
    return str(product.name_in(get_language() or "en") if is_usual else line.description)


def _headline(shipment: Shipment) -> str:
    """One sentence that answers the question."""
    sentences = {
        "planned": _("Your goods are being prepared."),
        "picked": _("Your goods are packed and wait for the carrier."),
        "dispatched": _("Your goods have left our house."),
        "in_transit": _("Your goods are on their way."),
        "arrived": _("Your goods have arrived."),
        "signed": _("Your goods have been delivered."),
        "archived": _("Your goods have been delivered."),
        "cancelled": _("This delivery was cancelled."),
    }
    return str(sentences[shipment.status])


def _expected(shipment: Shipment) -> tuple[str, str]:
    """What is said about time, and when: the arrival to come, an appointment, or what has been."""
    if shipment.status in ("signed", "archived"):
        return (
            (pgettext("shipment", "Delivered"), formats.exact(shipment.signed_at)) if shipment.signed_at else ("", "")
        )
    if shipment.status == "arrived":
        if shipment.appointment_at:
            return _("Unloading appointment"), formats.exact(shipment.appointment_at)
        return (_("Arrived"), formats.exact(shipment.arrived_at)) if shipment.arrived_at else ("", "")
    if shipment.eta is None or shipment.status == "cancelled":
        return "", ""
    if shipment.is_late:
        return _("Was expected; we are asking the carrier for a new time"), formats.exact(shipment.eta)
    return _("Expected arrival"), formats.exact(shipment.eta)


def _steps(shipment: Shipment) -> list[parts.Step]:
    """The way in the customer's words, with the day of each step that has one."""
    here = REACHED[shipment.status]
    stations = [
        (_("Order confirmed"), None),
        (_("Packed"), None),
        (_("Handed to the carrier"), shipment.dispatched_at),
        (_("On its way"), shipment.departed_at),
        (_("Arrived"), shipment.arrived_at),
        (pgettext("shipment", "Delivered"), shipment.signed_at),
    ]
    is_over = shipment.status in ("signed", "archived")
    steps = []
    for index, (label, at) in enumerate(stations):
        state = "done" if index < here or is_over else "current" if index == here else "future"
        steps.append(parts.Step(label, state, formats.day(at) if at else ""))
    if is_over:
        steps[-1].state = "current"
    return steps
