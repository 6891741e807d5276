"""Back to a form that was sent: the same words again change nothing, other words are another deed."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from crm.models import Inquiry
from tests.e2e.people import Person
from tests.notifications.sinks import MailSink


def test_what_was_sent_before_going_back_is_not_sent_again(
    house: SimpleNamespace, open_page: Callable[..., Any], mail: MailSink
) -> None:
    visitor = Person(open_page("/inquiry/?lang=en"))
    visitor.fill(
        contact_name="Mary Webb", country="GB", email="mary@webb.example", subject="Glass walls", text="Prices?"
    )
    visitor.fill(has_consented=True).submit()
    visitor.page.wait_for_url("**/thanks/**")
    number = Inquiry.objects.get().number
    visitor.page.go_back()
    visitor.submit()
    visitor.page.wait_for_url("**/thanks/**")
    visitor.sees(number)
    assert Inquiry.objects.count() == 1
    visitor.page.go_back()
    visitor.fill(subject="Glass doors").submit()
    visitor.page.wait_for_url("**/thanks/**")
    assert sorted(Inquiry.objects.values_list("subject", flat=True)) == ["Glass doors", "Glass walls"]
