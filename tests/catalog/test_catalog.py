"""Products, units and prices."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from catalog.conversion import convert
from catalog.defaults import load_catalog
from catalog.models import Family, Pack, Price, PriceList, Product, Unit
from catalog.selectors import price_for, unit_choices, unit_symbol
from foundation.accounts.roles import load_roles
from foundation.journal.models import Event
from tests.accounts.factories import make_user

pytestmark = pytest.mark.django_db
LIST_QUERIES = 8
RECORD_QUERIES = 14


@pytest.fixture(autouse=True)
def defaults(db: None) -> None:
    cache.clear()
    load_catalog()
    load_roles()


@pytest.fixture
def product() -> Product:
    product = Product.objects.create(
        sku="SPC-OAK-5", name="SPC flooring Oak", name_zh_hans="SPC 石塑地板 橡木", unit=Unit.objects.get(code="m2")
    )
    Pack.objects.create(product=product, unit=Unit.objects.get(code="box"), quantity=Decimal("2.196"))
    Pack.objects.create(product=product, unit=Unit.objects.get(code="pallet"), quantity=Decimal("105.408"))
    return product


@pytest.mark.parametrize(
    ("quantity", "source", "target", "result"),
    [
        ("10", "box", "m2", "21.96"),
        ("105.408", "m2", "pallet", "1"),
        ("1", "pallet", "box", "48"),
        ("100", "sqft", "m2", "9.290304"),
        ("5", "m2", "m2", "5"),
        ("5", "kg", "m2", None),
        ("5", "roll", "m2", None),
        ("5", "pcs", "m2", None),
    ],
)
def test_units_convert_through_packs_and_dimensions_or_not_at_all(
    product: Product, quantity: str, source: str, target: str, result: str | None
) -> None:
    units = {unit.code: unit for unit in Unit.objects.all()}
    found = convert(product, Decimal(quantity), units[source], units[target])
    assert found == (Decimal(result) if result is not None else None)


def test_units_are_written_as_the_reader_writes_them() -> None:
    assert unit_symbol("m2") == "m²" and unit_symbol("pcs", "de") == "Stk." and unit_symbol("box", "zh-hant") == "箱"
    assert unit_symbol("ells") == "ells"
    with translation.override("zh-hans"):
        assert ("m2", "m² · 平方米") in unit_choices()


def test_defaults_are_loaded_once_and_leave_changes_alone() -> None:
    Unit.objects.filter(code="box").update(name_de="Kiste")
    assert load_catalog() == 0
    assert Unit.objects.get(code="box").name_de == "Kiste"
    assert Family.objects.filter(code__in=["spc", "wpc", "pvc", "laminate", "partition"]).count() == 5


def test_the_price_in_force_is_that_of_the_list_the_day_and_the_quantity(product: Product) -> None:
    lists = {row.code: row for row in PriceList.objects.all()}
    today = dt.date(2026, 5, 4)

    def put(amount: str, since: dt.date, *, until: dt.date | None = None, least: int = 0, kind: str = "list") -> None:
        Price.objects.create(
            product=product,
            price_list=lists[kind],
            currency="USD",
            unit=product.unit,
            amount=Decimal(amount),
            min_quantity=least,
            valid_from=since,
            valid_until=until,
        )

    put("9", dt.date(2025, 1, 1), until=dt.date(2025, 12, 31))
    put("8.4", dt.date(2026, 1, 1))
    put("7.9", dt.date(2026, 1, 1), least=1000)
    put("7.1", dt.date(2026, 1, 1), kind="dealer")
    put("8.8", dt.date(2026, 6, 1))

    def ask(quantity: int, kind: str = "list", on: dt.date = today, currency: str = "USD") -> Decimal | None:
        found = price_for(product, price_list=kind, currency=currency, quantity=Decimal(quantity), on=on)
        return found.amount if found else None

    assert ask(10) == Decimal("8.4")
    assert ask(1000) == Decimal("7.9")
    assert ask(10, kind="dealer") == Decimal("7.1")
    assert ask(10, on=dt.date(2025, 12, 31)) == Decimal(9)
    assert ask(10, on=dt.date(2026, 6, 1)) == Decimal("8.8")
    assert ask(10, currency="EUR") is None


def test_the_database_refuses_what_makes_no_sense(product: Product) -> None:
    box = Unit.objects.get(code="box")
    attempts = [
        lambda: Pack.objects.create(product=product, unit=box, quantity=1),
        lambda: Pack.objects.create(product=product, unit=Unit.objects.get(code="roll"), quantity=0),
        lambda: Unit.objects.create(code="x", symbol="x", name="x", dimension="pack", factor=1),
        lambda: Unit.objects.create(code="y", symbol="y", name="y", dimension="mass"),
        lambda: Product.objects.create(sku="", name="x", unit=box),
        lambda: Product.objects.create(sku=product.sku, name="x", unit=box),
    ]
    for attempt in attempts:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_products_are_found_in_any_script_and_by_any_part_of_their_number(product: Product) -> None:
    for text in ("石塑", "oak", "OAK-5", "spc flooring"):
        assert list(Product.objects.search(text)) == [product], text
    assert not Product.objects.search("walnut")


def test_a_product_is_entered_and_changed_and_both_are_remembered(client: Any) -> None:
    client.force_login(make_user("Max", role="order desk"))
    data = {
        "sku": "WPC-1",
        "name": "WPC floor",
        "unit": Unit.objects.get(code="m2").pk,
        "is_active": "on",
        "hs_code": "3918.10",
        "import_source": "hostile",
        "external_ref": "hostile",
    }
    client.post(reverse("catalog:product-new"), data)
    product = Product.objects.get()
    assert (product.import_source, product.external_ref) == ("", "")
    client.post(reverse("catalog:product-edit", args=[product.pk]), {**data, "name": "WPC flooring"})
    product.refresh_from_db()
    assert product.name == "WPC flooring"
    codes = list(Event.objects.about(product).order_by("id").values_list("code", "facts__fields"))
    assert codes == [("product.created", []), ("product.updated", ["name"])]
    refused = client.post(reverse("catalog:product-new"), {**data, "hs_code": "abc"})
    assert refused.status_code == 422 and Product.objects.count() == 1


def test_who_may_only_look_cannot_change_the_catalogue(client: Any, product: Product) -> None:
    client.force_login(make_user("Li", role="logistics"))
    assert client.get(product.get_absolute_url()).status_code == 200
    for url in (reverse("catalog:product-new"), reverse("catalog:product-edit", args=[product.pk])):
        assert client.get(url).status_code == 403
        assert client.post(url, {"sku": "X"}).status_code == 403
    assert Product.objects.count() == 1


def test_pages_cost_the_same_with_2_and_with_20_rows(
    client: Any, product: Product, django_assert_max_num_queries: Any
) -> None:
    client.force_login(make_user("Max", role="order desk"))
    costs = []
    for count in (1, 18):
        for _n in range(count):
            number = Product.objects.count()
            Product.objects.create(sku=f"P{number}", name=f"Product {number}", unit=product.unit)
        client.get(reverse("catalog:products"))
        with django_assert_max_num_queries(LIST_QUERIES) as counted:
            client.get(reverse("catalog:products"))
        costs.append(len(counted))
    assert costs[0] == costs[1]
    with django_assert_max_num_queries(RECORD_QUERIES):
        client.get(product.get_absolute_url())
