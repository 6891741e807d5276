"""What somebody has in hand of quotes and orders."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.accounts.work import WorkKind, reassign_owned, register_work
from orders.models import Order, Quote

QUOTE_CLOSED = (Quote.Status.ACCEPTED, Quote.Status.DECLINED, Quote.Status.EXPIRED, Quote.Status.SUPERSEDED)
ORDER_CLOSED = (Order.Status.COMPLETED, Order.Status.CANCELLED)


def _reassign(model: Any, event: str, closed: Any) -> Any:
    return partial(reassign_owned, model, event=event, counter="row_version", closed=closed)


def register() -> None:
    """Offer open quotes and orders for handing over."""
    register_work(
        WorkKind(
            "quotes",
            _("Quotes"),
            lambda: Quote.objects.exclude(status__in=QUOTE_CLOSED),
            _reassign(Quote, "quote.reassigned", QUOTE_CLOSED),
            needs="orders.change_quote",
            order=20,
        )
    )
    register_work(
        WorkKind(
            "orders",
            _("Orders"),
            lambda: Order.objects.exclude(status__in=ORDER_CLOSED),
            _reassign(Order, "order.reassigned", ORDER_CLOSED),
            needs="orders.change_order",
            order=30,
        )
    )
