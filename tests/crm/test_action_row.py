"""Whoever may do everything with a customer finds it in one row, by keyboard, on a phone and without scripts too."""

from __future__ import annotations

import pytest

from crm.models import Customer
from tests.accounts.factories import make_user
from tests.crm.factories import make_customer
from tests.support.defaults import load_defaults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROWS = "buttons => new Set(buttons.map(one => Math.round(one.getBoundingClientRect().top))).size"
ROW = ".record-head .head-tools .btn"
MENU = ".record-head .actions details"


@pytest.fixture
def customer() -> Customer:
    load_defaults()
    person = make_user("Katharina Brandtmüller", role="manager", language="de", time_zone="Europe/Berlin")
    return make_customer("Guangzhou Huazhu Decoration Engineering Co., Ltd.", owner=person)


def test_the_actions_of_a_manager_stand_in_one_row_in_german(customer, session_of, open_page):
    page = open_page(customer.get_absolute_url(), width=1280, language="de", session=session_of(customer.owner))
    assert page.locator(ROW).evaluate_all(ROWS) == 1
    assert page.locator(f"{MENU} a").count() > 3
    summary = page.locator(f"{MENU} > summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.menu-list') !== null")
    page.keyboard.press("Escape")
    assert page.locator(f"{MENU}[open]").count() == 0
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_phone_shows_the_menu_within_its_width_and_needs_no_scripts(customer, session_of, open_page):
    page = open_page(customer.get_absolute_url(), width=390, session=session_of(customer.owner), scripts=False)
    page.locator(f"{MENU} > summary").click()
    box = page.locator(f"{MENU} > .menu-list").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    page.locator(f"{MENU} a[href$='do/record/']").click()
    page.wait_for_url("**/do/record/")
