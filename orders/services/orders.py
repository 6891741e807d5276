"""Changes to orders."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from crm.models import Address
from foundation.accounts.work import reassign_owned
from foundation.documents.numbering import next_number
from foundation.journal.machine import Refused, perform
from foundation.journal.services import record
from orders.models import Order, OrderCost, OrderLine, Quote
from orders.services.parts import LineData, line_data, lock, put_lines, said
from orders.services.payments import cancel_payments, expect_payments, request_payments

CLOSED = (Order.Status.COMPLETED, Order.Status.CANCELLED)
# What a form may set; everything else belongs to the machine and to the arithmetic.
FIELDS = (
    "customer",
    "contact",
    "consignee_address",
    "destination_country",
    "currency",
    "incoterm",
    "incoterm_place",
    "payment_term",
    "promised_on",
    "contract_number",
    "contract_date",
    "customer_reference",
    "remark",
    "owner",
)


@transaction.atomic
def create_order(*, actor: Any, lines: Sequence[LineData], quote: Quote | None = None, **values: Any) -> Order:
    """Enter an order as a draft. `values` are names of FIELDS. Raises Refused."""
    given = _allowed(values)
    given.setdefault("owner", values["customer"].owner or actor)
    order = Order(number=next_number("order"), created_by=actor, quote=quote, **given)
    if quote is not None:
        order.incoterm_edition = quote.incoterm_edition
    costs = {row.kind: row.amount for row in quote.costs.all()} if quote else {}
    _save(order, lines, costs)
    record("order.created", order, actor=actor, facts={"quote": quote.reference} if quote else None)
    return order


def order_from_quote(quote: Quote, *, actor: Any) -> Order:
    """The order that an accepted quote becomes: same parties, lines and costs. Call it in the acceptance's transaction."""
    addresses = list(Address.objects.filter(customer=quote.customer_id, kind=Address.Kind.DELIVERY)[:2])
    usual = next((one for one in addresses if one.is_default), addresses[0] if len(addresses) == 1 else None)
    return create_order(
        actor=actor,
        quote=quote,
        customer=quote.customer,
        contact=quote.contact,
        consignee_address=usual,
        destination_country=usual.country if usual else quote.customer.country,
        currency=quote.currency,
        incoterm=quote.incoterm,
        incoterm_place=quote.incoterm_place,
        payment_term=quote.payment_term,
        owner=quote.owner,
        lines=[line_data(row) for row in quote.lines.select_related("product__unit")],
    )


@transaction.atomic
def update_order(pk: int, *, actor: Any, seen: int | None, lines: Sequence[LineData], **values: Any) -> Order:
    """Change a draft that still looks as it did at version `seen`. Raises Refused, and nothing has changed."""
    order = lock(Order, pk, seen=seen)
    if not order.is_editable:
        raise Refused(
            _("Order %(number)s is locked. It is changed only after it has been returned.") % {"number": order.number}
        )
    before = order.destination_country, order.consignee_address_id
    for name, value in _allowed(values).items():
        setattr(order, name, value)
    address = order.consignee_address
    if address and address.pk != before[1] and order.destination_country == before[0]:
        # Another address was chosen and the country left as the form showed it: goods go where the address is.
        order.destination_country = address.country
    order.row_version += 1
    order.edited_by = actor
    _save(order, lines, {row.kind: row.amount for row in order.costs.all()})
    record("order.updated", order, actor=actor)
    return order


@transaction.atomic
def submit_order(pk: int, *, actor: Any) -> Order:
    """Hand a complete draft to a second person. The delivery address is kept as it reads now. Raises Refused."""
    order = lock(Order, pk)
    address, text = order.consignee_address, ""
    if address is not None:
        with translation.override(order.customer.language):
            text = "\n".join(address.lines())
    return perform(Order, pk, "submit", actor=actor, by=actor, delivery_address=text)


@transaction.atomic
def confirm_order(pk: int, *, actor: Any) -> Order:
    """A second person has looked: the order binds, is locked, and its payments are expected. Raises Refused."""
    order = perform(Order, pk, "confirm", actor=actor, by=actor)
    expect_payments(order, actor=actor)
    return order


@transaction.atomic
def return_order(pk: int, *, actor: Any, reason: str) -> Order:
    """Back to the draft, with the reason. Raises Refused, also for an empty reason."""
    return perform(
        Order,
        pk,
        "return_to_draft",
        actor=actor,
        private={"reason": said(reason)},
        facts={"submitter_id": _submitter(pk)},
    )


@transaction.atomic
def cancel_order(pk: int, *, actor: Any, reason: str) -> Order:
    """Call the order off; payments that are only expected go with it. Raises Refused, also for an empty reason."""
    order = perform(Order, pk, "cancel", actor=actor, private={"reason": said(reason)})
    cancel_payments(order, actor=actor)
    return order


@transaction.atomic
def start_delivery(pk: int, *, actor: Any, shipment: str = "") -> Order:
    """The first goods of the order have left. Called by logistics in the shipment's own transaction.

    Raises Refused while a payment is open for which goods wait: the sentence names it.
    """
    return perform(Order, pk, "start_delivery", actor=actor, check=False, facts={"shipment": shipment})


@transaction.atomic
def complete_delivery(pk: int, *, actor: Any, shipment: str = "") -> Order:
    """All goods of the order are signed for. Called by logistics in the shipment's own transaction."""
    order = perform(Order, pk, "deliver", actor=actor, check=False, facts={"shipment": shipment})
    request_payments(order, actor=actor)
    return order


@transaction.atomic
def complete_order(pk: int, *, actor: Any) -> Order:
    """Close a delivered order. Raises Refused."""
    return perform(Order, pk, "complete", actor=actor)


@transaction.atomic
def hand_over_order(pk: int, *, actor: Any, owner: Any, was_owner: int | None) -> Order:
    """Give an order to somebody else, with the promises of its payments and documents. Raises Refused."""
    order: Order = reassign_owned(
        Order,
        pk,
        actor=actor,
        owner=owner,
        was_owner=was_owner,
        event="order.reassigned",
        counter="row_version",
        closed=CLOSED,
    )
    for rows, event in (
        (order.payments.open(), "payment.reassigned"),
        (order.documents.to_check(), "document.reassigned"),
    ):
        for row in rows.order_by("pk"):
            row.order = order
            record(event, row, actor=actor, facts={"from_owner_id": was_owner}, private={"owner": str(owner)})
    return order


def _allowed(values: dict[str, Any]) -> dict[str, Any]:
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise TypeError(f"An order has no {', '.join(sorted(unknown))}")
    return dict(values)


def _submitter(pk: int) -> int | None:
    return Order.objects.filter(pk=pk).values_list("submitted_by", flat=True).first()


def _save(order: Order, lines: Sequence[LineData], costs: dict[str, Decimal]) -> None:
    """Save the order with its lines, costs and totals: the total is always the sum of what is stored."""
    for part, message in (
        (order.contact, _("This contact belongs to another customer.")),
        (order.consignee_address, _("This address belongs to another customer.")),
    ):
        if part is not None and part.customer_id != order.customer_id:
            field = "contact" if part is order.contact else "consignee_address"
            raise Refused(message, reason="input", field=field)
    order.save()
    rows = put_lines(OrderLine, order, lines, order.currency)
    order.costs.all().delete()
    OrderCost.objects.bulk_create([OrderCost(order=order, kind=kind, amount=amount) for kind, amount in costs.items()])
    order.goods_total = sum((row.amount for row in rows), Decimal(0))
    order.total = order.goods_total + sum(costs.values(), Decimal(0))
    order.save(update_fields=["goods_total", "total"])
