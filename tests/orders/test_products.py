"""Products on quotes: from the finder to a line, what is short beside it, and the words of the customer's language."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from catalog.attribute_defaults import load as load_attributes
from catalog.days import company_today
from catalog.models import Restock
from catalog.services import expect_restock, save_product
from orders.models import Quote
from orders.papers import quote_context
from orders.services import LineData
from tests.catalog.factories import make_floor, place
from tests.crm.factories import make_customer, make_inquiry
from tests.orders.factories import make_product, make_quote, prepare, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def defaults(db: None) -> None:
    cache.clear()
    prepare()
    load_attributes()


def _form(customer: Any, *lines: dict[str, str], **more: str) -> dict[str, str]:
    data = {
        "language": "de", "currency": "USD", "incoterm": "CIF", "incoterm_place": "Hamburg",
        "valid_until": str(company_today() + dt.timedelta(days=30)), "insurance_rate": "0,3", "insured_percent": "110",
        "lines-TOTAL_FORMS": str(len(lines)), "lines-INITIAL_FORMS": "0", **more,
    }  # fmt: skip
    for number, line in enumerate(lines):
        data |= {f"lines-{number}-{name}": value for name, value in line.items()}
    return data


def test_a_product_goes_from_the_finder_to_a_new_quote_with_its_price(client: Any) -> None:
    seller = staff("sales")
    client.force_login(seller)
    customer = make_customer(owner=seller, language="de")
    floor = make_floor("SPC-1", price="8.45", stock="900")
    page = client.get(
        reverse("catalog:finder"), {"quantity": "10", "unit": "box", "customer": customer.pk, "words": "de"}
    )
    (link,) = [one.url for row in page.context["found"] for one in row["links"]]
    chosen = client.get(link)
    assert chosen.status_code == 200 and customer.name in chosen.content.decode()
    form = client.get(chosen.context["new_url"])
    row = form.context["formset"].forms[0]
    assert (row["sku"].value(), row["quantity"].value(), row["unit"].value()) == ("SPC-1", 10, "box")
    assert row["unit_price"].value() == Decimal("18.59")  # 8.45 per square metre, 2.2 of them in a box
    as_drawn = {"insurance_rate": "0.3", "lines-INITIAL_FORMS": "1"}
    saved = client.post(
        chosen.context["new_url"],
        _form(customer, {"sku": "SPC-1", "quantity": "10", "unit": "box", "unit_price": "18.59"}, **as_drawn),
    )
    assert saved.status_code == 302
    line = Quote.objects.get().lines.get()
    assert (line.product, line.unit, line.amount) == (floor, "box", Decimal("185.90"))


def test_a_product_goes_on_a_draft_of_ones_own_and_on_no_other(client: Any) -> None:
    seller, other = staff("sales"), staff("sales")
    customer = make_customer(owner=seller)
    mine = make_quote(seller, customer=customer, owner=seller)
    make_quote(other, customer=make_customer(owner=other), owner=other)
    floor = make_floor("SPC-2")
    client.force_login(seller)
    chosen = client.get(reverse("orders:quote-put"), {"product": floor.pk, "quantity": "5", "unit": "m2"})
    (draft,) = chosen.context["drafts"]
    assert draft["number"] == mine.reference
    form = client.get(draft["url"])
    skus = [row["sku"].value() for row in form.context["formset"].forms]
    assert skus[-1] == "SPC-2" and len(skus) == mine.lines.count() + 1


def test_who_may_not_quote_is_offered_no_quote(client: Any) -> None:
    floor = make_floor("SPC-3")
    client.force_login(staff("logistics"))
    assert "Put on a quote" not in client.get(floor.get_absolute_url()).content.decode()
    assert client.get(reverse("orders:quote-put"), {"product": floor.pk}).status_code == 403


@pytest.mark.parametrize(
    "asked",
    [{"product": "x"}, {"product": "9" * 25}, {"quantity": "NaN"}, {"quantity": "-1"}, {"quantity": "1e99"}, {"unit": "ells"},
     {"currency": "???"}, {"price_list": "9" * 25}, {"customer": "0"}],
)  # fmt: skip
def test_an_address_that_says_nonsense_breaks_nothing(client: Any, asked: dict[str, str]) -> None:
    seller = staff("sales")
    client.force_login(seller)
    customer = make_customer(owner=seller)
    floor = make_floor()
    for name in ("orders:quote-new", "orders:quote-put"):
        answer = client.get(reverse(name), {"product": floor.pk, "customer": customer.pk, **asked})
        assert answer.status_code in (200, 404)


def test_the_customers_and_the_inquirys_page_open_the_finder_in_their_language(client: Any) -> None:
    seller = staff("sales")
    client.force_login(seller)
    customer = make_customer(owner=seller, language="zh-hant")
    inquiry = make_inquiry(customer=customer, language="de")
    page = client.get(customer.get_absolute_url()).content.decode().replace("&amp;", "&")
    assert f"/products/find/?words=zh-hant&customer={customer.pk}" in page
    page = client.get(inquiry.get_absolute_url()).content.decode().replace("&amp;", "&")
    assert f"/products/find/?words=de&inquiry={inquiry.pk}" in page


def test_a_line_that_asks_for_more_than_there_is_says_so_and_blocks_nothing(client: Any) -> None:
    seller = staff("sales")
    client.force_login(seller)
    customer = make_customer(owner=seller)
    floor = make_floor("SHORT", stock="20")
    make_floor("TWIN", stock="5000")
    day = company_today() + dt.timedelta(days=9)
    expect_restock(floor, actor=None, place=place(), quantity=Decimal(800), expected_on=day)
    lines = (
        {"sku": "SHORT", "quantity": "100", "unit": "box", "unit_price": "8"},
        {"sku": "SHORT", "quantity": "9", "unit": "box", "unit_price": "8"},
        {"sku": "NOBODY", "quantity": "9", "unit": "box", "unit_price": "8"},
        {"sku": "TWIN", "quantity": "many", "unit": "", "unit_price": "8"},
    )
    url = f"{reverse('orders:quote-new')}?customer={customer.pk}"
    looked = client.post(url, {**_form(customer, *lines), "stock_look": "1"})
    text = looked.content.decode()
    assert looked.status_code == 200 and text.count("hx-swap-oob") == 4
    assert text.count("Only 20\u00a0m² available.") == 1 and "800\u00a0m² expected on" in text and "TWIN" in text
    Restock.objects.update(expected_on=company_today() - dt.timedelta(days=3))
    late = client.post(url, {**_form(customer, *lines), "stock_look": "1"}).content.decode()
    assert "800\u00a0m² were expected on" in late and "are overdue." in late and "800\u00a0m² expected on" not in late
    recalculated = client.post(url, {**_form(customer, *lines), "recalculate": "1"}, headers={"HX-Request": "true"})
    assert "breakdown" in recalculated.content.decode() and "Only 20" in recalculated.content.decode()
    saved = client.post(url, _form(customer, lines[0], insurance_rate="0.3"))
    assert saved.status_code == 302
    again = client.get(reverse("orders:quote-edit", args=[Quote.objects.get().pk])).content.decode()
    assert "Only 20" in again


def test_the_papers_say_the_specification_in_the_customers_language() -> None:
    product = make_product(specification="5 mm, class 33", specification_de="5 mm, Klasse 33")
    own = LineData(product=product, specification="cut to 600 mm", quantity=Decimal(1), unit_price=Decimal(1))
    plain = LineData(product=product, quantity=Decimal(1), unit_price=Decimal(1))
    quote = make_quote(lines=[plain, own], language="de")
    details = [line["details"] for line in quote_context(quote)["lines"]]
    assert "5 mm, Klasse 33" in details[0] and "cut to 600 mm" in details[1] and "Klasse" not in details[1]
    quote.language = "zh-hans"
    assert "5 mm, class 33" in quote_context(quote)["lines"][0]["details"]
    product.specification_zh_hant = "5 mm，33 級"
    save_product(product, actor=None)
    quote = Quote.objects.get(pk=quote.pk)
    quote.language = "zh-hans"
    assert "33 級" in quote_context(quote)["lines"][0]["details"]
