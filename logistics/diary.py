"""Expected arrivals and unloading appointments of shipments, in the calendar of their owners."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.calendars.diary.entries import MOST, Asked, Entry, Source, register_source
from logistics.selectors import visible_shipments

UNDER_WAY = ("planned", "picked", "dispatched", "in_transit", "arrived")


def arrivals(asked: Asked) -> Iterator[Entry]:
    """When goods of these people are expected, or are to be unloaded where that is agreed. One query."""
    span = (asked.start, asked.end)
    rows = visible_shipments(asked.reader).filter(
        Q(appointment_at__range=span) | Q(appointment_at=None, eta__range=span),
        owner__in=asked.people,
        status__in=UNDER_WAY,
    )
    rows = rows.select_related("customer").only(
        "number", "status", "eta", "appointment_at", "destination", "owner_id", "customer__name"
    )
    now = timezone.now()
    for shipment in rows.order_by("eta", "pk")[:MOST]:
        when = shipment.appointment_at or shipment.eta
        if when is None or not asked.start <= when < asked.end:
            continue
        is_late = when < now and shipment.status != "arrived"
        words = _("%(number)s is unloaded") if shipment.appointment_at else _("%(number)s arrives")
        yield Entry(
            "shipments",
            shipment.pk,
            when,
            None,
            words % {"number": shipment.number},
            asked.of(shipment.owner_id),
            url=shipment.get_absolute_url(),
            customer=shipment.customer.name,
            place=shipment.destination,
            state=str(_("overdue") if is_late else shipment.get_status_display()),
            tone="late" if is_late else "plain",
        )


def register() -> None:
    """Join the calendar."""
    register_source(
        Source(
            "shipments", gettext_lazy("Arrivals of goods"), gettext_lazy("Arrival of goods"), "truck", 80,
            between=arrivals, permission="logistics.view_shipment", is_point=True,
        )
    )  # fmt: skip
