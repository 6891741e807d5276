"""A reception in the showroom, from the booking at a desk to the thanks: ticked and signed on a tablet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from crm.models import Reception, ReceptionVisitor, ServiceRecord
from crm.services.reception_news import tell_due
from foundation.todos.models import Task
from tests.crm.factories import make_contact, make_customer
from tests.e2e.people import Person, post
from tests.notifications.sinks import MailSink

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def somebody(open_page: Callable[..., Any]) -> Callable[..., Person]:
    """Somebody signed in, before a screen of this width."""

    def before(user: Any, path: str, **how: Any) -> Person:
        client = Client()
        client.force_login(user)
        return Person(open_page(path, session=client.cookies[settings.SESSION_COOKIE_NAME].value, **how))

    return before


def test_a_customer_is_received_step_by_step_signs_and_is_thanked(
    house: SimpleNamespace, mail: MailSink, somebody: Callable[..., Person]
) -> None:
    with timezone.override("Europe/Berlin"):
        customer = make_customer("Hafen GmbH", owner=house.anna, language="de")
        make_contact(customer, name="Petra Petersen", email="petra@hafen.example", is_main=True)
        desk = somebody(house.anna, f"/receptions/new/?customer={customer.pk}")
        soon = (timezone.localtime() + timedelta(minutes=30)).strftime("%Y-%m-%dT%H:%M")
        desk.fill(purpose="See the oak collection", start=soon, head_count=3).submit()
        desk.sees("REC-", "Water and tea × 3")
        one = Reception.objects.get()
        desk.press("They are here").sees("Usual questions")
        tablet = somebody(house.anna, f"/receptions/{one.pk}/floor/", width=820)
        _received(tablet)
        _narrow(somebody(house.anna, f"/receptions/{one.pk}/floor/", width=390))
        day = (timezone.localdate() + timedelta(days=2)).isoformat()
        tablet.press("Write down the outcome").fill(
            result="quote", discussed="600 m² of oak", next_step="Send the quote", next_step_on=day, thanks="now"
        ).submit()
        tablet.sees("600 m² of oak", "Satisfied")
        assert Task.objects.get().title == "Send the quote"
        assert ServiceRecord.objects.get(type="reception").customer == customer
        assert tell_due() == 1
        letter = [one for one in post(mail) if "petra@hafen.example" in str(one["To"])][
            -1
        ]  # the first one said when it is
        assert "Vielen Dank für Ihren Besuch" in str(letter["Subject"])


def _received(tablet: Person) -> None:
    """The first two steps, a tick too many, a question, the visitor form."""
    main = tablet.page.get_by_role("main")
    main.get_by_role("listitem").filter(has_text="Reception desk").get_by_role("button").click()
    expect(main.locator("[aria-current=step]")).to_contain_text("Reception desk")
    main.get_by_role("listitem").filter(has_text="Company film").get_by_role("button").click()
    expect(main.locator("[aria-current=step]")).to_contain_text("Company film")
    tablet.press("Take back the last tick")
    expect(main.locator("[aria-current=step]")).to_contain_text("Reception desk")
    main.get_by_role("searchbox", name="Search").fill("Mindestbestellmenge")
    expect(main.locator("#answers")).not_to_contain_text("How long does delivery take?")
    expect(main.locator("#answers")).to_contain_text("Is there a minimum order?")
    tablet.press("Visitor form").fill(rating="satisfied", suggestions="More oak").sign()
    expect(tablet.page.locator("[data-signature-status]")).not_to_be_empty()
    tablet.submit()
    expect(main).to_contain_text("Petra Petersen")
    visitor = ReceptionVisitor.objects.get()
    assert visitor.signature is not None and visitor.signature.media_type == "image/png"


def _narrow(phone: Person) -> None:
    """Nothing is wider than a phone."""
    width = phone.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, width
