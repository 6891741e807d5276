"""Quotes and orders."""

from orders.models.incoterms import EDITION, CostKind, Incoterm, IncotermCost, Payer
from orders.models.orders import Order, OrderCost, OrderLine, missing_in
from orders.models.quotes import Quote, QuoteCost, QuoteLine, SalesPolicy

__all__ = [
    "EDITION",
    "CostKind",
    "Incoterm",
    "IncotermCost",
    "Order",
    "OrderCost",
    "OrderLine",
    "Payer",
    "Quote",
    "QuoteCost",
    "QuoteLine",
    "SalesPolicy",
    "missing_in",
]
