"""What each role may do with quotes and orders."""

SEE = ["orders.view_quote", "orders.view_order"]
OFFER = [
    "orders.add_quote",
    "orders.change_quote",
    "orders.send_quote",
    "orders.decide_quote",
    "orders.revise_quote",
]
ENTER = ["orders.add_order", "orders.change_order", "orders.submit_order"]
# Cancellation belongs to one department only: the order desk.
DESK = ["orders.review_order", "orders.cancel_order", "orders.complete_order"]

ROLE_PERMISSIONS = {
    "*": SEE,
    "sales": [*OFFER, *ENTER],
    "order desk": [*OFFER, *ENTER, *DESK],
    "manager": [*OFFER, *ENTER, "orders.review_order", "orders.complete_order"],
}
