"""What this stage plans for somebody's day: unloading appointments, and goods that are expected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.ui import formats, html
from foundation.ui.ahead import Wish, wish
from foundation.ui.days import end_of_day, start_of_day
from foundation.ui.parts import Entry
from foundation.ui.prepared import prepared
from logistics.models import Shipment
from logistics.models.shipments import ON_THE_WAY
from logistics.selectors import visible_shipments

MOST = 10


def day_today(request: Any = None, **_context: Any) -> list[Entry]:
    """`day.today`: what arrives or is unloaded today of my shipments, and arrivals that are overdue. One query."""
    if request is None:
        return []
    return [_entry(shipment) for shipment in _coming(start_of_day(), end_of_day(), user=request.user)]


def wishes(user: Any) -> Iterator[Wish]:
    """What `day_today` is about to ask."""
    yield wish(_coming, start_of_day(), end_of_day(), user=user)


@prepared
def _coming(begin: datetime, end: datetime, *, user: Any) -> QuerySet[Shipment]:
    unloaded = Q(appointment_at__gte=begin, appointment_at__lt=end, status__in=(*ON_THE_WAY, "arrived"))
    expected = Q(eta__lt=end, status__in=ON_THE_WAY)
    mine = visible_shipments(user).filter(unloaded | expected, owner=user.pk)
    return mine.select_related("customer").order_by("eta", "pk")[:MOST]


def _entry(shipment: Shipment) -> Entry:
    at, number = shipment.appointment_at, {"number": shipment.number}
    text = _("Unloading of %(number)s") % number
    if at is None or not start_of_day() <= at < end_of_day():
        at, text = shipment.eta or timezone.now(), _("Arrival of %(number)s") % number
    is_today = at >= start_of_day()
    return Entry(
        "record",
        text,
        at,
        actor=", ".join(part for part in (shipment.customer.name, shipment.destination) if part),
        url=shipment.get_absolute_url(),
        state=html.badge(_("overdue"), "late", quiet=True) if at < timezone.now() else "",
        at=formats.clock_time(at) if is_today else formats.day(at),
    )
