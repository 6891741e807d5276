"""The pages in a real browser: a phone, the dark, no scripts, the keyboard; nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from foundation.accounts.models import Team, User
from foundation.calendars import defaults
from foundation.calendars.models import Calendar, HolidayYear
from foundation.calendars.services.closures import add_closure
from foundation.calendars.services.holidays import propose_holidays
from foundation.calendars.services.uses import use_for_team
from foundation.ui import formats
from tests.calendars.factories import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]
LANGUAGES = ("en", "zh-hans", "zh-hant", "de")


@pytest.fixture
def berlin() -> Calendar:
    defaults.load()
    calendar = Calendar.objects.get(code="berlin")
    today = datetime.now(UTC).date()
    add_closure(
        calendar.pk,
        actor=None,
        first=today + timedelta(days=9),
        last=today + timedelta(days=13),
        name="Stocktaking",
        reason="Once a year",
    )
    use_for_team(calendar.pk, actor=None, team=Team.objects.create(name="Europe"))
    propose_holidays(calendar.pk, actor=None, country="DE", region="BE", year=today.year + 1)
    return Calendar.objects.get(pk=calendar.pk)


@pytest.fixture
def visit(open_page: Callable[..., Any], session_of: Callable[[Any], str]) -> Callable[..., Any]:
    """Open a page as a manager."""
    manager = person()
    session = session_of(manager)

    def open_one(path: str, *, speaks: str = "en", **options: Any) -> Any:
        User.objects.filter(pk=manager.pk).update(language=speaks)
        return open_page(path, session=session, **options)

    return open_one


def addresses(calendar: Calendar) -> list[str]:
    proposal = HolidayYear.objects.filter(calendar=calendar).first()
    return [
        "/calendars/",
        calendar.get_absolute_url(),
        f"{calendar.get_absolute_url()}edit/",
        f"{calendar.get_absolute_url()}do/close/",
        proposal.get_absolute_url(),
    ]


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_axe_finds_nothing(visit: Callable[..., Any], berlin: Calendar, width: int, dark: bool) -> None:
    for path in addresses(berlin):
        found = Axe().run(visit(path, width=width, dark=dark))
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"


@pytest.mark.parametrize("speaks", LANGUAGES)
def test_nothing_is_wider_than_a_phone(visit: Callable[..., Any], berlin: Calendar, speaks: str) -> None:
    for path in addresses(berlin):
        page = visit(path, width=390, height=844, speaks=speaks)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_a_manager_confirms_next_year_without_scripts(visit: Callable[..., Any], berlin: Calendar) -> None:
    proposal = HolidayYear.objects.filter(calendar=berlin).first()
    page = visit(proposal.get_absolute_url(), scripts=False, width=390, height=844)
    page.get_by_label(formats.weekday(date(proposal.year, 3, 8)), exact=True).uncheck()
    page.get_by_role("button", name="leave out the others").click()
    assert "Confirmed. These days count from now on." in page.inner_text("main")
    berlin.refresh_from_db()
    assert proposal.year in berlin.plan["years"]
    assert f"{proposal.year}-03-08" not in berlin.plan["closed"]
    assert f"{proposal.year}-12-25" in berlin.plan["closed"]


def test_the_months_are_walked_through_by_keyboard(visit: Callable[..., Any], berlin: Calendar) -> None:
    page = visit(f"{berlin.get_absolute_url()}?month=2026-09")
    page.get_by_role("link", name="Next month").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**month=2026-10#month")
    assert "October 2026" in page.inner_text("#month")
    assert "Tag der Deutschen Einheit" in page.inner_text("#month")
