"""The customer's page in a browser: the address form follows the country, a call is noted by keys, files are shown and heard, axe is silent."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from crm.models import OwnField, ServiceRecord, Tag
from crm.services import plans, set_tags, update_customer
from foundation.journal.models import Attachment, Pin
from foundation.journal.services import add_note
from tests.crm.factories import make_address, make_contact, make_customer

pytestmark = pytest.mark.django_db(transaction=True)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def customer(house: SimpleNamespace) -> Any:
    made = make_customer("Hafen GmbH", owner=house.anna, tier="key")
    make_contact(made, name="Petra Petersen", phone="+493012345678", is_main=True)
    make_address(made)
    set_tags(made.pk, actor=house.anna, tags=[Tag.objects.create(code="fair", name="Met at the fair", colour="accent")])
    OwnField.objects.create(code="showrooms", name="Showrooms", kind="number", in_list=True, in_filter=True)
    update_customer(made.pk, actor=house.anna, own={"showrooms": 3})
    return made


def key_of(user: Any) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def check(page: Any) -> None:
    found = Axe().run(page, options=RULES)
    assert not found.response["violations"], found.generate_report()


def test_what_is_typed_while_the_form_changes_its_shape_stays(
    house: SimpleNamespace, customer: Any, open_page: Callable[..., Any]
) -> None:
    page = open_page(customer.get_absolute_url(), session=key_of(house.anna))
    page.get_by_role("link", name="New address").click()
    dialog, waiting, is_slow = page.locator("dialog"), [], [True]
    page.route("**/addresses/new/**", lambda route: waiting.append(route) if is_slow else route.continue_())
    dialog.get_by_label("Country").select_option("US")
    dialog.get_by_label("Street and number").fill("1 Main St")
    dialog.get_by_label("City").fill("Austin")
    waiting.pop().continue_()
    expect(dialog.get_by_label("ZIP code")).to_be_visible()
    expect(dialog.get_by_label("Street and number")).to_have_value("1 Main St")
    expect(dialog.get_by_label("City")).to_have_value("Austin")
    expect(dialog.get_by_label("City")).to_be_focused()
    dialog.get_by_label("State").fill("TX")
    dialog.get_by_label("ZIP code").fill("78701")
    dialog.get_by_label("Country").select_option("DE")
    dialog.get_by_label("Street and number").fill("Kaistraße 5")
    dialog.get_by_label("City").fill("Hamburg")
    dialog.get_by_label("ZIP code").fill("20457")
    dialog.get_by_role("button", name="Save").click()
    assert len(waiting) == 1  # it waits for the shape
    is_slow.clear()
    waiting.pop().continue_()
    expect(page.get_by_role("link", name="Map Hafen GmbH, Kaistraße 5")).to_be_visible()


def test_the_address_form_takes_the_shape_of_the_country(
    house: SimpleNamespace, customer: Any, open_page: Callable[..., Any]
) -> None:
    page = open_page(customer.get_absolute_url(), session=key_of(house.anna))
    page.get_by_role("link", name="New address").click()
    dialog = page.locator("dialog")
    dialog.get_by_label("Street and number").fill("1 Main St")
    dialog.get_by_label("Country").select_option("US")
    expect(dialog.get_by_label("ZIP code")).to_be_visible()
    expect(dialog.get_by_label("Street and number")).to_have_value("1 Main St")
    dialog.get_by_label("City").fill("Austin")
    dialog.get_by_label("State").fill("TX")
    dialog.get_by_label("ZIP code").fill("78701")
    check(page)
    dialog.get_by_role("button", name="Save").click()
    expect(page.locator(".places")).to_contain_text("Austin, TX 78701")


def test_a_call_is_noted_by_three_steps_with_a_photo(
    house: SimpleNamespace, customer: Any, open_page: Callable[..., Any]
) -> None:
    page = open_page(customer.get_absolute_url(), session=key_of(house.anna))
    page.keyboard.press("l")
    page.wait_for_url(f"**/customers/{customer.pk}/do/call/")
    page.get_by_label("What was said").fill("Wants oak")
    page.get_by_label("Why nothing follows").fill("Buys in spring")
    picture = {"name": "door.png", "mimeType": "image/png", "buffer": PNG}
    page.locator("input[type=file]").first.set_input_files(picture)
    expect(page.locator(".file-previews img")).to_have_count(1)
    check(page)
    page.get_by_role("button", name="Log a call").click()
    expect(page.get_by_text("Nothing follows: Buys in spring")).to_be_visible()
    assert ServiceRecord.objects.count() == 1


@pytest.mark.parametrize("in_dialog", [False, True])
def test_a_photo_outlives_a_form_that_comes_back_refused(
    house: SimpleNamespace, customer: Any, open_page: Callable[..., Any], in_dialog: bool
) -> None:
    page = open_page(customer.get_absolute_url(), session=key_of(house.anna), width=390)
    address = f"{customer.get_absolute_url()}do/call/"
    if in_dialog:
        page.locator(f"a[href='{address}']").first.click()
        expect(page.locator("dialog[open]")).to_be_visible()
    else:
        page.goto(page.url.replace(customer.get_absolute_url(), address))
    form = page.locator("dialog[open] form, main form.form").last
    form.locator("input[type=file][name]").set_input_files({"name": "door.png", "mimeType": "image/png", "buffer": PNG})
    form.get_by_label("Why nothing follows").fill("Buys in spring")
    for refused in range(1, 3):
        form.evaluate("one => one.dataset.sent = '1'")
        form.get_by_role("button", name="Log a call").click()
        expect(page.locator("form[data-sent]")).to_have_count(0)  # what comes back looks as what was sent
        expect(form.get_by_role("alert")).to_contain_text("Write what was said")
        expect(form.locator(".file-previews img")).to_have_count(1)
        expect(form.get_by_label("Why nothing follows")).to_have_value("Buys in spring")
        form.get_by_label("What was said").fill(" " if refused == 1 else "Wants oak")
    form.get_by_role("button", name="Log a call").click()
    expect(page.get_by_text("Nothing follows: Buys in spring")).to_be_visible()
    assert ServiceRecord.objects.count() == Attachment.objects.count() == 1
    page.problems[:] = [one for one in page.problems if "422" not in one]  # the refusals that were asked for


def test_a_note_is_pinned_and_the_timeline_is_searched(
    house: SimpleNamespace, customer: Any, open_page: Callable[..., Any]
) -> None:
    add_note(customer, "Never before ten", actor=house.anna)
    add_note(customer, "Likes walnut", actor=house.anna)
    page = open_page(customer.get_absolute_url(), session=key_of(house.anna))
    page.locator("li.is-note", has_text="Never before ten").get_by_role("button", name="Pin").click()
    expect(page.locator(".pinned")).to_contain_text("Never before ten")
    assert Pin.objects.filter(removed_at=None).count() == 1
    check(page)
    page.get_by_role("searchbox", name="Search in the timeline").fill("walnut")
    page.get_by_role("searchbox", name="Search in the timeline").press("Enter")
    expect(page.locator("#timeline-entries li")).to_have_count(1)


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_the_new_rooms_please_axe(
    house: SimpleNamespace, customer: Any, open_page: Callable[..., Any], width: int, dark: bool
) -> None:
    plan = plans.create_plan(customer.pk, actor=house.anna, year=2026, goals="Grow", volume_goal=1000)
    plans.place_person(plan.pk, actor=house.anna, contact=customer.contacts.get(), influence="decides", attitude="open")
    for path in (
        customer.get_absolute_url(), "/customers/", f"/customers/{customer.pk}/tags/", f"/customers/{customer.pk}/edit/",
        "/customers/developed/", "/account-plans/", plan.get_absolute_url(), "/service-records/?view=all", "/service-records/new/?who=",
    ):  # fmt: skip
        page = open_page(path, session=key_of(house.anna), width=width, dark=dark)
        check(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        page.close()
    check(open_page("/figures/pareto/", session=key_of(house.maria), width=width, dark=dark))


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
