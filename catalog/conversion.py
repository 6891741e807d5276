"""From one unit to another, for one product."""

from __future__ import annotations

from decimal import Decimal

from catalog.models import Product, Unit


def content_of(product: Product, unit: Unit) -> Decimal | None:
    """How much of the product's own unit one `unit` of it is; None when nobody knows, which is worth a warning.

    Reads `product.packs` and `product.unit`: prefetch them for many products.
    """
    own = product.unit
    if unit.pk == own.pk:
        return Decimal(1)
    for pack in product.packs.all():
        if pack.unit_id == unit.pk:
            return pack.quantity
    if unit.dimension == own.dimension and unit.factor and own.factor:
        return unit.factor / own.factor
    return None


def convert(product: Product, quantity: Decimal, source: Unit, target: Unit) -> Decimal | None:
    """`quantity` of `source` counted in `target`; None when the units do not match for this product."""
    first, second = content_of(product, source), content_of(product, target)
    return None if first is None or not second else quantity * first / second
