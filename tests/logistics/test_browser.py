"""The pages in a real browser: the signature on a phone, with and without scripts, and nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from foundation.accounts import tokens
from logistics import services
from logistics.models import ProofOfDelivery, Shipment
from logistics.services.sharing import PURPOSE
from tests.logistics.factories import bring_to, dispatch, make_order, make_user, plan, png
from tests.support.defaults import load_defaults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]
LANGUAGES = ("en", "zh-hans", "zh-hant", "de")


@pytest.fixture
def visit(open_page: Callable[..., Any], session_of: Callable[[Any], str]) -> Callable[..., Any]:
    """Open a page as somebody of logistics."""
    session = session_of(make_user("logistics", language="en"))

    def open_one(path: str, **options: Any) -> Any:
        return open_page(path, session=session, **options)

    return open_one


def test_the_receiver_signs_with_a_finger_on_a_phone(visit: Callable[..., Any]) -> None:
    shipment = bring_to("arrived")
    page = visit(f"/shipments/{shipment.pk}/do/sign/", width=390, height=844)
    page.get_by_label("Name of the receiver").fill("Frau Petersen")
    page.get_by_label("Is anything missing?").fill("one box of 36")
    pad = page.locator("canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 20):
        page.mouse.move(box["x"] + 40 + step * 10, box["y"] + 60 + (step % 5) * 12)
    page.mouse.up()
    page.get_by_role("button", name="Goods received").click()
    page.wait_for_url(f"**/shipments/{shipment.pk}/")
    pod = ProofOfDelivery.objects.get()
    assert (pod.signer_name, pod.shortages) == ("Frau Petersen", "one box of 36")
    assert pod.signature.media_type == "image/png"
    assert Shipment.objects.get().status == "signed"
    assert "one box of 36" in page.inner_text("#pod")


def test_without_scripts_a_photo_of_the_paper_does_it(visit: Callable[..., Any], tmp_path: Path) -> None:
    shipment = bring_to("arrived")
    paper = tmp_path / "paper.png"
    paper.write_bytes(png())
    page = visit(f"/shipments/{shipment.pk}/do/sign/", width=390, scripts=False)
    page.locator("[name=signer_name]").fill("Frau Petersen")
    page.locator("details.path-help summary").click()
    page.locator("[name=scan]").set_input_files(paper)
    page.get_by_role("button", name="Goods received").click()
    assert Shipment.objects.get().status == "signed"
    assert ProofOfDelivery.objects.get().scan is not None


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_is_wider_than_the_screen_in_any_language(
    visit: Callable[..., Any], open_page: Any, width: int
) -> None:
    load_defaults()
    signed, arrived, way = bring_to("signed"), bring_to("arrived"), dispatch(plan())
    raw = tokens.issue(PURPOSE, way)
    page = visit("/shipments/", width=width)
    paths = [
        "/shipments/?view=all",
        f"/shipments/{signed.pk}/",
        f"/shipments/{arrived.pk}/do/sign/",
        f"/p/track/{raw}/",
    ]
    for language in LANGUAGES:
        for path in paths:
            page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (path, language)


@pytest.mark.parametrize(("width", "dark"), [(390, False), (1280, True)])
def test_axe_finds_nothing(visit: Callable[..., Any], width: int, dark: bool) -> None:
    way, arrived, signed = dispatch(plan()), bring_to("arrived"), bring_to("signed")
    services.add_tracking_event(way.pk, actor=None, at=timezone.now(), place="Suez", text="Convoy formed")
    order = make_order()
    page = visit("/shipments/", width=width, dark=dark)
    paths = [
        "/shipments/?view=all",
        f"/shipments/{way.pk}/",
        f"/shipments/{signed.pk}/",
        f"/shipments/{arrived.pk}/do/sign/",
        f"/shipments/{way.pk}/do/change_eta/",
        f"/shipments/new/?order={order.pk}",
        f"/p/track/{tokens.issue(PURPOSE, way)}/",
        "/p/track/nothing/",
    ]
    rules = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    for path in paths:
        page.goto(path)
        found = Axe().run(page, options={"runOnly": rules}).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == [], path
    page.problems[:] = [one for one in page.problems if "404" not in one]  # the closed link answers so
