"""Entering a quote in a real browser, with scripts and without."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from orders.models import Quote
from tests.crm.factories import make_contact, make_customer
from tests.orders.factories import make_product, prepare, staff

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_quote_with_three_lines_is_entered_and_its_breakdown_seen_before_saving(
    scripts: bool, open_page: Any, session_of: Any
) -> None:
    prepare()
    customer = make_customer("Parkett Müller GmbH")
    make_contact(customer, is_main=True)
    product = make_product("SPC-OAK-5")
    session = session_of(staff("sales"))
    page = open_page(f"{reverse('orders:quote-new')}?customer={customer.pk}", session=session, scripts=scripts)
    page.fill("[name=incoterm_place]", "Hamburg")
    page.fill("[name=main_carriage]", "1850")
    page.click("[name=add_line]")
    page.wait_for_selector("[name='lines-2-sku']")
    assert page.input_value("[name=incoterm_place]") == "Hamburg"
    for index in range(3):
        page.fill(f"[name='lines-{index}-sku']", product.sku)
        page.fill(f"[name='lines-{index}-quantity']", "100")
        page.fill(f"[name='lines-{index}-unit_price']", "10")
    if scripts:
        page.press("[name='lines-2-unit_price']", "Tab")
    else:
        page.click("[name=recalculate]")
    # 3,000 + 1,850 = 4,850; premium 4850 × 0.0033 / 0.9967 = 16.06
    page.get_by_text("US$4,866.06").wait_for()
    assert not Quote.objects.exists()
    page.click(".form-foot [name=save]")
    page.get_by_text("Quote saved as a draft.").wait_for()
    quote = Quote.objects.get()
    assert quote.lines.count() == 3 and str(quote.total) == "4866.06"
