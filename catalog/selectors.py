"""Questions about products, units and prices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from catalog.conversion import content_of
from catalog.models import Price, Product, ProductPicture, Restock, Stock, StockPlace, Unit
from catalog.reservations import reserved_of
from foundation.ui.ahead import Wish, wish
from foundation.ui.once import once
from foundation.ui.prepared import prepared

UNITS_CACHE_KEY = "catalog.units"
UNITS_SECONDS = 60


def visible_products(user: Any) -> QuerySet[Product]:
    """Everybody who works here sees the catalogue."""
    return Product.objects.all() if user.has_perm("catalog.view_product") else Product.objects.none()


def all_units() -> dict[str, Unit]:
    """Every unit by its code, at most a minute old."""
    return once(UNITS_CACHE_KEY, _read_units)


def _read_units() -> dict[str, Unit]:
    found: dict[str, Unit] | None = cache.get(UNITS_CACHE_KEY)
    if found is None:
        found = {unit.code: unit for unit in Unit.objects.all()}
        cache.set(UNITS_CACHE_KEY, found, UNITS_SECONDS)
    return found


def unit_symbol(code: str, language: str = "") -> str:
    """What stands behind a number in that language (the active one); the code itself for a unit that nobody defined."""
    unit = all_units().get(code)
    return unit.symbol_in(language or get_language() or "en") if unit else code


def unit_choices() -> list[tuple[str, str]]:
    """Units that forms offer: code, and name with symbol in the active language."""
    language = get_language() or "en"
    found = []
    for code, unit in all_units().items():
        if unit.is_active:
            name, symbol = unit.name_in(language), unit.symbol_in(language)
            found.append((code, name if name == symbol else f"{symbol} · {name}"))
    return found


def price_for(
    product: Product, *, price_list: str, currency: str, quantity: Decimal, on: dt.date, unit: str = ""
) -> Price | None:
    """The price in force: of that type, currency and unit (the product's own), for the largest quantity step reached."""
    rows = Price.objects.valid_on(on).filter(
        product=product, price_list__code=price_list, currency=currency, min_quantity__lte=quantity
    )
    rows = rows.filter(unit__code=unit) if unit else rows.filter(unit=product.unit_id)
    return rows.order_by("-min_quantity", "-valid_from").first()


FOUR_PLACES = Decimal("0.0001")


def price_per(product: Product, price: Price, unit: Unit) -> Decimal | None:
    """A price counted in another unit, to four decimals; None where nobody knows how much that is."""
    theirs, ours = content_of(product, price.unit), content_of(product, unit)
    if not theirs or ours is None:
        return None
    return (price.amount * ours / theirs).quantize(FOUR_PLACES, ROUND_HALF_UP)


def best_price(
    product: Product, prices: Iterable[Price], unit: Unit, quantity: Decimal | None
) -> tuple[Decimal, Price] | None:
    """What one `unit` costs and the price behind it: an own price of that unit first, else one counted over.

    Of the steps that `quantity` (in `unit`) reaches, the largest counts; without a quantity, the first step.
    """
    found: list[tuple[tuple[bool, Decimal, dt.date], Decimal, Price]] = []
    for price in prices:
        amount, theirs, ours = (
            price_per(product, price, unit),
            content_of(product, price.unit),
            content_of(product, unit),
        )
        if amount is None or not theirs or ours is None:
            continue
        if price.min_quantity * theirs > (quantity or Decimal(0)) * ours:
            continue
        found.append(((price.unit_id == unit.pk, price.min_quantity * theirs, price.valid_from), amount, price))
    if not found:
        return None
    _rank, amount, price = max(found, key=lambda one: one[0])
    return amount, price


def unit_price(
    product: Product, *, price_list: str, currency: str, unit: Unit, quantity: Decimal | None, on: dt.date
) -> Decimal | None:
    """What a quote line begins with: the price in force, counted over into `unit` where it must be. Reads `packs`."""
    rows = Price.objects.valid_on(on).filter(product=product, price_list__code=price_list, currency=currency)
    found = best_price(product, rows.select_related("unit"), unit, quantity)
    return found[0] if found else None


# ---------------------------------------------------------------- stock


@dataclass(frozen=True)
class Availability:
    """What there is of a product, in its own unit. `is_tracked` is false where nobody keeps its stock."""

    on_hand: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)
    minimum: Decimal | None = None
    is_short: bool = False
    is_tracked: bool = False
    expected: tuple[Restock, ...] = ()

    @property
    def available(self) -> Decimal:
        """What is not spoken for."""
        return self.on_hand - self.reserved

    def lacks(self, quantity: Decimal) -> bool:
        """Whether it is known that there is less than that."""
        return self.is_tracked and self.available < quantity


NO_STOCK = Availability()


@prepared
def _coming(products: Sequence[int]) -> QuerySet[Restock]:
    rows = Restock.objects.filter(product__in=products, status=Restock.Status.EXPECTED)
    return rows.order_by("expected_on", "pk")


@prepared
def _kept(products: Sequence[int]) -> QuerySet[Stock]:
    return Stock.objects.filter(product__in=products)


def stock_wishes(products: Sequence[int]) -> list[Wish]:
    """The two questions of `stock_of`, to be asked with others."""
    return [wish(_coming, list(products)), wish(_kept, list(products))]


def stock_of(products: Sequence[int]) -> dict[int, Availability]:
    """The stock of many products with what is to come, soonest first. Two queries, and those of the reservations."""
    if not products:
        return {}
    coming: dict[int, list[Restock]] = {}
    for restock in _coming(list(products)):
        coming.setdefault(restock.product_id, []).append(restock)
    reserved = reserved_of(products)
    found = {}
    kept = {row.product_id: row for row in _kept(list(products))}
    for pk in {*kept, *coming, *reserved}:
        row = kept.get(pk)
        found[pk] = Availability(
            row.on_hand if row else Decimal(0),
            reserved.get(pk, Decimal(0)),
            row.minimum if row else None,
            bool(row and row.is_short),
            row is not None,
            tuple(coming.get(pk, ())),
        )
    return found


def places_in_use(also: int | None = None) -> QuerySet[StockPlace]:
    """Where stock can be entered, and a place that a row already has."""
    return StockPlace.objects.filter(Q(is_active=True) | Q(pk=also))


def visible_restocks(user: Any) -> QuerySet[Restock]:
    """Who sees the catalogue's stock sees what is to come."""
    return Restock.objects.all() if user.has_perm("catalog.view_restock") else Restock.objects.none()


def visible_stock(user: Any) -> QuerySet[Stock]:
    """Everybody who works here sees the stock."""
    return Stock.objects.all() if user.has_perm("catalog.view_stock") else Stock.objects.none()


def main_pictures(products: Sequence[int]) -> dict[int, ProductPicture]:
    """The first picture of each of these products. One query."""
    rows = ProductPicture.objects.filter(product__in=products).order_by("product", "position", "pk").distinct("product")
    return {row.product_id: row for row in rows}
