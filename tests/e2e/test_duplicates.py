"""The hint while somebody types a customer that is known: it comes by itself, keeps nobody from typing, and leads to the known one."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from crm.models import Customer
from tests.crm.factories import make_customer

pytestmark = pytest.mark.django_db(transaction=True)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def test_a_known_customer_is_hinted_at_while_it_is_typed_and_opened_or_told_apart(
    house: SimpleNamespace, at_work: Callable[..., Any]
) -> None:
    known = make_customer(
        "Guangzhou Huazhu Decoration Co., Ltd.", local_name="广州华筑装饰工程有限公司", country="CN", owner=house.anna,
        main_contact={"name": "Huang", "email": "huang@huazhu.example", "phone": "+862081234567"},
    )  # fmt: skip
    page = at_work(house.anna, "/customers/new/").page
    page.get_by_label("Name", exact=True).first.fill("廣州華築裝飾")
    page.get_by_label("Name", exact=True).first.press_sequentially("工程")
    hint = page.locator("#twins")
    expect(hint.get_by_text(known.number)).to_be_visible()
    expect(page.get_by_label("Name", exact=True).first).to_be_focused()
    expect(page.get_by_label("Name", exact=True).first).to_have_value("廣州華築裝飾工程")
    found = Axe().run(page, options={"runOnly": RULES})
    assert not found.response["violations"], found.generate_report()
    page.get_by_label("Name", exact=True).first.fill("Somebody else entirely")
    expect(hint.get_by_text(known.number)).to_have_count(0)
    page.get_by_label("Email address").fill("huang@huazhu.example")
    expect(hint.get_by_text("the same email address")).to_be_visible()
    hint.get_by_role("link", name="Use this").click()
    page.wait_for_url(f"**{known.get_absolute_url()}")
    page.goto(page.url.replace(known.get_absolute_url(), "/customers/new/"))
    page.get_by_label("Name", exact=True).first.fill("Huazhu Guangzhou Decoration")
    page.get_by_label("Country").select_option("CN")
    page.get_by_role("button", name="Save").click()
    reason = page.get_by_label("Why this is another customer")
    expect(reason).to_be_visible()
    reason.fill("The branch in Foshan")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The customer is created.")).to_be_visible()
    assert Customer.objects.count() == 2
    page.problems[:] = [one for one in page.problems if "422" not in one]  # the refusal that was asked for
