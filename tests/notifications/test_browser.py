"""The pages in a real browser: they fit, work without scripts, and break no rule of accessibility."""

from __future__ import annotations

from typing import Any

import pytest

from foundation.accounts.models import Team
from foundation.journal.services import record
from foundation.notifications import subjects
from foundation.notifications.actions import offer_writing
from foundation.notifications.models import InboxItem, Message
from foundation.notifications.outbox import put_in_inbox
from foundation.notifications.words import save_words
from tests.accounts.factories import make_user
from tests.notifications.conftest import ANNA
from tests.notifications.test_pages import RIGHTS
from tests.notifications.test_template_pages import RIGHTS as WORDS_RIGHTS

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
    lena = make_user("Lena Vogt", permissions=(*RIGHTS, *WORDS_RIGHTS))
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
    page.get_by_text("Your message to Anna Berg leaves in 10 seconds.").wait_for()
    assert not page.get_by_role("button", name="Put it back").count()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Its words are a draft again").wait_for()
    message = Message.objects.get(body="Ihre Kiste ist unterwegs.", to_address="anna@example.com")
    assert message.state == "cancelled"


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


def test_the_editor_previews_while_one_types_and_inserts_a_placeholder(open_page: Any, key: str, add_rule: Any) -> None:
    add_rule()
    crate = Team.objects.get(name="Oak floor")
    record("crate.packed", crate)
    page = open_page("/messages/words/crate_packed/?language=de", session=key)
    field = page.locator("#id_de-sms")
    field.fill("Neu: ")
    page.get_by_text("placeholders").click()
    field.focus()
    page.locator('[data-insert="{crate_name}"]').click()
    assert field.input_value() == "Neu: {crate_name}"
    page.locator("#preview-de").get_by_text("Neu: Oak floor").wait_for()
    field.fill("新 {crate_name}")
    page.locator("#preview-de").get_by_text("UCS-2").wait_for()


def test_a_message_is_composed_by_keyboard_kept_while_typing_and_taken_back(open_page: Any, key: str) -> None:
    crate = Team.objects.get(name="Oak floor")
    page = open_page(f"/crates/{crate.pk}/", session=key)
    page.keyboard.press("w")
    page.locator("#id_body").wait_for()
    page.locator("#id_body").fill("Ihre Kiste ist da.")
    page.locator("#compose-status").get_by_text("Draft kept").wait_for()
    page.locator("#id_body").press("Control+Enter")
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Its words are a draft again").wait_for()
    assert page.locator("#id_body").input_value() == "Ihre Kiste ist da."
    assert Message.objects.get(body="Ihre Kiste ist da.").state == "cancelled"


def test_without_scripts_a_message_is_composed_and_taken_back(open_page: Any, key: str) -> None:
    crate = Team.objects.get(name="Oak floor")
    page = open_page(f"/crates/{crate.pk}/do/write/", session=key, scripts=False)
    page.locator("#id_body").fill("Ohne Skript.")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("button", name="Undo").click()
    assert page.locator("#id_body").input_value() == "Ohne Skript."


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_the_pages_of_words_and_rules_break_no_rule_either(
    open_page: Any, key: str, add_rule: Any, width: int, dark: bool
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    rule = add_rule()
    save_words("crate_packed", "de", {"subject": "Neu", "body": "Neu {crate_name}", "sms": ""}, actor=None)
    save_words("crate_packed", "de", {"subject": "Neuer", "body": "Neu", "sms": ""}, actor=None)
    record("crate.packed", Team.objects.get(name="Oak floor"))
    words = "/messages/words/"
    page = open_page("/inbox/", session=key, width=width, dark=dark)
    for address in (
        words,
        f"{words}crate_packed/?language=de",
        f"{words}crate_packed/de/history/",
        "/messages/rules/",
        f"/messages/rules/{rule.pk}/",
    ):
        page.goto(address)
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, f"{address}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
