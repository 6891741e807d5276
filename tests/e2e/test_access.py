"""Every kind of page, for everybody: axe finds nothing, nothing is pushed sideways, no browser complains."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from foundation.accounts.models import User
from tests.accounts.factories import make_user
from tests.e2e.world import furnish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
EVERYTHING = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"], "preload": False}
# What depends on the theme; the rest was looked at in the light.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"], "preload": False}
SOURCE = Axe().axe_script
RUN = """async options => {
    await Promise.all(document.getAnimations().map(one => one.finished.catch(() => null)));
    return (await axe.run(document, options)).violations;
}"""


def faults(page: Any, options: dict[str, Any]) -> list[str]:
    """What axe finds on the page as it stands; its script is loaded already."""
    found = page.evaluate(RUN, options)
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


def sideways(page: Any, width: int) -> list[str]:
    """Whether the page is wider than the screen, and what pushes it."""
    page.set_viewport_size({"width": width, "height": 900})
    if page.evaluate("document.documentElement.scrollWidth") <= width:
        return []
    wide = f"""[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > {width} + 1)
        .slice(0, 3).map(e => e.tagName + '.' + e.className + ' ' + e.textContent.trim().slice(0, 40))"""
    return [f"scrolls sideways: {page.evaluate(wide)}"]


def look(page: Any, path: str) -> list[str]:
    """What is wrong with one page, in every width and theme."""
    answer = page.goto(path)
    if answer.status != 200 and "unknown" not in path:
        return [f"{path}: {answer.status}"]
    page.evaluate(SOURCE)
    wrong = []
    for width in (1280, 390):
        wrong += [f"{path} at {width}: {one}" for one in sideways(page, width)]
        for scheme, rules in (("light", EVERYTHING), ("dark", COLOURS)):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            wrong += [f"{path} at {width}, {scheme}: {fault}" for fault in faults(page, rules)]
    return wrong + [f"{path} at 320: {one}" for one in sideways(page, 320)]


def test_every_kind_of_page_is_open_to_everybody(
    house: SimpleNamespace, open_page: Callable[..., Any], session_of: Callable[[Any], str]
) -> None:
    inside, office, outside = furnish(house)
    page = open_page("/ui/help/", session=session_of(house.maria))
    wrong = [fault for path in inside for fault in look(page, path)]
    ada = make_user("Ada Roth", role="administrator", is_staff=True, is_superuser=True)
    desk = open_page("/ui/help/", session=session_of(ada))
    wrong += [fault for path in office for fault in look(desk, path)]
    stranger = open_page("/account/login/", language="de-DE")
    wrong += [fault for path in outside for fault in look(stranger, path)]
    # The page behind an address that opens nothing is a 404, of which browsers tell in their console.
    page.problems[:] = [one for one in page.problems if "404" not in one]
    assert not wrong, "\n".join(wrong)


def test_german_words_push_no_page_sideways_on_a_small_phone(
    house: SimpleNamespace, open_page: Callable[..., Any], session_of: Callable[[Any], str]
) -> None:
    inside, _office, _outside = furnish(house)
    User.objects.filter(pk=house.maria.pk).update(language="de")
    page = open_page("/ui/help/", session=session_of(house.maria), width=320)
    wrong = []
    for path in inside:
        page.goto(path)
        wrong += [f"{path}: {one}" for one in sideways(page, 320)]
    assert not wrong, "\n".join(wrong)
