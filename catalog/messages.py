"""What colleagues hear about stock: shipped texts that an administrator may change."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from catalog.models import Product, Restock
from catalog.selectors import visible_products, visible_restocks
from foundation.accounts.audiences import Recipient, register_audience, staff_recipient
from foundation.accounts.routing import staff_in_role
from foundation.notifications.defaults import Text, register_message
from foundation.notifications.manners.kinds import register_kind
from foundation.notifications.placeholders import register_event_placeholders, register_placeholders
from foundation.notifications.subjects import register_subject

STAFF = ("inbox", "email")


def stock_keepers(event: Any, subject: Any) -> list[Recipient]:
    """The order desk and logistics, except whoever moved the stock and knows it."""
    found = {user.pk: user for role in ("order desk", "logistics") for user in staff_in_role(role)}
    found.pop(event.actor_id, None)
    return [staff_recipient(user) for user in found.values()]


def _product_values(product: Product, recipient: Recipient) -> dict[str, Any]:
    return {"product_name": product.name_in(recipient.language)}


def _restock_values(restock: Restock, recipient: Recipient) -> dict[str, Any]:
    return {"product_name": restock.product.name_in(recipient.language), "sku": restock.product.sku}


def _level(event: Any, _subject: Any, recipient: Recipient) -> dict[str, Any]:
    facts = event.facts
    unit = facts.get("unit") or {}
    symbol = unit.get(recipient.language) or unit.get("en", "") if isinstance(unit, dict) else str(unit)
    return {"on_hand": f"{facts.get('on_hand', '')} {symbol}", "minimum": f"{facts.get('minimum', '')} {symbol}"}


def register() -> None:
    """Called once, when the application starts."""
    register_kind(
        "stock",
        nouns=("product", "stock", "restock", "price"),
        names={"en": "Stock", "de": "Lagerbestand", "zh-hans": "库存", "zh-hant": "庫存"},
    )
    register_audience("stock_keepers", _("Order desk and logistics, except who moved the stock"), stock_keepers)
    register_subject(Product, visible=visible_products, nouns=("stock", "price"), composer=False)
    register_subject(Restock, visible=visible_restocks, composer=False)
    names = {"product_name": _("Name of the product")}
    register_placeholders(Product, _product_values, names=names)
    register_placeholders(Restock, _restock_values, names={**names, "sku": _("Article number")})
    register_event_placeholders(
        "stock.fell_short",
        _level,
        names={"on_hand": _("Quantity on hand, with unit"), "minimum": _("Minimum stock, with unit")},
    )
    register_message(
        "stock_fell_short", event="stock.fell_short", audience="stock_keepers", channels=STAFF, texts=FELL_SHORT
    )


FELL_SHORT = {
    "en": Text(
        "{number} is below its minimum stock",
        "{product_name} ({number}) has fallen below its minimum stock.\n\nOn hand: {on_hand}\nMinimum: {minimum}\n\n{link}",
        "{number}: {on_hand} on hand, minimum {minimum}.",
    ),
    "de": Text(
        "{number} liegt unter dem Mindestbestand",
        "{product_name} ({number}) ist unter den Mindestbestand gefallen.\n\nBestand: {on_hand}\nMindestbestand: {minimum}\n\n{link}",
        "{number}: Bestand {on_hand}, Mindestbestand {minimum}.",
    ),
    "zh-hans": Text(
        "{number} 低于最低库存",
        "{product_name}（{number}）已低于最低库存。\n\n现有库存：{on_hand}\n最低库存：{minimum}\n\n{link}",
        "{number}：现有 {on_hand}，最低 {minimum}。",
    ),
    "zh-hant": Text(
        "{number} 低於最低庫存",
        "{product_name}（{number}）已低於最低庫存。\n\n現有庫存：{on_hand}\n最低庫存：{minimum}\n\n{link}",
        "{number}：現有 {on_hand}，最低 {minimum}。",
    ),
}
