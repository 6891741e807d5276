"""What somebody has in hand of quotes and orders."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

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
