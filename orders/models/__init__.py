"""Quotes, orders, and what belongs to them: payments and trade documents."""

from orders.models.conditions import missing_in
from orders.models.documents import DocumentKind, DocumentVersion, TradeDocument
from orders.models.incoterms import EDITION, CostKind, Incoterm, IncotermCost, Payer
from orders.models.orders import Order, OrderCost, OrderLine
from orders.models.payments import Payment
from orders.models.quotes import Quote, QuoteCost, QuoteLine, SalesPolicy
from orders.models.terms import PaymentTerm

__all__ = [
    "EDITION",
    "CostKind",
    "DocumentKind",
    "DocumentVersion",
    "Incoterm",
    "IncotermCost",
    "Order",
    "OrderCost",
    "OrderLine",
    "Payer",
    "Payment",
    "PaymentTerm",
    "Quote",
    "QuoteCost",
    "QuoteLine",
    "SalesPolicy",
    "TradeDocument",
    "missing_in",
]
