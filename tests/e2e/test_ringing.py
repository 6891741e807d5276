"""The telephone rings: whoever is called sees who it is, on whatever page is open."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from crm.models import IncomingCall
from crm.services.incoming import take_notice
from tests.crm.factories import make_contact, make_customer
from tests.e2e.people import Person

pytestmark = pytest.mark.django_db(transaction=True)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def test_a_caller_comes_up_on_the_page_that_is_open_and_is_noted_from_there(
    house: SimpleNamespace, at_work: Callable[..., Person], settings: Any
) -> None:
    settings.TELEPHONE_KEYS = ["a-key"]
    customer = make_customer("Hafen GmbH", owner=house.anna)
    make_contact(customer, name="Petra Petersen", phone="+494012345678")
    desk, phone, colleague = (
        at_work(house.anna, "/calls/").page, at_work(house.anna, "/calls/", width=390, dark=True).page, at_work(house.wei, "/calls/").page
    )  # fmt: skip
    take_notice("m1", {"call": "c-1", "event": "ringing", "from": "+494012345678"})
    for page in (desk, phone):
        expect(page.locator(".ringing")).to_contain_text("Petra Petersen")
        found = Axe().run(page, options={"runOnly": RULES})
        assert not found.response["violations"], found.generate_report()
    phone.locator(".ringing").get_by_role("button", name="Close").click()
    expect(phone.locator(".ringing")).to_have_count(0)
    expect(colleague.locator(".ringing")).to_have_count(0)
    desk.locator(".ringing").get_by_role("link", name="Note the call").click()
    desk.wait_for_url(f"**{IncomingCall.objects.get().get_absolute_url()}")
    expect(desk.get_by_role("main")).to_contain_text("Petra Petersen")
    desk.goto(desk.url.split("/incoming/")[0] + "/calls/")
    expect(desk.locator(".ringing")).to_contain_text("Hafen GmbH")
    take_notice("m2", {"call": "c-1", "event": "ended"})
    expect(desk.locator(".ringing")).to_have_count(0)
