"""The list of touches in a browser: a call is noted in the row, which goes, and comes back by undo; and what axe says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from crm.models import Customer, CustomerTouch
from crm.models.cadence import company_today
from tests.crm.factories import make_contact, make_customer

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_call_is_noted_where_the_customer_stands_and_taken_back(
    house: SimpleNamespace, open_page: Callable[..., Any]
) -> None:
    customer = make_customer("Hafen GmbH", owner=house.anna)
    make_contact(customer, name="Petra Petersen", phone="+493012345678", is_main=True)
    Customer.objects.filter(pk=customer.pk).update(touch_due_on=company_today() - timedelta(days=40))
    client = Client()
    client.force_login(house.anna)
    page = open_page("/touches/?view=overdue", session=client.cookies[settings.SESSION_COOKIE_NAME].value)
    row = page.locator("tbody tr", has_text="Hafen GmbH")
    expect(row).to_have_count(1)
    row.locator("summary").click()
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert not found.response["violations"], found.generate_report()
    row.get_by_label("What was said").fill("Wants oak")
    row.get_by_label("Or why nothing follows").fill("Buys in spring")
    row.get_by_role("button", name="Save").click()
    expect(page.locator("a.undo")).to_be_visible()
    expect(row).to_have_count(0)
    assert CustomerTouch.objects.get().said.endswith("Wants oak")
    page.locator("a.undo").click()
    expect(page.get_by_text("Taken back: Hafen GmbH")).to_be_visible()
    assert CustomerTouch.objects.get().undone_at is not None
