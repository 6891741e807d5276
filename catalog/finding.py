"""Products by need: those that fit, and those that nearly do, each with the reasons.

Two looks at the database, both bounded: products that have everything asked for, then those within the tolerances of the
catalogue policy. What is found is measured and put in order here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.conversion import content_of
from catalog.days import company_today
from catalog.models import Attribute, CataloguePolicy, Price, Product, ProductPicture, ProductValue, Unit
from catalog.selectors import NO_STOCK, Availability, best_price, main_pictures, stock_of
from foundation.ui import formats

MOST_EXACT, MOST_NEAR, MOST_SHOWN = 200, 300, 40
HUNDRED = Decimal(100)
HALF = Decimal("0.5")


@dataclass(frozen=True)
class Demand:
    """What one attribute should be: within `least` and `most`, or one of the options; by the attribute's code."""

    least: Decimal | None = None
    most: Decimal | None = None
    options: tuple[str, ...] = ()
    at_least: str = ""
    truth: bool | None = None


@dataclass(frozen=True)
class Need:
    """What somebody looks for. Empty parts ask for nothing."""

    family: int | None = None
    text: str = ""
    demands: Mapping[str, Demand] = field(default_factory=dict)
    budget: Decimal | None = None
    budget_unit: Unit | None = None
    currency: str = "USD"
    price_list: int | None = None
    quantity: Decimal | None = None
    unit: Unit | None = None
    needed_on: dt.date | None = None
    leave_out: int | None = None


@dataclass
class Reason:
    """One thing to say about a product: `in-time` for what speaks for it, `soon` and `late` for what does not."""

    text: str
    state: str = "plain"


@dataclass
class Found:
    """A product that was found, with its price and stock, and why it stands where it stands."""

    product: Product
    stock: Availability
    price: Decimal | None = None
    quantity: Decimal | None = None
    reasons: list[Reason] = field(default_factory=list)
    penalty: Decimal = Decimal(0)
    misses: int = 0
    picture: ProductPicture | None = None

    def miss(self, text: str, share: Decimal, state: str = "soon") -> None:
        """Something is not as asked for, by so much."""
        self.reasons.append(Reason(text, state))
        self.penalty += share
        self.misses += 1


def find_products(products: QuerySet[Product], need: Need, *, today: dt.date | None = None) -> list[Found]:
    """At most forty products, the best first. Nine queries, whatever is found."""
    attributes = list(_asked_attributes(need))
    base = products.filter(is_active=True)
    if need.family:
        base = base.filter(family=need.family)
    if need.leave_out:
        base = base.exclude(pk=need.leave_out)
    if need.text:
        base = base.search(need.text)  # type: ignore[attr-defined]
    today = today or company_today()
    exact = _narrow(base, need, attributes, today, tolerance=None).order_by("name", "pk")[:MOST_EXACT]
    candidates = list(exact.prefetch_related("packs__unit"))
    if need.demands or need.budget is not None:
        near = _narrow(base, need, attributes, today, tolerance=CataloguePolicy.current().number_band_percent)
        near = near.exclude(pk__in=[one.pk for one in candidates]).order_by("name", "pk")[:MOST_NEAR]
        candidates += near.prefetch_related("packs__unit")
    return _measured(candidates, need, attributes, today)


def _asked_attributes(need: Need) -> QuerySet[Attribute]:
    rows = Attribute.objects.filter(code__in=list(need.demands)).prefetch_related("options")
    return rows.filter(family=need.family) if need.family else rows


# ---------------------------------------------------------------- the two looks


def _narrow(
    base: QuerySet[Product], need: Need, attributes: Sequence[Attribute], today: dt.date, *, tolerance: int | None
) -> QuerySet[Product]:
    """Products that have what is asked for; within a tolerance, those whose numbers are near, whatever their options."""
    rows = base.select_related("family", "unit")
    for code, demand in need.demands.items():
        mine = [one for one in attributes if one.code == code]
        condition = _within(mine, demand, tolerance)
        if condition is not None:
            values = ProductValue.objects.filter(condition, product=OuterRef("pk"))
            rows = rows.filter(Exists(values.filter(attribute__in=[one.pk for one in mine])))
    if need.budget is not None and tolerance is None and need.budget_unit is not None:
        prices = Price.objects.valid_on(today).filter(product=OuterRef("pk"), currency=need.currency)
        if need.price_list:
            prices = prices.filter(price_list=need.price_list)
        # a price per other units is counted over later: here it only must not hide the product
        rows = rows.filter(Exists(prices.filter(~Q(unit=need.budget_unit) | Q(amount__lte=need.budget))))
    return rows


