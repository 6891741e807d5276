"""A product of the catalogue on its way to a quote, and the stock behind each line while somebody types it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.alternatives import Shortage, shortage_of
from catalog.conversion import content_of
from catalog.currencies import CURRENCIES
from catalog.days import company_today
from catalog.models import PriceList, Product
from catalog.selectors import NO_STOCK, all_units, stock_of, unit_price, unit_symbol, visible_products
from foundation.ui import formats
from foundation.ui.numbers import read_decimal

# What an address may say of a line to be put on a quote, kept while the customer or the quote is chosen.
ASKED = ("product", "quantity", "unit", "currency", "price_list")
LIST_PRICE = "list"
# Lines of one paper for which alternatives are looked up; the others are told that there is too little.
MOST_LOOKED_UP = 3
LARGEST = Decimal(10) ** 11


@dataclass(frozen=True)
class Hint:
    """What to know about a line's stock: a sentence, and products that could stand in. It blocks nothing."""

    text: str
    alternatives: list[dict[str, str]]


def asked_currency(request: HttpRequest) -> str:
    """The currency that the address names, or dollars."""
    asked = request.GET.get("currency", "")
    return asked if asked in CURRENCIES else "USD"


def asked_line(request: HttpRequest, *, currency: str) -> list[dict[str, Any]]:
    """The line that the address asks for, as a row of the form: none or one."""
    text = request.GET.get("product", "")
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        return []
    rows = visible_products(request.user).select_related("unit").prefetch_related("packs__unit")
    product = rows.filter(pk=int(text)).first()
    if product is None:
        return []
    unit = all_units().get(request.GET.get("unit", "")) or product.unit
    if content_of(product, unit) is None:
        unit = product.unit
    quantity = _plain(request.GET.get("quantity", ""))
    wanted = request.GET.get("price_list", "")
    is_key = wanted.isascii() and wanted.isdigit() and len(wanted) < 18
    code = PriceList.objects.filter(pk=int(wanted)).values_list("code", flat=True).first() if is_key else None
    price = unit_price(
        product,
        price_list=code or LIST_PRICE,
        currency=currency,
        unit=unit,
        quantity=quantity,
        on=company_today(),
    )
    return [{"sku": product.sku, "quantity": quantity, "unit": unit.code, "unit_price": price}]


def _plain(text: str) -> Decimal | None:
    """A quantity as addresses carry it; None for anything else."""
    try:
        value = Decimal(text[:20]) if text.isascii() else None
    except ArithmeticError:
        return None
    return value if value is not None and value.is_finite() and 0 < value < LARGEST else None


# ---------------------------------------------------------------- hints


def give_hints(user: Any, forms: Iterable[Any]) -> None:
    """Set `stock_hint` on each form of a line that asks for more than there is. Four queries, and those of alternatives."""
    rows = [(form, *_typed(form)) for form in forms]
    wanted = {sku for _form, sku, quantity, _unit in rows if sku and quantity}
    if not wanted:
        return
    found = visible_products(user).filter(sku__in=wanted).select_related("unit", "family")
    products = {one.sku: one for one in found.prefetch_related("packs__unit")}
    stock = stock_of([one.pk for one in products.values()])
    left = MOST_LOOKED_UP
    for form, sku, quantity, unit in rows:
        product = products.get(sku)
        own = _in_own(product, quantity, unit) if product is not None and quantity else None
        if product is None or own is None or not stock.get(product.pk, NO_STOCK).lacks(own):
            continue
        if left > 0 and (shortage := shortage_of(visible_products(user), product, own)) is not None:
            form.stock_hint = hint_of(shortage)
            left -= 1
        else:
            form.stock_hint = Hint(_too_little(product, stock[product.pk].available), [])


def _typed(form: Any) -> tuple[str, Decimal | None, str]:
    sku, quantity, unit = (form[name].value() for name in ("sku", "quantity", "unit"))
    if isinstance(quantity, str):
        try:
            quantity = read_decimal(quantity[:40])
        except ValueError:
            quantity = None
    if quantity is not None and not 0 < quantity < LARGEST:
        quantity = None
    return str(sku or "").strip(), quantity, str(unit or "")


def _in_own(product: Product, quantity: Decimal, code: str) -> Decimal | None:
    unit = all_units().get(code) if code else product.unit
    content = content_of(product, unit) if unit is not None else None
    return quantity * content if content is not None else None


def _too_little(product: Product, available: Decimal) -> str:
    have = formats.quantity(max(available, Decimal(0)), unit_symbol(product.unit.code))
    return _("Only %(quantity)s available.") % {"quantity": have}


def hint_of(shortage: Shortage) -> Hint:
    """A shortage in words for whoever writes the line."""
    text, restock = _too_little(shortage.product, shortage.stock.available), shortage.restock
    if restock is not None:
        quantity = formats.quantity(restock.quantity, unit_symbol(shortage.product.unit.code))
        words = {"quantity": quantity, "day": formats.day(restock.expected_on)}
        is_overdue = restock.expected_on < company_today()  # nobody should promise a day that has passed
        said = (
            _("%(quantity)s were expected on %(day)s and are overdue.")
            if is_overdue
            else _("%(quantity)s expected on %(day)s.")
        )
        text = f"{text} {said % words}"
    return Hint(
        text,
        [
            {
                "sku": one.product.sku,
                "name": one.product.name_in(get_language() or "en"),
                "url": one.product.get_absolute_url(),
                "stock": formats.quantity(one.stock.available, unit_symbol(one.product.unit.code)),
            }
            for one in shortage.alternatives
        ],
    )
