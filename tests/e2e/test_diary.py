"""The calendar before a browser: dragged, moved by keys, refused, taken back; nothing wrong for axe, nothing pushed sideways."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from crm.models import Visit
from foundation.calendars.zones import load_zone
from tests.accounts.factories import make_user
from tests.crm.factories import make_customer, visit_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def week(house: SimpleNamespace) -> SimpleNamespace:
    """A visit that is only proposed, and one that is planned, in the week after next."""
    with timezone.override("Europe/Berlin"):
        monday = timezone.localdate() + timedelta(days=14 - timezone.localdate().weekday())

        def at(day: int, hour: int) -> datetime:
            return datetime.combine(monday + timedelta(days=day), time(hour), load_zone("Europe/Berlin"))

        return SimpleNamespace(
            at=at,
            monday=monday,
            address=f"/calendar/?view=week&date={monday}",
            proposed=visit_for("proposed", house.anna, make_customer("Hafen GmbH", owner=house.anna), at(1, 10)),
            planned=visit_for("planned", house.anna, make_customer("Kai GmbH", owner=house.anna), at(2, 14)),
        )


def start_of(visit: Visit) -> datetime:
    visit.refresh_from_db()
    assert visit.planned_start is not None
    return visit.planned_start


def test_a_visit_is_dragged_to_another_day_and_taken_back(house, week, at_work: Callable[..., Any]) -> None:
    page = at_work(house.anna, week.address).page
    entry = page.locator(f"[data-entry='visits-{week.proposed.pk}']")
    box = entry.bounding_box()
    other = page.locator(f"[data-day='{week.monday + timedelta(days=3)}'] .blocks").bounding_box()
    quarter = page.locator(f"[data-day='{week.monday}'] .slots li").first.bounding_box()["height"] / 4
    page.mouse.move(box["x"] + 20, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(other["x"] + 30, box["y"] + 20, steps=4)
    page.mouse.move(other["x"] + 30, box["y"] + 8 + 4 * quarter, steps=4)
    page.mouse.up()
    expect(page.locator("#messages")).to_contain_text("is now on")
    assert start_of(week.proposed) == week.at(3, 11)
    page.locator("#messages .undo").click()
    expect(page.locator("#messages")).to_contain_text("is back on")
    assert start_of(week.proposed) == week.at(1, 10)


def test_the_same_by_keyboard_and_a_planned_one_asks_who_is_told(house, week, at_work: Callable[..., Any]) -> None:
    page = at_work(house.anna, week.address).page
    link = page.locator(f"[data-entry='visits-{week.planned.pk}'] .entry-name")
    link.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown"):
        page.keyboard.press(f"Shift+{key}")
    expect(page.locator("[data-diary-said]")).to_contain_text("14:30")
    page.keyboard.press("Escape")
    expect(page.locator("[data-diary-said]")).to_contain_text("It stays where it was.")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("Tell the customer")
    assert start_of(week.planned) == week.at(2, 14)
    dialog.get_by_role("button", name="Move", exact=False).last.click()
    expect(page.locator("#messages")).to_contain_text("The customer has not been told.")
    assert start_of(week.planned) == week.at(3, 14)


def test_what_is_refused_says_why_and_stays(house, week, at_work: Callable[..., Any]) -> None:
    page = at_work(house.anna, week.address).page
    page.locator(f"[data-entry='visits-{week.planned.pk}'] .entry-name").focus()
    for _ in range(28):
        page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Enter")
    dialog = page.locator("dialog[open]")
    dialog.locator(".btn.go").click()
    expect(dialog).to_contain_text("This time has passed already.")
    assert start_of(week.planned) == week.at(2, 14)
    page.problems[:] = [one for one in page.problems if "422" not in one]


def test_keys_lead_through_the_calendar_and_a_new_thing_begins_where_enter_is_pressed(
    house: SimpleNamespace, week: SimpleNamespace, at_work: Callable[..., Any]
) -> None:
    page = at_work(house.anna, week.address).page
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**date={week.monday + timedelta(days=7)}*")
    page.keyboard.press("m")
    page.wait_for_url("**view=month*")
    page.keyboard.press("d")
    page.wait_for_url("**view=day*")
    page.keyboard.press("t")
    expect(page.locator("[data-diary-today][aria-current=date]")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_contain_text("In the calendar")
    page.keyboard.press("Escape")
    page.locator("[data-slot][tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-slot]:focus")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]").get_by_role("link", name="Visit")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_axe_finds_nothing_and_nothing_is_pushed_sideways(house, week, at_work, width: int, dark: bool) -> None:
    for query in ("view=week", "view=day", "view=month", "view=week&who=team", "view=day&who=team"):
        address = f"/calendar/?{query}&date={week.monday + timedelta(days=1)}"
        page = at_work(house.anna, address, width=width, dark=dark).page
        assert page.evaluate("document.documentElement.scrollWidth") <= width, query
        if width != 320:
            found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
            assert found.violations_count == 0, f"{query}: {found.generate_report()}"


def test_the_day_of_many_people_scrolls_within_its_frame(house, week, at_work: Callable[..., Any]) -> None:
    for number in range(16):
        make_user(f"Colleague {number}", role="sales", manager=house.maria)
    page = at_work(house.maria, f"/calendar/?view=day&who=all&date={week.monday}").page
    expect(page.locator(".diary-col")).not_to_have_count(0)
    assert page.locator(".diary-col").count() > 12
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
