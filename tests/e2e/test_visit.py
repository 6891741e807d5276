"""A salesperson's visit, from the customer's yes to what comes next: planned at a desk, checked in on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from crm.models import CheckIn, ServiceRecord, Visit
from foundation.todos.models import Task
from tests.crm.factories import make_address, make_contact, make_customer, visit_for
from tests.e2e.people import Person

pytestmark = pytest.mark.django_db(transaction=True)


def soon(**delta: int) -> str:
    """A moment as the browser's field for date and time takes it."""
    return (timezone.localtime() + timedelta(**delta)).strftime("%Y-%m-%dT%H:%M")


def session_of(user: Any) -> str:
    """A session of somebody who signed in."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def somebody(open_page: Callable[..., Any]) -> Callable[..., Person]:
    """Somebody signed in, before a screen of this width."""
    return lambda user, path, **how: Person(open_page(path, session=session_of(user), **how))


def test_a_visit_is_agreed_planned_checked_in_on_a_phone_and_followed_up(
    house: SimpleNamespace, somebody: Callable[..., Person]
) -> None:
    with timezone.override("Europe/Berlin"):
        customer = make_customer("Hafen GmbH", owner=house.anna)
        make_contact(customer, name="Petra Petersen", is_main=True)
        make_address(customer, latitude=Decimal("53.540000"), longitude=Decimal("9.990000"))
        make_address(make_customer("Kai GmbH", owner=house.anna))
        desk = somebody(house.anna, f"/visits/new/?customer={customer.pk}")
        desk.fill(purpose="Show the oak collection").submit()
        visit = _only(desk)
        expect(desk.page.get_by_role("main")).to_contain_text("has not agreed yet")
        desk.do("Record the consent", channel="phone")
        expect(desk.page.get_by_role("main")).to_contain_text("Petra Petersen · Phone")
        desk.press("Plan")
        expect(desk.page.locator("dialog[open], main").last).to_contain_text("Kai GmbH")
        desk.fill(start=soon(hours=1), end=soon(hours=2)).submit()
        expect(desk.page.get_by_role("main")).to_contain_text("Arrive by")
        _on_the_phone(house, somebody, visit)


def _only(person: Person) -> Visit:
    person.page.wait_for_url("**/visits/*/")
    return Visit.objects.get()


def _on_the_phone(house: SimpleNamespace, somebody: Callable[..., Person], visit: Visit) -> None:
    phone = somebody(house.anna, visit.get_absolute_url(), width=390)
    phone.page.context.grant_permissions(["geolocation"])
    phone.page.context.set_geolocation({"latitude": 53.541, "longitude": 9.99, "accuracy": 9})
    phone.page.get_by_label("Tape measure").check()
    phone.press("Save the ticks")
    expect(phone.page.get_by_label("Tape measure")).to_be_checked()
    phone.press("Set off")
    expect(phone.page.get_by_role("main")).to_contain_text("On the way")
    phone.press("Check in")
    expect(phone.page.locator("[data-position-status]").last).to_contain_text("accurate to 9 m")
    phone.submit()
    expect(phone.page.get_by_role("main")).to_contain_text("111 m in a straight line")
    expect(phone.page.get_by_role("main")).to_contain_text("punctual")
    one = CheckIn.objects.get()
    assert (one.accuracy_m, one.distance_m, one.no_position) == (9, 111, "")
    width = phone.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, width
    day = (timezone.localdate() + timedelta(days=2)).isoformat()
    phone.do(
        "Write down the outcome",
        result="quote",
        discussed="600 m² of oak",
        next_step="Send the quote",
        next_step_on=day,
    )
    expect(phone.page.get_by_role("main")).to_contain_text("600 m² of oak")
    assert Task.objects.get().title == "Send the quote"
    assert ServiceRecord.objects.filter(type="visit").count() == 1


def test_a_phone_that_tells_no_position_says_why_and_the_week_is_moved_without_scripts(
    house: SimpleNamespace, somebody: Callable[..., Person]
) -> None:
    start = timezone.now() + timedelta(days=2)
    visit = visit_for("planned", house.anna, make_customer(owner=house.anna), start)
    phone = somebody(house.anna, f"/visits/{visit.pk}/do/arrive/", width=390)
    expect(phone.page.locator("[data-position-status]")).to_contain_text("not allowed")
    expect(phone.page.locator("[name=no_position]")).to_have_value("refused")
    plain = somebody(house.anna, f"/visits/week/?day={start.date()}", scripts=False)
    plain.press(f"To the day after: {visit.customer.name}")
    expect(plain.page.locator("body")).to_contain_text("The customer has not been told.")
    visit.refresh_from_db()
    assert visit.planned_start == start + timedelta(days=1)


def test_without_a_connection_the_time_of_pressing_is_kept_by_the_clock_of_the_account(
    house: SimpleNamespace, somebody: Callable[..., Person]
) -> None:
    type(house.anna).objects.filter(pk=house.anna.pk).update(time_zone="Asia/Shanghai")
    visit = visit_for("planned", house.anna, make_customer(owner=house.anna), timezone.now() + timedelta(hours=1))
    phone = somebody(house.anna, f"/visits/{visit.pk}/do/arrive/", width=390).page  # its own clock is in no such zone
    expect(phone.locator("[name=no_position]")).to_have_value("refused")
    phone.context.set_offline(True)
    phone.get_by_role("main").get_by_role("button", name="Check in").click()
    expect(phone.get_by_role("alert")).to_contain_text("No connection")
    with timezone.override("Asia/Shanghai"):
        kept = datetime.fromisoformat(phone.locator("[name=stated_at]").input_value())
        assert abs(timezone.make_aware(kept) - timezone.now()) < timedelta(minutes=3)
    phone.context.set_offline(False)
    phone.get_by_role("alert").get_by_role("button").click()
    expect(phone.get_by_role("main")).to_contain_text("punctual")
    assert abs(CheckIn.objects.get().received_at - Visit.objects.get().arrived_at) < timedelta(minutes=3)
