"""Questions about products, units and prices."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.translation import get_language

from catalog.models import Price, Product, Unit
from foundation.ui.once import once

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
