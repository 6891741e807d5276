"""Days for which orders are promised, in the calendar of their owners."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.calendars.diary.entries import MOST, Asked, Entry, Source, register_source
from orders.models import Order
from orders.selectors import visible_orders

STILL_OWED = (Order.Status.DRAFT, Order.Status.IN_REVIEW, Order.Status.CONFIRMED, Order.Status.IN_DELIVERY)


def promised(asked: Asked) -> Iterator[Entry]:
    """Orders that are promised for these days and not delivered yet. One query."""
    rows = visible_orders(asked.reader).filter(
        status__in=STILL_OWED, owner__in=asked.people, promised_on__range=(asked.first_day, asked.last_day)
    )
    today = timezone.localdate()
    rows = rows.select_related("customer").only("number", "status", "promised_on", "owner_id", "customer__name")
    for order in rows.order_by("promised_on", "pk")[:MOST]:
        assert order.promised_on is not None
        is_late = order.promised_on < today
        yield Entry(
            "orders",
            order.pk,
            order.promised_on,
            None,
            _("%(number)s is promised") % {"number": order.number},
            asked.of(order.owner_id),
            url=order.get_absolute_url(),
            customer=order.customer.name,
            state=str(_("overdue") if is_late else order.get_status_display()),
            tone="late" if is_late else "plain",
        )


def register() -> None:
    """Join the calendar."""
    register_source(
        Source(
            "orders", gettext_lazy("Promised orders"), gettext_lazy("Promised order"), "cube", 70,
            between=promised, permission="orders.view_order",
        )
    )  # fmt: skip
