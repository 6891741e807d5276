"""What customers choose to hear, and the one click of their mail programs."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from crm.models import Contact
from foundation.accounts import tokens
from foundation.journal.models import Event
from foundation.notifications import compose
from foundation.notifications.channels.email.letter import letter
from foundation.notifications.manners.defaults import load_manners
from foundation.notifications.manners.links import PURPOSE
from foundation.notifications.models import Message, OptOut
from tests.crm.factories import make_contact, make_customer

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def make_message(contact: Contact, **fields: Any) -> Message:
    columns = {
        **compose.about(contact.customer, contact.customer_id), "kind": "news", "channel": "email", "body": "New floors",
        "subject_line": "News", "recipient_key": f"contact:{contact.pk}", "to_address": contact.email, "language": "de",
    }  # fmt: skip
    return Message.objects.create(**{**columns, **fields})


@pytest.fixture
def anna(db: None) -> Contact:
    load_manners()
    return make_contact(make_customer(language="de"), name="Anna Berg")


@pytest.fixture
def raw(anna: Contact) -> str:
    return tokens.issue(PURPOSE, make_message(anna), contact_key=f"contact:{anna.pk}")


def test_only_marketing_says_how_it_is_declined(anna: Contact) -> None:
    marketing, service = letter(make_message(anna), None), letter(make_message(anna, kind="order"), None)
    assert marketing.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert marketing.extra_headers["List-Unsubscribe"].endswith("/stop/>") and "/p/wishes/" in str(marketing.body)
    assert "List-Unsubscribe" not in service.extra_headers and service.body == "New floors"


def test_looking_at_the_link_declines_nothing(visitor: Client, raw: str) -> None:
    for address in (f"/p/wishes/{raw}/", f"/p/wishes/{raw}/stop/", f"/p/wishes/{raw}/choose/"):
        visitor.get(address, follow=True)
        visitor.head(address)
    assert not OptOut.objects.exists()


def test_the_page_speaks_the_customers_language(visitor: Client, raw: str) -> None:
    page = visitor.get(f"/p/wishes/{raw}/")
    assert page.status_code == 200 and 'lang="de"' in page.content.decode()
    assert "Neue Produkte" in page.content.decode() and "Aufträge" not in page.content.decode().split("<form")[-1]


def test_what_is_ticked_is_not_called_optional(visitor: Client, raw: str) -> None:
    page = visitor.get(f"/p/wishes/{raw}/?lang=en").content.decode()
    legends = re.findall(r"<legend>(.*?)</legend>", page)
    assert legends and not any("optional" in one for one in legends)
    assert "(optional)" in page  # the language may be left open


def test_one_click_declines_without_session_and_twice_is_once(raw: str, anna: Contact) -> None:
    strict = Client(enforce_csrf_checks=True)
    for _time in range(2):
        assert strict.post(f"/p/wishes/{raw}/stop/", ONE_CLICK).status_code == 200
    row = OptOut.objects.get()
    assert (row.person_key, row.kind, row.channel, row.how) == (f"contact:{anna.pk}", "news", "", "link")
    assert Event.objects.filter(code="wish.declined", customer_id=anna.customer_id).count() == 1


def test_a_service_message_is_never_declined_by_the_link(visitor: Client, anna: Contact) -> None:
    raw = tokens.issue(PURPOSE, make_message(anna, kind="order"))
    visitor.post(f"/p/wishes/{raw}/stop/", ONE_CLICK)
    assert not OptOut.objects.exists()


def test_it_can_be_undone(visitor: Client, raw: str) -> None:
    visitor.post(f"/p/wishes/{raw}/stop/", ONE_CLICK)
    assert "undo" in visitor.get(f"/p/wishes/{raw}/").content.decode()
    visitor.post(f"/p/wishes/{raw}/choose/", {"undo": "1"})
    assert list(OptOut.objects.order_by("pk").values_list("is_withdrawal", flat=True)) == [False, True]


def test_kinds_channels_and_the_contacts_own_preferences_are_saved(visitor: Client, raw: str, anna: Contact) -> None:
    data = {"kind_news": ["email"], "kind_greeting": ["email", "sms"], "kind_survey": [],
            "kind_reference": ["email", "sms"], "kind_market_report": ["email", "sms"], "preferred_channel": "sms", "language": "en"}  # fmt: skip
    assert visitor.post(f"/p/wishes/{raw}/", data).status_code == 302
    assert set(OptOut.objects.values_list("kind", "channel")) == {("news", "sms"), ("survey", "")}
    anna.refresh_from_db()
    assert (anna.preferred_channel, anna.language) == ("sms", "en")
    visitor.post(f"/p/wishes/{raw}/", {**data, "kind_news": ["email", "sms"]})
    assert OptOut.objects.filter(is_withdrawal=True).get().channel == "sms"


def test_what_is_no_choice_is_refused_and_nothing_changes(visitor: Client, raw: str) -> None:
    assert visitor.post(f"/p/wishes/{raw}/", {"kind_news": ["pigeon"], "language": "xx"}).status_code == 422
    assert not OptOut.objects.exists()


@pytest.mark.parametrize("address", ["/p/wishes/x/", "/p/wishes/" + "a" * 43 + "/", "/p/wishes/" + "a" * 43 + "/stop/"])
@pytest.mark.django_db
def test_a_wrong_link_opens_nothing(visitor: Client, address: str) -> None:
    assert visitor.post(address).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_wish() -> None:
    load_manners()
    anna = make_contact(make_customer(), name="Anna Berg")
    raw = tokens.issue(PURPOSE, make_message(anna))
    start = threading.Barrier(2)

    def click() -> None:
        try:
            start.wait(5)
            Client().post(f"/p/wishes/{raw}/stop/", ONE_CLICK)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _number in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert OptOut.objects.count() == 1
