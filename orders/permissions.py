"""What each role may do with quotes, orders, payments and trade documents."""

SEE = ["orders.view_quote", "orders.view_order", "orders.view_tradedocument"]
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
SEE_PAYMENTS = ["orders.view_payment"]
REPORT = [*SEE_PAYMENTS, "orders.report_payment"]
SUBMIT = ["orders.submit_document"]
CHECK = ["orders.check_document"]

ROLE_PERMISSIONS = {
    "*": SEE,
    "sales": [*OFFER, *ENTER, *REPORT, *SUBMIT],
    "order desk": [*OFFER, *ENTER, *DESK, *REPORT, *SUBMIT, *CHECK],
    "logistics": [*SEE_PAYMENTS, *SUBMIT, *CHECK],
    "service": SEE_PAYMENTS,  # customers ask whether their money has come
    "operations": SEE_PAYMENTS,
    "finance": [*REPORT, "orders.confirm_payment", *SUBMIT, *CHECK],
    "manager": [
        *OFFER,
        *ENTER,
        "orders.review_order",
        "orders.complete_order",
        *REPORT,
        "orders.waive_payment",
        *SUBMIT,
        *CHECK,
    ],
}
