"""What a product's page says below its facts: pictures, attributes, stock, prices."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from catalog.alternatives import Shortage, shortage_of
from catalog.days import company_today
from catalog.models import Price, Product, ProductValue, Restock, StockLevel, StockMovement
from catalog.selectors import NO_STOCK, price_per, stock_of, stock_wishes, unit_symbol, visible_products
from foundation.ui import formats, html, parts
from foundation.ui.ahead import Wish, wish
from foundation.ui.prepared import prepared

MOST_MOVEMENTS = 6
LEAST = Decimal("0.001")  # what an empty shelf lacks


def _section(title: str, template: str, context: dict[str, Any], anchor: str, action: Any = None) -> parts.Section:
    return parts.Section(title, mark_safe(render_to_string(template, context)), anchor, action)


def pictures_section(product: Product, user: Any) -> parts.Section:
    """The pictures, the main one large."""
    language = get_language() or "en"
    pictures = [
        {"url": one.url, "small_url": one.small_url, "alt": one.alt_in(language) or product.name_in(language), "width": one.width, "height": one.height}
        for one in product.pictures.all()
    ]  # fmt: skip
    action = None
    if user.has_perm("catalog.change_product"):
        action = parts.Action(
            _("Change pictures"), reverse("catalog:product-pictures", args=[product.pk]), icon="photo"
        )
    return _section(_("Pictures"), "catalog/parts/pictures.html", {"pictures": pictures}, "pictures", action)


@prepared
def _values(product_id: int) -> QuerySet[ProductValue]:
    rows = ProductValue.objects.filter(product=product_id).select_related("attribute", "option")
    return rows.order_by("attribute__position", "attribute__pk")


@prepared
def _prices(product_id: int, today: dt.date) -> QuerySet[Price]:
    rows = Price.objects.filter(product=product_id).exclude(valid_until__lt=today)
    return rows.select_related("price_list", "unit").order_by(
        "price_list__code", "currency", "min_quantity", "valid_from"
    )


@prepared
def _levels(product_id: int) -> QuerySet[StockLevel]:
    rows = StockLevel.objects.filter(product=product_id).exclude(on_hand=0)
    return rows.select_related("place").order_by("place")


@prepared
def _last_movements(product_id: int) -> QuerySet[StockMovement]:
    rows = StockMovement.objects.filter(product=product_id).select_related("place", "actor")
    return rows.order_by("-pk")[:MOST_MOVEMENTS]


def wishes(product: Product, today: dt.date) -> list[Wish]:
    """What the sections below are about to ask, so that the page asks once for all."""
    own = [wish(ask, product.pk) for ask in (_values, _levels, _last_movements)]
    return [*own, wish(_prices, product.pk, today), *stock_wishes([product.pk])]


def values_section(product: Product, edit_url: str) -> parts.Section | None:
    """What the product has of its family's attributes, in the reader's language."""
    facts = [(capfirst(str(row.attribute)), str(row)) for row in _values(product.pk)]
    if not facts and product.family_id is None:
        return None
    action = parts.Action(_("Change"), edit_url, icon="pencil-square") if edit_url else None
    return _section(_("Attributes"), "catalog/parts/values.html", {"facts": facts}, "attributes", action)


# ---------------------------------------------------------------- prices


def price_state(price: Price, today: dt.date) -> object:
    """In force, coming, ended, as a badge."""
    if price.valid_from > today:
        return html.badge(pgettext("price", "Coming"), "soon")
    if price.valid_until is not None and price.valid_until < today:
        return html.badge(pgettext("price", "Ended"), "done")
    return html.badge(pgettext("price", "In force"), "in-time")


def money_text(amount: Any, currency: str) -> str:
    """A price with its third and fourth decimal only where it has them."""
    digits = max(2, -int(amount.normalize().as_tuple().exponent))
    return formats.money(amount, currency, min(4, digits))


def _derived(product: Product, price: Price) -> list[str]:
    """The same price per pack."""
    found = []
    for pack in product.packs.all():
        amount = price_per(product, price, pack.unit) if pack.unit_id != price.unit_id else None
        if amount is not None:
            found.append(f"{formats.money(amount, price.currency)} / {unit_symbol(pack.unit.code)}")
    return found


def _validity(price: Price) -> str:
    words = {"from": formats.day(price.valid_from)}
    if price.valid_until is None:
        return _("from %(from)s on") % words
    return _("%(from)s – %(until)s") % {**words, "until": formats.day(price.valid_until)}


def prices_section(product: Product, user: Any, today: dt.date) -> parts.Section:
    """Prices in force and coming, with what they are per pack."""
    may = user.has_perm("catalog.change_price")
    prices = []
    for price in _prices(product.pk, today):
        unit = unit_symbol(price.unit.code)
        prices.append(
            {
                "list": str(price.price_list),
                "amount": f"{money_text(price.amount, price.currency)} / {unit}",
                "derived": " · ".join(_derived(product, price)),
                "step": _("from %(quantity)s") % {"quantity": formats.quantity(price.min_quantity, unit)}
                if price.min_quantity
                else "",
                "validity": _validity(price),
                "state": price_state(price, today),
                "edit_url": reverse("catalog:price-edit", args=[price.pk]) if may and price.valid_from > today else "",
                "end_url": reverse("catalog:price-end", args=[price.pk]) if may else "",
            }
        )
    action = None
    if user.has_perm("catalog.add_price"):
        action = parts.Action(_("Add a price"), reverse("catalog:price-new", args=[product.pk]), icon="plus")
    context = {"prices": prices, "may": may, "all_url": f"{reverse('catalog:prices')}?view=all&product={product.pk}"}
    return _section(pgettext("catalogue", "Prices"), "catalog/parts/prices.html", context, "prices", action)


# ---------------------------------------------------------------- stock


def stock_section(product: Product, user: Any, today: dt.date) -> parts.Section:
    """What there is and where, what is to come, the last movements, and alternatives where it is short."""
    stock = stock_of([product.pk]).get(product.pk, NO_STOCK)
    symbol = unit_symbol(product.unit.code)
    levels = _levels(product.pk) if stock.is_tracked else []
    shortage = None
    if stock.is_tracked and (stock.is_short or stock.available <= 0):
        shortage = shortage_of(visible_products(user), product, stock.minimum or LEAST, today=today)
    context = {
        "is_tracked": stock.is_tracked,
        "available": formats.quantity(stock.available, symbol),
        "reserved": formats.quantity(stock.reserved, symbol) if stock.reserved else "",
        "on_hand": formats.quantity(stock.on_hand, symbol),
        "minimum": formats.quantity(stock.minimum, symbol) if stock.minimum is not None else "",
        "badge": stock_badge(stock),
        "levels": [(str(one.place), formats.quantity(one.on_hand, symbol)) for one in levels],
        "restocks": [restock_row(one, symbol, today) for one in stock.expected],
        "movements": _movements(product, symbol) if stock.is_tracked else [],
        "ledger_url": f"{reverse('catalog:movements')}?product={product.pk}",
        "buttons": _buttons(product, user),
        "shortage": shortage_words(shortage) if shortage else None,
    }
    return _section(pgettext("catalogue", "Stock"), "catalog/parts/stock.html", context, "stock")


def stock_badge(stock: Any) -> object:
    """In a word: enough, below the minimum, nothing there, not kept."""
    if not stock.is_tracked:
        return html.badge(_("Stock not kept"), "plain")
    if stock.available <= 0:
        return html.badge(_("Out of stock"), "late")
    if stock.is_short:
        return html.badge(_("Below the minimum stock"), "soon")
    return html.badge(pgettext("quantity", "In stock"), "in-time")


def restock_row(restock: Any, symbol: str, today: dt.date) -> dict[str, Any]:
    """One restock as lists within pages show it."""
    is_late = restock.expected_on < today
    return {
        "number": restock.number,
        "url": restock.get_absolute_url(),
        "quantity": formats.quantity(restock.quantity, symbol),
        "day": formats.day(restock.expected_on),
        "reference": restock.reference,
        "badge": html.badge(_("Overdue"), "late") if is_late else "",
    }


def _movements(product: Product, symbol: str) -> list[dict[str, Any]]:
    return [
        {
            "when": html.when(row.moved_at),
            "kind": row.get_kind_display(),
            "quantity": signed(row.quantity, symbol),
            "place": str(row.place),
            "why": " · ".join(part for part in (row.reference, row.reason) if part),
            "who": str(row.actor or ""),
        }
        for row in _last_movements(product.pk)
    ]


def signed(quantity: Any, symbol: str = "") -> str:
    """A movement with its sign."""
    return f"{'+' if quantity > 0 else ''}{formats.quantity(quantity, symbol)}"


def _buttons(product: Product, user: Any) -> list[parts.Action]:
    found = []
    for permission, name, label, icon in (
        ("catalog.add_stockmovement", "stock-move", _("Enter a movement"), "arrow-path"),
        ("catalog.add_restock", "restock-new", _("Expect a restock"), "truck"),
        ("catalog.change_stock", "stock-minimum", _("Minimum stock"), "flag"),
    ):
        if user.has_perm(permission):
            found.append(parts.Action(label, reverse(f"catalog:{name}", args=[product.pk]), icon=icon))
    return found


def shortage_words(shortage: Shortage) -> dict[str, Any]:
    """A shortage with its alternatives as the templates take it, in the reader's language."""
    symbol = unit_symbol(shortage.product.unit.code)
    return {
        "available": formats.quantity(max(shortage.stock.available, Decimal(0)), symbol),
        "restock": _restock_words(shortage.restock, symbol),
        "alternatives": [
            {
                "sku": one.product.sku,
                "name": one.product.name_in(get_language() or "en"),
                "url": one.product.get_absolute_url(),
                "stock": formats.quantity(one.stock.available, unit_symbol(one.product.unit.code)),
                "price": _price_words(one.price_percent),
                "differences": one.differences,
                "picture": one.picture,
            }
            for one in shortage.alternatives
        ],
    }


def _restock_words(restock: Restock | None, symbol: str) -> str:
    if restock is None:
        return _("No restock is expected.")
    words = {"quantity": formats.quantity(restock.quantity, symbol), "day": formats.day(restock.expected_on)}
    if restock.expected_on < company_today():  # nobody should promise a customer a day that has passed
        return _("Restock %(quantity)s was expected on %(day)s and is overdue") % words
    return _("Restock %(quantity)s expected on %(day)s") % words


def _price_words(percent: Any) -> str:
    if percent is None:
        return ""
    if abs(percent) < 1:
        return _("same price")
    words = {"percent": formats.percent(abs(percent), 0)}
    return _("%(percent)s dearer") % words if percent > 0 else _("%(percent)s cheaper") % words
