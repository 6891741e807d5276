"""What must hold before an order takes its next step, each with the sentence that people read while it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.journal.machine import condition
from foundation.ui import formats

if TYPE_CHECKING:
    from orders.models.orders import Order


def missing_in(order: Order) -> list[str]:
    """What a review asks for and the order lacks, as words for people; empty when it is complete (ORD-2)."""
    missing = []
    if order.contact_id is None:
        missing.append(_now("contact"))
    if not order.delivery_address and order.consignee_address_id is None:
        missing.append(_now("delivery address"))
    lines = list(order.lines.all())
    if not lines:
        missing.append(_now("at least one line"))
    asked = {
        "product": _now("product"),
        "specification": _now("specification"),
        "quantity": _now("quantity"),
        "unit": _now("unit"),
        "unit_price": _now("price"),
    }
    for line in lines:
        values = {**{name: getattr(line, name) for name in asked if name != "product"}, "product": line.product_id}
        lacks = [word for name, word in asked.items() if values[name] in (None, "")]
        if lacks:
            missing.append(_now("%(what)s in line %(line)d") % {"what": ", ".join(lacks), "line": line.position})
    return missing


def _names_what_is_missing(order: Order) -> str:
    return _now("Still missing: %(what)s.") % {"what": "; ".join(missing_in(order))}


@condition(_names_what_is_missing)
def is_complete(order: Order) -> bool:
    """Contact, delivery address, and in each line product, specification, quantity, unit and price."""
    return not missing_in(order)


@condition(_("A second person reviews the order: not one who entered, changed or submitted it."))
def is_second_person(order: Order) -> bool:
    """Four eyes. The machine tells who acts; the database refuses the same person too."""
    actor = getattr(order, "acting_user", None)
    return actor is None or actor.pk not in order.hands


def _names_what_holds_it(order: Order) -> str:
    payment = order.payments.holding().select_related("customer").first()
    assert payment is not None
    return _now(
        "Order %(order)s is held: %(payment)s over %(amount)s (%(kind)s) is not confirmed yet, it is “%(state)s”."
    ) % {
        "order": order.number,
        "payment": payment.number,
        "amount": formats.money(payment.amount, payment.currency),
        "kind": payment.get_kind_display(),
        "state": payment.get_status_display(),
    }


@condition(_names_what_holds_it)
def is_not_held(order: Order) -> bool:
    """Goods leave when what must be paid beforehand has been confirmed or waived (ORD-3)."""
    return not order.payments.holding().exists()


def _names_what_is_owed(order: Order) -> str:
    owed = [one.number for one in order.payments.all() if one.is_open]
    return _now("Not settled yet: %(payments)s.") % {"payments": ", ".join(owed)}


@condition(_names_what_is_owed)
def is_settled(order: Order) -> bool:
    """Every payment of the order is confirmed or waived."""
    return not any(one.is_open for one in order.payments.all())
