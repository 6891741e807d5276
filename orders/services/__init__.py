"""Every change that this stage makes."""

from orders.services.orders import (
    cancel_order,
    complete_delivery,
    complete_order,
    confirm_order,
    create_order,
    return_order,
    start_delivery,
    submit_order,
    update_order,
)
from orders.services.parts import LineData
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
    "cancel_order",
    "complete_delivery",
    "complete_order",
    "confirm_order",
    "create_order",
    "create_quote",
    "decline_quote",
    "expire_lapsed_quotes",
    "expire_quote",
    "return_order",
    "revise_quote",
    "send_quote",
    "start_delivery",
    "submit_order",
    "update_order",
    "update_quote",
]
