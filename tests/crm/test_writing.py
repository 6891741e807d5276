"""Writing to whoever asked: the first answer first, then the composer of every record."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from crm.models import Inquiry, SavedAnswer
from foundation.accounts.models import User
from foundation.accounts.roles import load_roles
from foundation.notifications.models import Message
from tests.accounts.factories import make_user
from tests.crm.factories import inquiry_in, make_contact, make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(client: Client) -> User:
    load_roles()
    seller = make_user("Emily Carter", role="sales")
    client.force_login(seller)
    return seller


@pytest.fixture
def inquiry(seller: User) -> Inquiry:
    return inquiry_in(
        "assigned", email="anna@berg.example", contact_name="Anna Berg", language="de", subject="Eiche", owner=seller
    )


def _url(inquiry: Inquiry, action: str) -> str:
    return f"/inquiries/{inquiry.pk}/do/{action}/"


def test_before_the_first_answer_only_the_answer_is_written(client: Client, inquiry: Inquiry) -> None:
    page = client.get(inquiry.get_absolute_url()).content.decode()
    assert 'value="customer"' not in page and _url(inquiry, "write") not in page
    turned_away = client.get(_url(inquiry, "write"), follow=True).content.decode()
    assert "has no first answer yet" in turned_away
    for url, data in (
        (_url(inquiry, "write"), {"body": "Hello"}),
        (f"/inquiries/{inquiry.pk}/note/", {"text": "Hello", "audience": "customer"}),
    ):
        client.post(url, data)
    assert not Message.objects.exists()
    assert Inquiry.objects.get(pk=inquiry.pk).status == "assigned"


def test_after_it_the_composer_opens_with_their_words_and_ten_seconds_to_undo(client: Client, inquiry: Inquiry) -> None:
    client.post(_url(inquiry, "answer"), {"subject_line": "Re: Eiche", "language": "de", "body": "Gern."})
    page = client.get(inquiry.get_absolute_url()).content.decode()
    assert 'value="customer"' in page and _url(inquiry, "write") in page
    form = client.get(_url(inquiry, "write"))
    first = form.context["form"]
    assert first["subject_line"].value() == "Re: Eiche"
    assert first["body"].value() == "Guten Tag Anna Berg,\n\n\n\nFreundliche Grüße\nEmily Carter"
    fields: dict[str, Any] = {
        name: first[name].value() or "" for name in ("recipient", "channel", "subject_line", "body")
    }
    refused = client.post(_url(inquiry, "write"), fields)
    assert refused.status_code == 422 and "nothing between the salutation" in refused.content.decode()
    sent = client.post(_url(inquiry, "write"), {**fields, "body": "Noch etwas."})
    message = Message.objects.get(body="Noch etwas.")
    assert sent["Location"] == f"{inquiry.get_absolute_url()}?sent={message.pk}"
    assert (message.language, message.to_address, message.actor) == ("de", "anna@berg.example", inquiry.owner)
    client.post(f"/messages/{message.pk}/take-back/")
    message.refresh_from_db()
    assert message.state == "cancelled"


def test_saved_answers_are_chosen_in_every_composer_and_filled_for_the_person(client: Client, seller: User) -> None:
    customer = make_customer("Bodenwerk", language="de", owner=seller)
    make_contact(customer, name="Jo Meyer", email="jo@bodenwerk.example", is_main=True)
    SavedAnswer.objects.create(code="gone", title_en="Gone", body_en="Gone", is_active=False)
    SavedAnswer.objects.create(
        code="hours",
        title_en="Hours",
        body_en="We are open.",
        body_de="Wir haben für {customer_name} geöffnet: {delivery_date}.",
    )
    url = f"{customer.get_absolute_url()}do/write/"
    page = client.get(url).content.decode()
    assert '<optgroup label="Saved answers">' in page and 'value="answer:hours"' in page and "answer:gone" not in page
    fields = {**client.get(url).context["form"].initial, "template_key": "answer:hours", "fill": "1"}
    form = client.post(url, fields).context["form"]
    body = form["body"].value()
    assert body.startswith("Guten Tag Jo Meyer,\n\nWir haben für ") and body.endswith("Freundliche Grüße\nEmily Carter")
    assert "‹" in body, "what nobody knows yet stays to be filled in"
    assert form["subject_line"].value() == fields["subject_line"]
    del fields["fill"]
    refused = client.post(url, {**fields, "body": body, "send": "1"})
    assert refused.status_code == 422 and "Still to be filled in" in refused.content.decode()
    fields["fill"] = "1"
    texted = client.post(url, {**fields, "channel": "sms"}).context["form"]["body"].value()
    assert texted.startswith("Wir haben")
