"""What a colleague enters for a contact: wishes, and addresses that are tried again."""

from __future__ import annotations

import pytest
from django.test import Client

from foundation.journal.models import Event
from foundation.notifications.manners.defaults import load_manners
from foundation.notifications.models import DeadAddress, OptOut
from foundation.notifications.services.addresses import mark_bounced
from tests.accounts.factories import make_user
from tests.crm.factories import make_contact, make_customer


@pytest.fixture
def boss(client: Client, db: None) -> Client:
    client.force_login(make_user("Min Luo", is_superuser=True))
    load_manners()
    return client


def test_a_colleague_changes_the_wishes_of_a_contact(boss: Client) -> None:
    contact = make_contact(make_customer())
    address = f"/contacts/{contact.pk}/wishes/"
    assert "New products" in boss.get(address).content.decode()
    wanted = {f"kind_{kind}": ["email", "sms"] for kind in ("greeting", "survey", "reference", "market_report")}
    assert boss.post(address, {**wanted, "kind_news": ["email"]}).status_code == 302
    row = OptOut.objects.get()
    assert (row.kind, row.channel, row.how) == ("news", "sms", "colleague") and row.actor is not None
    assert Event.objects.get(code="wish.declined").customer_id == contact.customer_id


def test_a_dead_address_shows_on_the_customers_page_and_is_tried_again(boss: Client) -> None:
    contact = make_contact(make_customer(), email="anna@berg.example")
    mark_bounced("email", "anna@berg.example", permanent=True, reason="550 no such user")
    page = f"/customers/{contact.customer_id}/"
    assert "anna@berg.example sends messages back" in boss.get(page).content.decode()
    again = f"/contacts/{contact.pk}/try-again/"
    assert boss.get(again).status_code == 405
    boss.post(again, {"channel": "email", "address": "someone@else.example"})
    assert DeadAddress.objects.get().is_dead
    boss.post(again, {"channel": "email", "address": "anna@berg.example"})
    assert not DeadAddress.objects.get().is_dead
    assert "sends messages back" not in boss.get(page).content.decode()


def test_without_the_right_nothing_changes(client: Client, db: None) -> None:
    contact = make_contact(make_customer())
    client.force_login(make_user("Guest"))
    assert client.post(f"/contacts/{contact.pk}/wishes/", {}).status_code == 403
    assert client.post(f"/contacts/{contact.pk}/try-again/", {}).status_code == 403
    assert not OptOut.objects.exists()
