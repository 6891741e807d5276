"""Every change that this stage makes."""

from orders.services.documents import approve_document, return_document, submit_document, submit_version
from orders.services.orders import (
    cancel_order,
    complete_delivery,
    complete_order,
    confirm_order,
    create_order,
    hand_over_order,
    return_order,
    start_delivery,
    submit_order,
    update_order,
)
from orders.services.parts import LineData
from orders.services.payments import confirm_payment, report_payment, return_payment, waive_payment
from orders.services.quotes import (
    accept_quote,
    create_quote,
    decline_quote,
    expire_lapsed_quotes,
    expire_quote,
    revise_quote,
    send_quote,
    update_quote,
)

__all__ = [
    "LineData",
    "accept_quote",
    "approve_document",
    "cancel_order",
    "complete_delivery",
    "complete_order",
    "confirm_order",
    "confirm_payment",
    "create_order",
    "create_quote",
    "decline_quote",
    "expire_lapsed_quotes",
    "expire_quote",
    "hand_over_order",
    "report_payment",
    "return_document",
    "return_order",
    "return_payment",
    "revise_quote",
    "send_quote",
    "start_delivery",
    "submit_document",
    "submit_order",
    "submit_version",
    "update_order",
    "update_quote",
    "waive_payment",
]
