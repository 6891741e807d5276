"""A campaign in a browser: from the list of customers over words and trial to what became of it; and what axe says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from crm.models import Campaign
from crm.services.campaign_sending import send_campaigns
from foundation.notifications.models import Message, QuietHours
from tests.crm.factories import make_contact, make_customer
from tests.e2e.people import Person, link_in, post
from tests.notifications.sinks import MailSink

pytestmark = pytest.mark.django_db(transaction=True)


def session_of(user: Any) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def accessible(person: Person) -> None:
    found = Axe().run(person.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert not found.response["violations"], found.generate_report()


def test_a_campaign_is_drafted_from_the_list_tried_scheduled_and_its_results_are_read(
    house: SimpleNamespace, open_page: Callable[..., Any], mail: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foundation.notifications.manners.quiet.is_working_day", lambda day, country: True)
    QuietHours.objects.all().delete()
    customer = make_customer("Hafen GmbH", owner=house.anna, language="de", tier="key")
    make_contact(customer, name="Petra Petersen", email="petra@hafen.example", is_main=True)
    make_customer("Kai GmbH", owner=house.anna, tier="key")
    anna = Person(open_page("/customers/?tier=key", session=session_of(house.anna)))
    anna.press("Write to these customers").sees("2 customers are in the list.")
    accessible(anna)
    anna.fill(name="Oak 55", kind="news", template="campaign.new_product").submit()
    anna.page.wait_for_url("**/words/")
    accessible(anna)
    anna.press("Save").sees("2 customers at the moment", "{product_name}")
    anna.do("Fill in the gaps", product_name="Oak 55", product_facts="5.5 mm").sees("The gaps are filled.")
    accessible(anna)
    campaign = Campaign.objects.get()
    anna.open(f"/campaigns/{campaign.pk}/preview/?language=de").sees("Neu im Programm: Oak 55", "Petra Petersen")
    accessible(anna)
    anna.open(f"/campaigns/{campaign.pk}/sample/").sees("Of the first 2 customers of the list 1 would get it.")
    accessible(anna)
    anna.open(campaign.get_absolute_url()).do("Send it to me", language="de")
    anna.sees("The trial is on its way to you.")
    assert "Neu im Programm: Oak 55" in post(mail)[0]["Subject"]
    anna.do("Schedule").sees("It is scheduled.")
    anna.press("Undo: back to draft").sees("It is a draft again.")
    anna.do("Schedule").sees("It is scheduled.")
    Campaign.objects.update(scheduled_for=timezone.now() - timedelta(seconds=1))
    send_campaigns()
    (letter,) = post(mail)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    anna.open(campaign.get_absolute_url()).sees("1 of 2 customers have been written to.")
    accessible(anna)
    _read_and_decline(anna, open_page, campaign, letter)


def _read_and_decline(anna: Person, open_page: Callable[..., Any], campaign: Campaign, letter: Any) -> None:
    anna.page.get_by_role("link", name="No address: 1").click()
    expect(anna.page.get_by_role("main")).to_contain_text("Kai GmbH")
    expect(anna.page.get_by_role("main")).not_to_contain_text("Hafen GmbH")
    accessible(anna)
    stop = letter["List-Unsubscribe"].strip("<>").partition("//")[2].partition("/")[2]
    assert Client().post(f"/{stop}", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert link_in(letter, "/p/wishes/")
    anna.open(campaign.get_absolute_url()).sees("Declined afterwards")
    anna.page.set_viewport_size({"width": 390, "height": 800})
    for path in ("/campaigns/", campaign.get_absolute_url(), f"/campaigns/{campaign.pk}/recipients/"):
        anna.open(path)
        width = anna.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, (path, width)
        accessible(anna)
    assert Message.objects.filter(customer_id__isnull=False).count() == 1
