"""The ledger of stock: each movement is a row, and the levels follow in the same transaction.

The product's `Stock` row is locked first, then the level of the place: whoever moves the same product waits here.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import CataloguePolicy, Product, Restock, Stock, StockLevel, StockMovement, StockPlace
from foundation.journal.machine import Refused
from foundation.journal.services import record
from foundation.ui import formats

Kind = StockMovement.Kind
THOUSANDTH = Decimal("0.001")
MOST = Decimal(10) ** 11
EVENTS = {Kind.RECEIPT: "stock.received", Kind.ISSUE: "stock.issued", Kind.CORRECTION: "stock.corrected"}


def rounded(quantity: Decimal) -> Decimal:
    """As the ledger counts: in thousandths."""
    return quantity.quantize(THOUSANDTH, ROUND_HALF_UP)


@transaction.atomic
def move_stock(
    product: Product,
    *,
    actor: Any,
    place: StockPlace,
    kind: str,
    quantity: Decimal,
    reason: str = "",
    reference: str = "",
    restock: Restock | None = None,
) -> StockMovement:
    """Enter a receipt or an issue (a positive `quantity`), or a correction (signed, with its reason), in the product's unit.

    Raises Refused, and nothing has changed, for a quantity of nothing, a correction without a reason, and more than is there.
    """
    stock, level = _locked(product, place)
    quantity = rounded(abs(quantity) if kind != Kind.CORRECTION else quantity)
    if quantity == 0 or abs(quantity) >= MOST:
        raise Refused(_("Enter a quantity."), reason="input", field="quantity")
    return _enter(stock, level, kind, -quantity if kind == Kind.ISSUE else quantity, actor, reason, reference, restock)


@transaction.atomic
def count_stock(
    product: Product, *, actor: Any, place: StockPlace, counted: Decimal, reason: str, reference: str = ""
) -> StockMovement | None:
    """Set a place to what was counted there: a correction by the difference, or nothing when the books were right."""
    stock, level = _locked(product, place)
    difference = rounded(counted) - level.on_hand
    if difference == 0:
        return None
    return _enter(stock, level, Kind.CORRECTION, difference, actor, reason, reference, None)


@transaction.atomic
def set_minimum(product: Product, *, actor: Any, minimum: Decimal | None) -> Stock:
    """How much there should always be; None for no minimum."""
    stock = _stock(product)
    before, stock.minimum = stock.minimum, rounded(minimum) if minimum is not None else None
    if stock.minimum == before:
        return stock
    fell = stock.tell_short()
    stock.save(update_fields=["minimum", "is_short", "changed_at"])
    facts = {"minimum": formats_plain(stock.minimum) if stock.minimum is not None else "–", **_unit(product)}
    record("stock.minimum_set", product, actor=actor, facts=facts)
    if fell:
        _tell_short(stock, product, actor)
    return stock


def _locked(product: Product, place: StockPlace) -> tuple[Stock, StockLevel]:
    stock = _stock(product)
    StockLevel.objects.get_or_create(product=product, place=place)
    level = StockLevel.objects.select_for_update(of=("self",)).get(product=product, place=place)
    return stock, level


def _stock(product: Product) -> Stock:
    Stock.objects.get_or_create(product=product)
    return Stock.objects.select_for_update(of=("self",)).get(product=product)


def _enter(
    stock: Stock,
    level: StockLevel,
    kind: str,
    quantity: Decimal,
    actor: Any,
    reason: str,
    reference: str,
    restock: Restock | None,
) -> StockMovement:
    reason = reason.strip()
    if kind == Kind.CORRECTION and not reason:
        raise Refused(_("Say why the books are corrected."), reason="input", field="reason")
    after = level.on_hand + quantity
    if after < 0 and quantity < 0 and not CataloguePolicy.current().allows_negative_stock:
        words = {"place": level.place, "quantity": formats.quantity(level.on_hand, stock.product.unit.symbol)}
        raise Refused(_("There is only %(quantity)s at “%(place)s”.") % words, reason="input", field="quantity")
    level.on_hand, stock.on_hand = after, stock.on_hand + quantity
    level.save(update_fields=["on_hand"])
    fell = stock.tell_short()
    stock.save(update_fields=["on_hand", "is_short", "changed_at"])
    movement = StockMovement.objects.create(
        product=stock.product,
        place=level.place,
        kind=kind,
        quantity=quantity,
        level_after=after,
        reason=reason[:200],
        reference=reference.strip()[:120],
        restock=restock,
        actor=actor if getattr(actor, "pk", None) else None,
    )
    shown = quantity if kind == Kind.CORRECTION else abs(quantity)
    facts = {
        "quantity": f"{'+' if kind == Kind.CORRECTION and shown > 0 else ''}{formats_plain(shown)}",
        "place": _names(level.place),
        "on_hand": formats_plain(stock.on_hand),
        "reference": movement.reference,
        **_unit(stock.product),
    }
    private = {"reason": movement.reason} if movement.reason else None
    record(EVENTS[Kind(kind)], stock.product, actor=actor, facts=facts, private=private)
    if fell:
        _tell_short(stock, stock.product, actor)
    return movement


def _tell_short(stock: Stock, product: Product, actor: Any) -> None:
    facts = {"on_hand": formats_plain(stock.on_hand), "minimum": formats_plain(stock.minimum or Decimal(0))}
    record("stock.fell_short", product, actor=actor, facts={**facts, **_unit(product)})


def formats_plain(value: Decimal) -> str:
    """A quantity as facts keep it: without superfluous zeros."""
    return f"{value.normalize():f}"


def _unit(product: Product) -> dict[str, Any]:
    unit = product.unit
    return {"unit": {code: unit.symbol_in(code) for code in ("en", "de", "zh-hans", "zh-hant")}}


def _names(place: StockPlace) -> dict[str, str]:
    return {code: place.name_in(code) for code in ("en", "de", "zh-hans", "zh-hant")}
