"""Prices: one is added for a day on, changed before it begins, ended. The past is never rewritten."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.conversion import content_of
from catalog.days import company_today
from catalog.models import Price, PriceList, Product, Unit
from foundation.journal.machine import Refused
from foundation.journal.services import record
from foundation.ui import formats

ONE_DAY = dt.timedelta(days=1)


@transaction.atomic
def add_price(
    product_pk: int,
    *,
    actor: Any,
    price_list: PriceList,
    currency: str,
    unit: Unit,
    amount: Decimal,
    valid_from: dt.date,
    min_quantity: Decimal = Decimal(0),
    valid_until: dt.date | None = None,
    ends_earlier: bool = False,
) -> Price:
    """Add a price. With `ends_earlier`, one of the same kind that began before ends the day before this one begins.

    Raises Refused where two prices would be in force for the same thing, and for a unit that nobody can convert.
    """
    product = _locked(product_pk)
    price = Price(
        product=product,
        price_list=price_list,
        currency=currency,
        unit=unit,
        amount=amount,
        min_quantity=min_quantity,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    _refuse_unknown_unit(product, unit)
    if ends_earlier:
        _end_earlier(price)
    _refuse_senseless(price)
    price.save(force_insert=True)
    record("price.added", product, actor=actor, facts=_facts(price))
    return price


@transaction.atomic
def change_price(pk: int, *, actor: Any, **values: Any) -> Price:
    """Write a price anew that has not begun. Raises Refused for one that has, and for overlaps."""
    price, product = _price(pk)
    if price.valid_from <= company_today():
        raise Refused(
            _("This price is in force since %(day)s. Enter a new one from a day on: this one then ends the day before.")
            % {"day": formats.day(price.valid_from)}
        )
    before = _facts(price)
    ends_earlier = values.pop("ends_earlier", False)
    for name, value in values.items():
        setattr(price, name, value)
    _refuse_unknown_unit(product, price.unit)
    if ends_earlier:
        _end_earlier(price)
    _refuse_senseless(price)
    if _facts(price) != before:
        price.save()
        record("price.changed", product, actor=actor, facts={**_facts(price), "before": before})
    return price


@transaction.atomic
def end_price(pk: int, *, actor: Any, on: dt.date) -> None:
    """Let `on` be the last day of a price; one that has not begun by then is taken away. Raises Refused for days gone by."""
    price, product = _price(pk)
    today = company_today()
    if price.valid_from > on:
        if price.valid_from <= today:
            raise Refused(_("A price that was in force stays in the list: end it today at the earliest."), field="on")
        record("price.withdrawn", product, actor=actor, facts=_facts(price))
        price.delete()
        return
    if on < today - ONE_DAY:
        raise Refused(_("A price ends yesterday at the earliest: what was quoted stays true."), field="on")
    if price.valid_until is not None and price.valid_until < today:
        raise Refused(_("This price has ended already."), field="on")
    price.valid_until = on
    _refuse_senseless(price)
    price.save(update_fields=["valid_until"])
    record("price.ended", product, actor=actor, facts={**_facts(price), "ended_on": on.isoformat()})


def _locked(pk: int) -> Product:
    return Product.objects.select_for_update(of=("self",)).select_related("unit", "family").get(pk=pk)


def _price(pk: int) -> tuple[Price, Product]:
    """The price, read again after its product is locked."""
    product = _locked(Price.objects.values_list("product", flat=True).get(pk=pk))
    price = Price.objects.select_related("price_list", "unit").get(pk=pk)
    price.product = product
    return price, product


def _end_earlier(price: Price) -> None:
    earlier = Price.objects.clashing_with(price).filter(valid_from__lt=price.valid_from)
    earlier.update(valid_until=price.valid_from - ONE_DAY)


def _refuse_unknown_unit(product: Product, unit: Unit) -> None:
    if content_of(product, unit) is None:
        raise Refused(
            _("Nobody has said how much “%(unit)s” of this product is: enter a pack first.") % {"unit": unit},
            reason="input",
            field="unit",
        )


def _refuse_senseless(price: Price) -> None:
    if price.valid_until is not None and price.valid_until < price.valid_from:
        raise Refused(_("The last day comes before the first."), reason="input", field="valid_until")
    other = Price.objects.clashing_with(price).order_by("valid_from").first()
    if other is None:
        return
    until = formats.day(other.valid_until) if other.valid_until else _("without end")
    words = {
        "amount": formats.money(other.amount, other.currency),
        "from": formats.day(other.valid_from),
        "until": until,
    }
    raise Refused(
        _(
            "On the same days %(amount)s is in force for the same type, currency, unit and quantity (%(from)s – %(until)s)."
        )
        % words,
        reason="input",
        field="valid_from",
    )


def _facts(price: Price) -> dict[str, Any]:
    return {
        "amount": f"{price.amount.normalize():f}",
        "currency": price.currency,
        "price_unit": price.unit.symbol,
        "price_list": price.price_list.code,
        "from_quantity": f"{price.min_quantity.normalize():f}",
        "from_on": price.valid_from.isoformat(),
        "until_on": price.valid_until.isoformat() if price.valid_until else "",
    }
