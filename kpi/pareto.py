"""Who makes the revenue: customers by what they bought in a period, the largest first, in classes A, B and C.

A are the customers who together make the first share (80 %), B those up to the second (95 %), C all others. A customer
belongs to the class in which their own revenue begins. Currencies are never added up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from kpi.models import ParetoPolicy
from kpi.periods import Period
from orders.models import Order
from orders.money import BOUGHT

CLASSES = ("A", "B", "C")
DECILES = 10


@dataclass(frozen=True)
class Share:
    """One customer: their place, revenue, how much of all of it, how much with all before them, and the class."""

    place: int
    customer_id: int
    revenue: Decimal
    orders: int
    percent: Decimal
    together: Decimal
    letter: str


def orders_in(period: Period, currency: str, team: int | None = None) -> QuerySet[Order]:
    """The orders that count; `team` narrows to customers whose owner belongs to it."""
    rows = Order.objects.filter(status__in=BOUGHT, currency=currency, **period.filters("ordered_at", is_date=False))
    return rows.filter(customer__owner__team=team) if team is not None else rows


def currencies_in(period: Period) -> list[tuple[str, int]]:
    """The currencies of the period, those with the most orders first."""
    rows = Order.objects.filter(status__in=BOUGHT, **period.filters("ordered_at", is_date=False)).order_by()
    counted = rows.values("currency").annotate(n=Count("pk")).order_by("-n", "currency")
    return [(row["currency"], row["n"]) for row in counted]


def shares_of(rows: QuerySet[Any], policy: ParetoPolicy) -> list[Share]:
    """Everybody who bought something, the largest first. One query."""
    summed = rows.order_by().values("customer").annotate(revenue=Sum("total"), n=Count("pk")).filter(~Q(revenue=0))
    found = list(summed.order_by("-revenue", "customer").values_list("customer", "revenue", "n"))
    return classed(found, policy.a_percent, policy.b_percent)


def classed(found: Sequence[tuple[int, Decimal, int]], a_percent: int, b_percent: int) -> list[Share]:
    """The shares of (customer, revenue, orders), which come sorted by revenue."""
    whole = sum((revenue for _customer, revenue, _n in found), Decimal(0))
    shares, before = [], Decimal(0)
    for place, (customer, revenue, count) in enumerate(found, start=1):
        begins = 100 * before / whole if whole else Decimal(0)
        before += revenue
        together = 100 * before / whole if whole else Decimal(0)
        letter = "A" if begins < a_percent else "B" if begins < b_percent else "C"
        percent = 100 * revenue / whole if whole else Decimal(0)
        shares.append(Share(place, customer, revenue, count, percent, together, letter))
    return shares


def curve(shares: Sequence[Share]) -> list[tuple[int, Decimal]]:
    """How much of the revenue the first tenth of the customers makes, the first two tenths, and so on."""
    if not shares:
        return []
    found = []
    for tenth in range(1, DECILES + 1):
        last = max(1, round(len(shares) * tenth / DECILES))
        found.append((100 * tenth // DECILES, shares[last - 1].together))
    return found