def _within(attributes: Iterable[Attribute], demand: Demand, tolerance: int | None) -> Q | None:
    slack = Decimal(tolerance or 0) / HUNDRED
    if demand.least is not None or demand.most is not None:
        condition = Q()
        if demand.least is not None:
            condition &= Q(number__gte=demand.least * (1 - min(slack, Decimal(1))))
        if demand.most is not None:
            condition &= Q(number__lte=demand.most * (1 + slack))
        return condition
    if tolerance is not None:
        return None
    if demand.options:
        return Q(option__code__in=demand.options)
    if demand.at_least:
        ranked = Q()
        for attribute in attributes:
            rank = next((one.position for one in attribute.options.all() if one.code == demand.at_least), None)
            if rank is not None:
                ranked |= Q(attribute=attribute.pk, option__position__gte=rank)
        return ranked or Q(pk=None)
    return Q(truth=demand.truth) if demand.truth is not None else None


# ---------------------------------------------------------------- measuring


def _measured(candidates: list[Product], need: Need, attributes: list[Attribute], today: dt.date) -> list[Found]:
    keys = [one.pk for one in candidates]
    stock = stock_of(keys)
    values: dict[int, dict[str, ProductValue]] = {}
    for row in ProductValue.objects.filter(product__in=keys, attribute__in=attributes).select_related(
        "option", "attribute"
    ):
        values.setdefault(row.product_id, {})[row.attribute.code] = row
    prices: dict[int, list[Price]] = {}
    if need.price_list or need.budget is not None:
        rows = Price.objects.valid_on(today).filter(product__in=keys, currency=need.currency)
        rows = rows.filter(price_list=need.price_list) if need.price_list else rows
        for price in rows.select_related("unit"):
            prices.setdefault(price.product_id, []).append(price)
    by_code: dict[tuple[int, str], Attribute] = {(one.family_id, one.code): one for one in attributes}
    found = []
    for product in candidates:
        one = Found(product, stock.get(product.pk, NO_STOCK), quantity=_in_own(product, need))
        for code, demand in need.demands.items():
            attribute = by_code.get((product.family_id or 0, code))
            if attribute is not None:
                _judge_value(one, attribute, demand, values.get(product.pk, {}).get(code))
        if _judge_price(one, need, prices.get(product.pk, [])):
            _judge_stock(one, need, today)
            found.append(one)
    return _ranked(found)


def _ranked(found: list[Found]) -> list[Found]:
    for one in found:
        if not one.misses and not one.penalty:
            one.reasons.insert(0, Reason(_("Fits all"), "in-time"))
    found.sort(key=lambda one: (one.misses, one.penalty, one.price is None, one.price or 0, one.product.name))
    shown = found[:MOST_SHOWN]
    pictures = main_pictures([one.product.pk for one in shown])
    for one in shown:
        one.picture = pictures.get(one.product.pk)
    return shown


def _in_own(product: Product, need: Need) -> Decimal | None:
    """The wanted quantity in the product's own unit; None where it is not said or cannot be counted over."""
    if need.quantity is None:
        return None
    content = content_of(product, need.unit) if need.unit is not None else Decimal(1)
    return need.quantity * content if content is not None else None


def _judge_value(one: Found, attribute: Attribute, demand: Demand, row: ProductValue | None) -> None:
    if row is None:
        one.miss(_("%(attribute)s unknown") % {"attribute": attribute}, Decimal(1), "plain")
        return
    if row.number is not None:
        _judge_number(one, attribute, demand, row.number)
        return
    said = f"{attribute} {attribute.say(row.value)}"
    if demand.options and row.option is not None and row.option.code not in demand.options:
        one.miss(said, Decimal(1))
    elif demand.at_least and row.option is not None:
        options = list(attribute.options.all())
        rank = next((place for place, option in enumerate(options) if option.code == demand.at_least), None)
        mine = next((place for place, option in enumerate(options) if option.pk == row.option_id), 0)
        if rank is not None and mine < rank:
            one.miss(said, Decimal(rank - mine) / 2, "late")
    elif demand.truth is not None and row.truth is not None and row.truth != demand.truth:
        one.miss(said, Decimal(1))


