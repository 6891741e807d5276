"""The finder and the alternatives."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from catalog import services
from catalog.alternatives import shortage_of
from catalog.days import company_today
from catalog.finding import Demand, Found, Need, find_products
from catalog.models import CataloguePolicy, Family, PriceList, Product, Unit
from tests.accounts.factories import make_user
from tests.catalog.factories import make_floor, place, prepare

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def defaults(db: None) -> None:
    cache.clear()
    prepare()


def _find(**need: Any) -> list[Found]:
    given = {"family": Family.objects.get(code="spc").pk, "price_list": PriceList.objects.get(code="list").pk, **need}
    return find_products(Product.objects.all(), Need(**given))


def _said(found: Found) -> str:
    return " | ".join(str(one.text) for one in found.reasons)


def test_what_fits_comes_first_and_each_says_why() -> None:
    make_floor("FIT", stock="420")
    make_floor("THIN", thickness=Decimal(4), stock="900")
    make_floor("LOW", use_class="23")
    make_floor("FAR", thickness=Decimal(2))
    make_floor("OTHER", family="wpc")
    demands = {"thickness": Demand(least=Decimal(5)), "use_class": Demand(at_least="33")}
    found = _find(demands=demands, quantity=Decimal(100), unit=Unit.objects.get(code="m2"))
    assert [one.product.sku for one in found] == ["FIT", "THIN", "LOW"]
    assert _said(found[0]) == "Fits all | In stock 420 m²".replace(" m²", "\u00a0m²")
    assert "Thickness: 1\u00a0mm less" in _said(found[1])
    assert "Use class 23 domestic, heavy" in _said(found[2])


def test_a_budget_is_counted_per_unit_and_a_little_more_is_named() -> None:
    make_floor("CHEAP", price="8")
    make_floor("OVER", price="10.8")
    make_floor("DEAR", price="15")
    make_floor("NONE", price=None)
    found = _find(budget=Decimal(10), budget_unit=Unit.objects.get(code="m2"))
    assert [one.product.sku for one in found] == ["CHEAP", "OVER", "NONE"]
    assert "8% over the budget" in _said(found[1]) and "No price in USD" in _said(found[2])
    boxes = _find(budget=Decimal("17.6"), budget_unit=Unit.objects.get(code="box"))
    assert boxes[0].product.sku == "CHEAP" and boxes[0].price == Decimal("17.6") and not boxes[0].misses


def test_a_restock_in_time_is_nearly_as_good_as_stock() -> None:
    today = company_today()
    soon, late = make_floor("SOON", stock="10"), make_floor("LATE", stock="10")
    make_floor("READY", stock="500")
    make_floor("EMPTY", stock="10")
    for floor, days in ((soon, 5), (late, 50)):
        services.expect_restock(
            floor, actor=None, place=place(), quantity=Decimal(300), expected_on=today + dt.timedelta(days=days)
        )
    found = _find(quantity=Decimal(200), unit=Unit.objects.get(code="m2"), needed_on=today + dt.timedelta(days=20))
    assert [one.product.sku for one in found] == ["READY", "SOON", "LATE", "EMPTY"]
    assert "Only 10\u00a0m² in stock" in _said(found[1]) and "Restock 300\u00a0m² on" in _said(found[1])


def test_a_quantity_that_cannot_be_counted_over_is_not_said_to_be_in_stock() -> None:
    make_floor("PIECES", stock="18")
    (found,) = _find(quantity=Decimal(9000), unit=Unit.objects.get(code="kg"))
    assert "Fits all" not in _said(found) and "In stock 18\u00a0m²: not comparable" in _said(found)


def test_the_page_keeps_its_state_in_the_address_and_costs_the_same_for_many(
    client: Any, django_assert_max_num_queries: Any
) -> None:
    client.force_login(make_user("Emily", role="sales"))
    url = reverse("catalog:finder")
    assert client.get(url).status_code == 200
    family = Family.objects.get(code="spc")
    asked = {
        "family": family.pk, "thickness_min": "4", "use_class": "31", "budget": "12", "currency": "USD",
        "quantity": "20", "unit": "box", "words": "zh-hans", "customer": "7",
    }  # fmt: skip
    costs = []
    for count in (2, 18):
        for _n in range(count):
            make_floor(stock="900")
        client.get(url, asked)
        with django_assert_max_num_queries(24) as counted:
            page = client.get(url, asked)
        costs.append(len(counted))
    assert costs[0] == costs[1]
    text = page.content.decode()
    assert text.count("Put on a quote") == 20 and 'lang="zh-Hans"' in text and "customer=7" in text
    assert 'value="4"' in text and page.context["form"]["use_class"].value() == "31"
    wrong = client.get(url, {"family": family.pk, "thickness_min": "thick"})
    assert wrong.status_code == 200 and "thickness_min" in wrong.context["form"].errors
    for nonsense in (
        {"family": "x"},
        {"family": "9" * 30},
        {"budget": "1e999"},
        {"unit": "ells"},
        {"needed_on": "soon"},
    ):
        assert client.get(url, nonsense).status_code == 200


def test_without_a_family_what_families_share_is_asked(client: Any) -> None:
    client.force_login(make_user("Emily", role="sales"))
    make_floor("S1")
    make_floor("W1", family="wpc", use_class="34")
    page = client.get(reverse("catalog:finder"), {"use_class": "34"})
    assert {"thickness_min", "use_class"} <= set(page.context["form"].fields)
    assert "sound_min" not in page.context["form"].fields
    found = [one["product"].sku for one in page.context["found"]]
    assert found[0] == "W1"


# ---------------------------------------------------------------- alternatives


def _alternatives(product: Product, quantity: int = 100) -> list[str]:
    found = shortage_of(Product.objects.all(), product, Decimal(quantity))
    assert found is not None
    return [one.product.sku for one in found.alternatives]


def test_alternatives_are_near_in_stock_of_the_same_class_or_higher_and_of_a_like_price() -> None:
    wanted = make_floor("WANTED", stock="5", price="10")
    make_floor("TWIN", stock="500", price="10.2")
    make_floor("NEAR", stock="500", price="10", thickness=Decimal(6), use_class="34")
    make_floor("LOWER", stock="500", price="10", use_class="23")
    make_floor("DEAR", stock="500", price="14")
    make_floor("EMPTY", stock=None, price="10")
    make_floor("THICK", stock="500", price="10", thickness=Decimal(9))
    make_floor("ELSE", stock="500", price="10", family="wpc")
    assert _alternatives(wanted) == ["TWIN", "NEAR"]
    policy = CataloguePolicy.objects.get()
    policy.price_band_percent, policy.number_band_percent, policy.same_class_or_higher = 60, 90, False
    policy.save()
    assert set(_alternatives(wanted)) == {"TWIN", "NEAR", "LOWER", "DEAR"}  # four are named, the nearest
    policy.most_alternatives = 10
    policy.save()
    assert set(_alternatives(wanted)) == {"TWIN", "NEAR", "LOWER", "DEAR", "THICK"}


def test_there_is_no_shortage_where_there_is_enough_or_nobody_counts() -> None:
    assert shortage_of(Product.objects.all(), make_floor(stock="500"), Decimal(500)) is None
    assert shortage_of(Product.objects.all(), make_floor(), Decimal(500)) is None


def test_the_restock_that_covers_the_quantity_is_named() -> None:
    today = company_today()
    floor = make_floor(stock="5")
    for quantity, days in ((50, 3), (300, 9), (300, 20)):
        services.expect_restock(
            floor, actor=None, place=place(), quantity=Decimal(quantity), expected_on=today + dt.timedelta(days=days)
        )
    found = shortage_of(Product.objects.all(), floor, Decimal(200))
    assert found is not None and found.restock is not None
    assert found.restock.expected_on == today + dt.timedelta(days=9)


def test_the_products_page_names_them_with_a_bounded_number_of_queries(
    client: Any, django_assert_max_num_queries: Any
) -> None:
    client.force_login(make_user("Max", role="order desk"))
    wanted = make_floor("WANTED", stock="5")
    services.set_minimum(wanted, actor=None, minimum=Decimal(50))
    costs = []
    for count in (2, 10):
        for _n in range(count):
            make_floor(stock="500")
        client.get(wanted.get_absolute_url())
        with django_assert_max_num_queries(32) as counted:
            page = client.get(wanted.get_absolute_url()).content.decode()
        costs.append(len(counted))
    assert costs[0] == costs[1] and "Alternatives" in page and "500" in page
