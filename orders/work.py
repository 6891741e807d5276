"""What somebody has in hand of quotes and orders."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.pool import register_deal, register_protection
from foundation.accounts.work import WorkKind, reassign_owned, register_work
from orders.models import Order, Quote
from orders.services.orders import CLOSED, hand_over_order

QUOTE_CLOSED = (Quote.Status.ACCEPTED, Quote.Status.DECLINED, Quote.Status.EXPIRED, Quote.Status.SUPERSEDED)


def register() -> None:
    """Offer open quotes and orders for handing over."""
    register_work(
        WorkKind(
            "quotes",
            _("Quotes"),
            lambda: Quote.objects.exclude(status__in=QUOTE_CLOSED),
            partial(reassign_owned, Quote, event="quote.reassigned", counter="row_version", closed=QUOTE_CLOSED),
            needs="orders.change_quote",
            order=20,
        )
    )
    register_work(
        WorkKind(
            "orders",
            _("Orders"),
            lambda: Order.objects.exclude(status__in=CLOSED),
            hand_over_order,
            needs="orders.change_order",
            order=30,
        )
    )
    register_deal("order.confirmed")
    open_orders = Order.objects.exclude(status__in=CLOSED)
    open_quotes = Quote.objects.exclude(status__in=QUOTE_CLOSED)
    for code, label, rows in (("order", _("open order"), open_orders), ("quote", _("open quote"), open_quotes)):
        register_protection(code, label, partial(_customers_in, rows))


def _customers_in(rows: QuerySet[Any], customers: Sequence[int]) -> QuerySet[Any]:
    return rows.filter(customer__in=customers).values_list("customer", flat=True).distinct()
