"""What can be offered instead of a product that is short: the same family, near in what counts, in stock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from catalog.days import company_today
from catalog.models import Attribute, CataloguePolicy, Price, Product, ProductPicture, ProductValue, Restock
from catalog.selectors import NO_STOCK, Availability, best_price, main_pictures, stock_of

MOST_LOOKED_AT = 200
HUNDRED = Decimal(100)


@dataclass
class Alternative:
    """A product that could stand in, and what differs."""

    product: Product
    stock: Availability
    distance: Decimal
    differences: list[str]
    price_percent: Decimal | None = None  # how much dearer (or cheaper, negative) it is
    picture: ProductPicture | None = None


@dataclass
class Shortage:
    """That a product is short of a quantity, when more comes, and what could stand in."""

    product: Product
    stock: Availability
    quantity: Decimal
    restock: Restock | None
    alternatives: list[Alternative]


def shortage_of(
    products: QuerySet[Product], product: Product, quantity: Decimal, *, today: dt.date | None = None
) -> Shortage | None:
    """The shortage of `quantity` (in the product's unit), None when there is enough or nobody keeps its stock.

    Two queries where there is enough, ten where there is not.
    """
    stock = stock_of([product.pk]).get(product.pk, NO_STOCK)
    if not stock.lacks(quantity):
        return None
    today = today or company_today()
    return Shortage(
        product,
        stock,
        quantity,
        next_restock(stock, quantity, today),
        alternatives_for(products, product, quantity, today),
    )


def next_restock(stock: Availability, quantity: Decimal, today: dt.date) -> Restock | None:
    """The restock with which there will be enough, else the next one; an overdue one only where there is no other."""
    total = stock.available
    coming = [one for one in stock.expected if one.expected_on >= today] or list(stock.expected)
    for restock in coming:
        total += restock.quantity
        if total >= quantity:
            return restock
    return coming[0] if coming else None


def alternatives_for(
    products: QuerySet[Product], product: Product, quantity: Decimal, today: dt.date | None = None
) -> list[Alternative]:
    """Products of the same family that are in stock, the nearest first; the rule's numbers are the catalogue policy's."""
    policy, today = CataloguePolicy.current(), today or company_today()
    if product.family_id is None:
        return []
    wanted = list(
        ProductValue.objects.filter(product=product, attribute__family=product.family_id)
        .exclude(attribute__asked="")
        .select_related("attribute", "option")
    )
    rows = products.filter(is_active=True, family=product.family_id, unit=product.unit_id, stock__on_hand__gt=0)
    rows = rows.exclude(pk=product.pk).select_related("family", "unit")
    for value in wanted:
        condition = _condition(value, policy)
        if condition is not None:
            mine = ProductValue.objects.filter(product=OuterRef("pk"), attribute=value.attribute_id)
            # a product about which nobody said anything is no worse than unknown
            rows = rows.filter(Exists(mine.filter(condition)) | ~Exists(mine))
    candidates = list(rows.order_by("-stock__on_hand", "pk").prefetch_related("packs__unit")[:MOST_LOOKED_AT])
    return _nearest(product, candidates, wanted, quantity, policy, today)


def _condition(value: ProductValue, policy: CataloguePolicy) -> Q | None:
    is_class = value.attribute.asked == Attribute.Asked.LEAST and policy.same_class_or_higher
    if value.number is not None:
        band = abs(value.number) * policy.number_band_percent / HUNDRED
        least = value.number if is_class else value.number - band
        return Q(number__gte=least) if is_class else Q(number__range=(least, value.number + band))
    if value.option is not None and is_class:
        return Q(option__position__gte=value.option.position)
    return None


def _nearest(
    product: Product,
    candidates: list[Product],
    wanted: Iterable[ProductValue],
    quantity: Decimal,
    policy: CataloguePolicy,
    today: dt.date,
) -> list[Alternative]:
    keys = [one.pk for one in candidates]
    stock = stock_of(keys)
    values: dict[tuple[int, int], ProductValue] = {}
    for row in ProductValue.objects.filter(product__in=keys).select_related("attribute", "option"):
        values[row.product_id, row.attribute_id] = row
    prices: dict[int, list[Price]] = {}
    for price in (
        Price.objects.valid_on(today).filter(product__in=[*keys, product.pk]).select_related("unit", "price_list")
    ):
        prices.setdefault(price.product_id, []).append(price)
    found = []
    for one in candidates:
        available = stock.get(one.pk, NO_STOCK)
        dearer = _dearer(product, one, prices)
        too_far = dearer is not None and abs(dearer) > policy.price_band_percent
        if available.available <= 0 or too_far:
            continue
        distance, differences = Decimal(0), []
        for value in wanted:
            away, words = _away(value, values.get((one.pk, value.attribute_id)))
            distance += away
            if words:
                differences.append(words)
        distance += abs(dearer or Decimal(0)) / HUNDRED
        if available.available < quantity:
            distance += 1
        found.append(Alternative(one, available, distance, differences, dearer))
    found.sort(key=lambda one: (one.distance, one.product.name))
    shown = found[: policy.most_alternatives]
    pictures = main_pictures([one.product.pk for one in shown])
    for alternative in shown:
        alternative.picture = pictures.get(alternative.product.pk)
    return shown


def _away(wanted: ProductValue, has: ProductValue | None) -> tuple[Decimal, str]:
    """How far a value is from the wanted one, and what it is where it differs."""
    if has is None:
        return Decimal("0.5"), ""
    said = f"{has.attribute} {has.attribute.say(has.value)}"
    if wanted.number is not None and has.number is not None:
        if wanted.number == has.number:
            return Decimal(0), ""
        return abs(wanted.number - has.number) / (abs(wanted.number) or 1), said
    if wanted.value == has.value:
        return Decimal(0), ""
    return Decimal("0.5"), said


def _dearer(product: Product, other: Product, prices: dict[int, list[Price]]) -> Decimal | None:
    """By how many per cent it costs more, in the first type and currency in which both have a price."""
    mine = {(one.price_list.code, one.currency): one for one in prices.get(product.pk, ()) if not one.min_quantity}
    for (code, currency), price in sorted(
        mine.items(), key=lambda one: (one[0][0] != "list", one[0][1] != "USD", one[0])
    ):
        theirs = [one for one in prices.get(other.pk, ()) if (one.price_list.code, one.currency) == (code, currency)]
        best = best_price(other, theirs, price.unit, None)
        if best is not None and price.amount:
            return (best[0] - price.amount) * HUNDRED / price.amount
    return None
