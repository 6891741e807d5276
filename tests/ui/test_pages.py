"""The shell in a real browser: access for all, keys, dialogs, narrow screens, and life without scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders

from foundation.accounts.models import User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("demo")]

PAGES = ["/", "/list/", "/record/", "/form/", "/ui/help/", "/public/", "/account/login/"]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.fixture
def visit(open_page: Callable[..., Any], reader: User, session_of: Callable[[Any], str]) -> Callable[..., Any]:
    """Open a page as the reader; the sign-in page as a stranger."""
    if not finders.find("ui/icons.svg"):
        pytest.skip("the icon sprite is missing: manage.py build_assets")

    def go(path: str, **options: Any) -> Any:
        session = None if path.startswith(("/account", "/public")) else session_of(reader)
        return open_page(path, session=session, **options)

    return go


def faults(page: Any) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(visit: Callable[..., Any], path: str, width: int, dark: bool) -> None:
    assert faults(visit(path, width=width, dark=dark)) == []


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_needs_no_sideways_scrolling_on_320_pixels(
    visit: Callable[..., Any], reader: User, path: str, language: str
) -> None:
    User.objects.filter(pk=reader.pk).update(language=language)
    page = visit(path, width=320, language=language)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    cut = "[...document.querySelectorAll('.btn, .bottom span, button')].filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1 && getComputedStyle(e).display !== 'inline').map(e => e.textContent)"
    assert page.evaluate(cut) == []


def test_targets_on_a_phone_are_large_enough(visit: Callable[..., Any]) -> None:
    page = visit("/record/", width=390)
    small = "[...document.querySelectorAll('.btn, .bottom > a, .bottom summary, .search input, .tool')].filter(e => e.offsetParent && (e.offsetHeight < 44 || e.offsetWidth < 44)).map(e => e.outerHTML.slice(0, 80))"
    assert page.evaluate(small) == []


def test_a_row_is_a_card_of_at_most_four_facts_on_a_phone(visit: Callable[..., Any]) -> None:
    page = visit("/list/", width=390)
    shown = (
        page.locator("[data-rows] > tr")
        .first.locator(":scope > :is(td, th)")
        .evaluate_all("cells => cells.filter(cell => cell.offsetParent).length")
    )
    assert shown <= 4


def test_the_sheet_lists_the_keys_that_work(visit: Callable[..., Any]) -> None:
    page = visit("/list/")
    page.keyboard.press("?")
    assert "Open the command palette" in page.locator("dialog").inner_text()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("?jk")
    assert page.locator("dialog").count() == 0 and page.input_value("#search") == "?jk"


def test_j_and_k_walk_the_rows_and_enter_opens_one(visit: Callable[..., Any]) -> None:
    page = visit("/list/")
    for key in "jjk":
        page.keyboard.press(key)
    assert page.locator("tr.is-active th a").inner_text() == "Nordholz Böden GmbH"
    page.keyboard.press("Enter")
    page.wait_for_url("**/record/")


def test_single_letters_can_be_switched_off(visit: Callable[..., Any], reader: User) -> None:
    User.objects.filter(pk=reader.pk).update(single_key_shortcuts=False)
    page = visit("/list/")
    page.keyboard.press("?")
    assert page.locator("dialog").count() == 0
    page.keyboard.press("Control+k")
    page.locator("dialog.palette").wait_for()


def test_the_palette_finds_pages_and_the_next_steps_of_the_record(visit: Callable[..., Any]) -> None:
    page = visit("/record/")
    steps = {
        "label": "Next steps",
        "items": [{"label": "Propose a solution", "url": "/form/?step=propose", "method": "get"}],
    }
    page.route(
        "**/palette/**", lambda route: route.fulfill(json={"groups": [steps] if "propose" in route.request.url else []})
    )
    page.keyboard.press("Control+k")
    page.locator("dialog.palette input").fill("propose")
    page.locator(".palette-item", has_text="Propose a solution").wait_for()
    page.keyboard.press("Enter")
    page.locator("dialog h1", has_text="Dispatch shipment").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.locator("dialog.palette input").fill("custo")
    page.locator(".palette-item", has_text="Customers").wait_for()
    assert faults(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/list/")


def test_a_short_form_opens_over_the_page_keeps_errors_and_returns_the_focus(visit: Callable[..., Any]) -> None:
    page = visit("/record/")
    button = page.get_by_role("link", name="Propose a solution")
    button.click()
    dialog = page.locator("dialog")
    dialog.get_by_label("Carrier").fill("COSCO")
    dialog.get_by_role("button", name="Dispatch").click()
    dialog.locator(".summary").wait_for()
    assert dialog.get_by_label("Carrier").input_value() == "COSCO"
    assert faults(page) == []
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Propose a solution"


def test_what_destroys_asks_first_and_names_its_object(visit: Callable[..., Any]) -> None:
    page = visit("/record/")
    page.get_by_text("More actions").locator("..").click()
    page.get_by_role("button", name="Cancel ticket").click()
    assert page.locator("dialog h1").inner_text() == "Cancel ticket T-2026-0481?"
    page.get_by_role("button", name="Cancel", exact=True).click()
    assert page.url.endswith("/record/")


def test_the_rail_stays_folded(visit: Callable[..., Any]) -> None:
    page = visit("/list/")
    page.locator("[data-rail-fold]").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.rail") == "narrow"
    assert faults(page) == []


def test_input_survives_a_lost_connection(visit: Callable[..., Any]) -> None:
    page = visit("/form/")
    page.get_by_label("Carrier").fill("COSCO")
    page.context.set_offline(True)
    page.get_by_role("button", name="Dispatch").click()
    page.locator(".is-offline").wait_for()
    assert page.get_by_label("Carrier").input_value() == "COSCO"
    assert page.get_by_role("button", name="Dispatch").is_enabled()
    page.context.set_offline(False)


def test_a_page_of_the_list_is_swapped_and_the_address_follows(visit: Callable[..., Any]) -> None:
    page = visit("/list/")
    page.evaluate("document.body.dataset.same = 'yes'")
    page.get_by_role("link", name="Next page").click()
    page.wait_for_url("**/list/?page=3")
    assert page.evaluate("document.body.dataset.same") == "yes"
    page.get_by_label("Search in this list").fill("nobody")
    page.keyboard.press("Enter")
    page.get_by_text("Nothing matches these filters").wait_for()
    assert page.url.endswith("?q=nobody")
    assert page.evaluate("document.activeElement.id") == "list-search"
    page.go_back()
    page.get_by_text("Nordholz").wait_for()


def test_the_switch_to_the_customer_is_visible(visit: Callable[..., Any]) -> None:
    page = visit("/record/")
    assert page.get_by_role("button", name="Save note").is_visible()
    assert not page.get_by_role("button", name="Send to the customer").is_visible()
    page.get_by_text("To the customer", exact=True).click()
    assert page.get_by_text("This goes to Frau Petersen, German.").is_visible()
    assert not page.get_by_role("button", name="Save note").is_visible()


def test_a_signature_can_be_drawn(visit: Callable[..., Any]) -> None:
    page = visit("/public/", width=390)
    frame = page.locator("canvas").bounding_box()
    page.mouse.move(frame["x"] + 30, frame["y"] + 60)
    page.mouse.down()
    page.mouse.move(frame["x"] + 160, frame["y"] + 120, steps=5)
    page.mouse.up()
    assert page.input_value("input[name=signature]").startswith("data:image/png;base64,")
    page.get_by_role("button", name="Start again").click()
    assert page.input_value("input[name=signature]") == ""


def test_everything_that_matters_works_without_scripts(visit: Callable[..., Any]) -> None:
    page = visit("/record/", scripts=False)
    page.locator("summary", has_text="New").first.click()
    assert page.get_by_role("link", name="Inquiry").first.is_visible()
    page.get_by_role("link", name="Propose a solution").click()
    page.get_by_label("Carrier").fill("COSCO")
    page.get_by_role("button", name="Dispatch").click()
    assert page.get_by_label("Carrier").input_value() == "COSCO"
    assert page.get_by_role("alert").is_visible()
    page.goto("/list/")
    page.get_by_label("Search in this list").fill("nobody")
    page.keyboard.press("Enter")
    page.get_by_text("Nothing matches these filters").wait_for()


def test_style_and_scripts_keep_their_budget() -> None:
    import brotli

    def size(*names: str) -> int:
        return sum(len(brotli.compress(Path(finders.find(name)).read_bytes())) for name in names)

    styles = [f"ui/css/{name}.css" for name in ("tokens", "base", "layout", "components", "print")]
    scripts = ["django_htmx/htmx-2.min.js", *(f"ui/js/{name}.js" for name in ("main", "palette", "signature"))]
    assert size(*styles) <= 40 * 1024 and size(*scripts) <= 35 * 1024
