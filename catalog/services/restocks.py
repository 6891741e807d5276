"""What is to come: entered, moved to another day, arrived, called off."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Product, Restock, StockMovement, StockPlace
from catalog.services.stock import formats_plain, move_stock, rounded
from foundation.documents.numbering import next_number
from foundation.journal.machine import Refused, perform
from foundation.journal.services import record


@transaction.atomic
def expect_restock(
    product: Product, *, actor: Any, place: StockPlace, quantity: Decimal, expected_on: dt.date, reference: str = ""
) -> Restock:
    """Enter goods that are on order, in the product's unit. Raises Refused for a quantity of nothing."""
    quantity = rounded(quantity)
    if quantity <= 0:
        raise Refused(_("Enter a quantity."), reason="input", field="quantity")
    restock = Restock(
        number=next_number("restock"),
        product=product,
        place=place,
        quantity=quantity,
        expected_on=expected_on,
        reference=reference.strip()[:120],
        created_by=actor if getattr(actor, "pk", None) else None,
    )
    restock.save(force_insert=True)
    record("restock.expected", restock, actor=actor)
    return restock


@transaction.atomic
def change_restock(pk: int, *, actor: Any, expected_on: dt.date, quantity: Decimal, reference: str = "") -> Restock:
    """Another day, another quantity. Raises Refused once it has arrived or was called off."""
    restock = Restock.objects.select_for_update(of=("self",)).get(pk=pk)
    if restock.status != Restock.Status.EXPECTED:
        raise Refused(_("This restock is no longer expected."))
    before = restock.expected_on
    restock.expected_on, restock.quantity, restock.reference = expected_on, rounded(quantity), reference.strip()[:120]
    if restock.quantity <= 0:
        raise Refused(_("Enter a quantity."), reason="input", field="quantity")
    restock.save(update_fields=["expected_on", "quantity", "reference"])
    record("restock.changed", restock, actor=actor, facts={"before_on": before.isoformat()})
    return restock


@transaction.atomic
def arrive_restock(pk: int, *, actor: Any, quantity: Decimal) -> Restock:
    """The goods are there: `quantity` of them becomes a receipt. Raises Refused when somebody was faster."""
    quantity = rounded(quantity)
    if quantity <= 0:
        raise Refused(_("Enter a quantity."), reason="input", field="quantity")
    facts = {"arrived_quantity": formats_plain(quantity)}
    restock = perform(Restock, pk, "arrive", actor=actor, facts=facts, quantity=quantity, at=timezone.now())
    move_stock(
        restock.product,
        actor=actor,
        place=restock.place,
        kind=StockMovement.Kind.RECEIPT,
        quantity=quantity,
        reference=restock.number,
        restock=restock,
    )
    return restock


def cancel_restock(pk: int, *, actor: Any, reason: str) -> Restock:
    """The goods will not come. Raises Refused."""
    return perform(Restock, pk, "cancel", actor=actor, private={"reason": reason.strip()[:200]}, at=timezone.now())