def _judge_number(one: Found, attribute: Attribute, demand: Demand, number: Decimal) -> None:
    low, high = demand.least, demand.most
    if low is not None and number < low:
        by = formats.quantity(low - number, attribute.unit)
        text = _("%(attribute)s: %(by)s less") % {"attribute": attribute, "by": by}
        one.miss(text, (low - number) / (low or 1))
    elif high is not None and number > high:
        by = formats.quantity(number - high, attribute.unit)
        text = _("%(attribute)s: %(by)s more") % {"attribute": attribute, "by": by}
        one.miss(text, (number - high) / (high or 1))


def _judge_price(one: Found, need: Need, prices: list[Price]) -> bool:
    """Note the price; False for one that is too far over the budget to be shown."""
    unit = need.budget_unit or one.product.unit
    best = best_price(one.product, prices, unit, _counted(one, unit))
    if best is not None:
        one.price = best[0]
    if need.budget is None:
        return True
    if one.price is None:
        words = {"currency": need.currency, "unit": unit.symbol_in(get_language() or "en")}
        one.miss(_("No price in %(currency)s per %(unit)s") % words, Decimal(1), "plain")
        return True
    if one.price <= need.budget:
        return True
    over = (one.price - need.budget) * HUNDRED / (need.budget or 1)
    if over > CataloguePolicy.current().budget_over_percent:
        return False
    one.miss(_("%(percent)s over the budget") % {"percent": formats.percent(over, 0)}, over / HUNDRED)
    return True


def _counted(one: Found, unit: Unit) -> Decimal | None:
    """The wanted quantity in the unit of the budget, for its quantity steps."""
    content = content_of(one.product, unit)
    return one.quantity / content if one.quantity is not None and content else None


def _judge_stock(one: Found, need: Need, today: dt.date) -> None:
    stock, symbol = one.stock, one.product.unit.symbol_in(get_language() or "en")
    if not stock.is_tracked:
        one.reasons.append(Reason(_("Made to order or stock not kept"), "plain"))
        return
    wanted = one.quantity or Decimal(0)
    have = formats.quantity(max(stock.available, Decimal(0)), symbol)
    if need.quantity is not None and one.quantity is None and stock.available > 0:
        # nobody knows how many pieces are so many square metres
        one.miss(_("In stock %(quantity)s: not comparable with what is wanted") % {"quantity": have}, HALF, "plain")
        return
    if stock.available > 0 and stock.available >= wanted:
        one.reasons.append(Reason(_("In stock %(quantity)s") % {"quantity": have}, "in-time"))
        return
    shortage = _("Only %(quantity)s in stock") % {"quantity": have} if stock.available > 0 else _("Out of stock")
    total, enough_on = stock.available, None
    for restock in stock.expected:
        total += restock.quantity
        if enough_on is None and total >= wanted and total > 0 and restock.expected_on >= today:
            enough_on = restock.expected_on
    if enough_on is not None and (need.needed_on is None or enough_on <= need.needed_on):
        one.reasons.append(Reason(shortage, "soon"))
        one.penalty += Decimal("0.1")
    elif enough_on is not None:
        one.miss(shortage, HALF, "late")
    else:
        one.miss(shortage, Decimal(1) if need.quantity is not None else HALF, "late")
    one.reasons += [Reason(_restock_words(restock, symbol, today)) for restock in stock.expected]


def _restock_words(restock: Any, symbol: str, today: dt.date) -> str:
    words = {"quantity": formats.quantity(restock.quantity, symbol), "day": formats.day(restock.expected_on)}
    if restock.expected_on < today:
        return _("Restock %(quantity)s was due on %(day)s") % words
    return _("Restock %(quantity)s on %(day)s") % words
