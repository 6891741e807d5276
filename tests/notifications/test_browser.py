"""The pages in a real browser: they fit, work without scripts, and break no rule of accessibility."""

from __future__ import annotations

from typing import Any

import pytest

from foundation.accounts.models import Team
from foundation.notifications import subjects
from foundation.notifications.actions import offer_writing
from foundation.notifications.models import InboxItem, Message
from foundation.notifications.outbox import put_in_inbox
from tests.accounts.factories import make_user
from tests.notifications.conftest import ANNA
from tests.notifications.test_pages import RIGHTS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.notifications.urls"),
]


@pytest.fixture
def key(session_of: Any, waiting: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """Somebody with an inbox and a message that failed."""
    monkeypatch.setattr(Team, "get_absolute_url", lambda self: f"/crates/{self.pk}/", raising=False)
    monkeypatch.setattr(subjects, "_customers", [lambda user: Team.objects.filter(name="Customer of everybody")])
    Team.objects.create(pk=ANNA.customer_id, name="Customer of everybody")
    offer_writing(Team)
    lena = make_user("Lena Vogt", permissions=RIGHTS)
    crate = Team.objects.get(name="Oak floor")
    links = f"/crates/{crate.pk}/"
    put_in_inbox(
        [
            InboxItem(user=lena, text="First answer: IN-2026-0041 is due soon", detail="Due at 16:40.", link=links),
            InboxItem(user=lena, text="Resolution: T-2026-0007 is late", detail="Was due at 09:00.", link=links),
        ]
    )
    waiting(body="Sehr geehrte Frau Berg,\n\nIhre Kiste ist gepackt.\n\nhttps://kontor.example/p/t/abc/", language="de")
    Message.objects.update(state="failed", last_error="550 5.1.1 This mailbox does not exist", attempts=1)
    return str(session_of(lena))


def test_a_notice_is_opened_without_scripts_and_is_read_then(open_page: Any, key: str) -> None:
    page = open_page("/inbox/", session=key, scripts=False)
    page.get_by_role("button", name="First answer: IN-2026-0041 is due soon").click()
    assert "/crates/" in page.url
    assert InboxItem.objects.filter(read_at=None).count() == 1
    page.goto("/inbox/?view=unread")
    page.get_by_role("button", name="Mark all as read").click()
    assert not InboxItem.objects.filter(read_at=None).exists()


def test_a_message_is_sent_by_the_switch_and_a_note_without_it(open_page: Any, key: str) -> None:
    crate = Team.objects.get(name="Oak floor")
    page = open_page(f"/crates/{crate.pk}/", session=key)
    assert page.get_by_role("button", name="Save note").is_visible()
    assert not page.get_by_role("button", name="Send to the customer").is_visible()
    page.get_by_text("To the customer", exact=True).click()
    assert page.get_by_text("This goes to Anna Berg, German, by email.").is_visible()
    assert not page.get_by_role("button", name="Save note").is_visible()
    page.locator("#composer-text").fill("Ihre Kiste ist unterwegs.")
    page.get_by_role("button", name="Send to the customer").click()
    page.get_by_text("Your message to Anna Berg is on its way.").wait_for()
    assert Message.objects.filter(body="Ihre Kiste ist unterwegs.", to_address="anna@example.com").count() == 1


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_no_page_breaks_a_rule_of_accessibility_or_its_width(open_page: Any, key: str, width: int, dark: bool) -> None:
    from axe_playwright_python.sync_playwright import Axe

    message, crate = Message.objects.get(), Team.objects.get(name="Oak floor")
    page = open_page("/inbox/", session=key, width=width, dark=dark)
    for address in ("/inbox/", "/messages/", f"/messages/{message.pk}/", f"/crates/{crate.pk}/do/write/"):
        page.goto(address)
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, f"{address}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
