"""The pages of incoming mail in a real browser: sorted by hand, and no rule of accessibility or of width broken."""

from __future__ import annotations

from typing import Any

import pytest

from aftersales.models import Ticket
from foundation.accounts.models import User
from foundation.mailroom.models import IncomingMail
from foundation.mailroom.services import take_in
from tests.mailroom import mails

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def key(session_of: Any, ticket: Ticket, clerk: User) -> str:
    """Somebody who sorts mail: one names the complaint, one brings a program, one joined, one is unreadable."""
    quoted = "Three boards.\n\nOn Monday Kontor <info@kontor.example> wrote:\n> How many?"
    take_in(mails.letter(sender="stranger@elsewhere.example", subject=f"Complaint {ticket.number}"))
    take_in(mails.letter(sender="post@elsewhere.example", files=[("bill.pdf.js", "application/octet-stream", b"x")]))
    take_in(mails.letter(subject=ticket.number, text=quoted))
    take_in(b"no header")
    return str(session_of(clerk))


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_no_page_breaks_a_rule_of_accessibility_or_its_width(open_page: Any, key: str, width: int, dark: bool) -> None:
    from axe_playwright_python.sync_playwright import Axe

    first = IncomingMail.objects.get(reason="unknown_sender")
    addresses = ["/mail/", "/mail/?view=all", *(one.get_absolute_url() for one in IncomingMail.objects.all())]
    page = open_page("/", session=key, width=width, dark=dark)
    for address in (*addresses, f"/mail/{first.pk}/do/assign/", f"/mail/{first.pk}/do/discard/"):
        page.goto(address)
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, f"{address}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


@pytest.mark.parametrize("scripts", [True, False])
def test_a_mail_is_sorted_from_the_list(open_page: Any, key: str, ticket: Ticket, scripts: bool) -> None:
    page = open_page("/mail/", session=key, scripts=scripts)
    page.get_by_role("link", name=f"Complaint {ticket.number}").click()
    page.get_by_text("Give to a record").first.click()
    field = page.get_by_label("Number of the record")
    field.wait_for()
    assert field.input_value() == ticket.number
    page.get_by_role("button", name="Give to a record").last.click()
    page.get_by_text("The mail has joined the record.").wait_for()
    assert IncomingMail.objects.get(subject_line=f"Complaint {ticket.number}").result == "joined"
