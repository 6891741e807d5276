"""The catalogue in a real browser, with scripts and without."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from catalog.models import Stock
from tests.accounts.factories import make_user
from tests.catalog.factories import make_floor, prepare
from tests.crm.factories import make_customer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_need_is_told_and_a_product_found(scripts: bool, open_page: Any, session_of: Any) -> None:
    cache.clear()
    prepare()
    make_floor("SPC-FIT", stock="900")
    make_floor("SPC-LOW", use_class="23")
    page = open_page(reverse("catalog:finder"), session=session_of(make_user("Emily", role="sales")), scripts=scripts)
    page.select_option("[name=family]", label="SPC flooring")
    page.click("text=Ask what matters in this family")
    page.select_option("[name=use_class]", label="33 commercial, heavy")
    page.fill("[name=quantity]", "20")
    page.click("button:has-text('Find')")
    page.get_by_text("Fits all").wait_for()
    assert page.locator(".found > li").count() == 2
    assert page.locator(".found > li h3 a").first.inner_text() == "SPC-FIT"
    assert "use_class=33" in page.url


def test_a_movement_is_entered_in_a_dialog(open_page: Any, session_of: Any) -> None:
    cache.clear()
    prepare()
    floor = make_floor("SPC-1")
    page = open_page(floor.get_absolute_url(), session=session_of(make_user("Max", role="logistics")), scripts=True)
    page.click("a:has-text('Enter a movement')")
    page.fill("[name=quantity]", "10")
    page.select_option("[name=unit]", "box")
    page.click("#form-box button.go, dialog button.go")
    page.get_by_text("The stock is entered.").wait_for()
    assert Stock.objects.get().on_hand == 22


def test_a_line_says_what_is_short_while_it_is_typed(open_page: Any, session_of: Any) -> None:
    from orders.defaults import load_incoterms

    cache.clear()
    prepare()
    load_incoterms()
    make_floor("SHORT", stock="20")
    make_floor("TWIN", stock="5000")
    seller = make_user("Emily", role="sales")
    customer = make_customer("Parkett Müller GmbH", owner=seller)
    page = open_page(f"{reverse('orders:quote-new')}?customer={customer.pk}", session=session_of(seller), scripts=True)
    page.fill("[name=incoterm_place]", "Hamburg")
    page.fill("[name='lines-0-sku']", "SHORT")
    page.fill("[name='lines-0-quantity']", "500")
    page.select_option("[name='lines-0-unit']", "m2")
    page.fill("[name='lines-0-unit_price']", "8")
    page.press("[name='lines-0-unit_price']", "Tab")
    hint = page.locator("#line-hint-1")
    hint.get_by_text("TWIN").wait_for()
    assert "Only 20" in hint.inner_text()
