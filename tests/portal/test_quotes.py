"""A quote on the customer's own page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from foundation.accounts import tokens
from foundation.journal.attachments import attach_bytes
from foundation.journal.machine import perform
from foundation.journal.models import Event
from foundation.notifications.defaults import load_messages
from foundation.notifications.models import InboxItem
from orders.models import Order, Quote
from tests.orders.conftest import FAKE_PDF
from tests.orders.factories import make_lines, make_quote, prepare, quote_in, staff

pytestmark = pytest.mark.django_db
MOST_QUERIES = 6


@pytest.fixture(autouse=True)
def defaults(db: None) -> None:
    cache.clear()
    prepare()


@pytest.fixture
def quote() -> Quote:
    return quote_in("sent", language="en")


def page_of(quote: Quote, **kwargs: Any) -> str:
    return reverse("portal:quote", args=[tokens.issue("quote", quote, **kwargs)])


def answer(client: Client, url: str, **data: str) -> Any:
    return client.post(url, {"answer": "accept", "name": "Karin Petersen", "agrees": "on", **data})


def test_the_page_says_what_the_paper_says_and_nothing_about_us(client: Client, quote: Quote) -> None:
    response = client.get(page_of(quote))
    page = response.content.decode()
    assert response.status_code == 200
    for words in (quote.reference, "SPC flooring Oak Natural", "US$21,197.81", "Cargo insurance", "CIF Hamburg"):
        assert words in page
    assert "Accept the offer" in page and "Decline the offer" in page
    assert response["Cache-Control"] == "no-store" and "noindex" in response["X-Robots-Tag"]
    assert "/orders/" not in page and "/quotes/" not in page and "/products/" not in page


def test_the_page_speaks_the_customers_language(client: Client) -> None:
    quote = quote_in("sent", language="zh-hans")
    page = client.get(page_of(quote)).content.decode()
    assert "接受报价" in page and "石塑地板" in page and 'lang="zh-Hans"' in page
    assert "Accept the offer" in client.get(f"{page_of(quote)}?lang=en").content.decode()


def test_the_page_costs_the_same_with_2_and_with_20_lines(client: Client, django_assert_max_num_queries: Any) -> None:
    costs = []
    for count in (2, 20):
        quote = make_quote(lines=make_lines(count))
        perform(Quote, quote.pk, "send", actor=None)
        url = page_of(quote)
        client.get(url)
        with django_assert_max_num_queries(MOST_QUERIES) as counted:
            assert client.get(url).status_code == 200
        costs.append(len(counted))
    assert costs[0] == costs[1]


def test_looking_is_not_answering(client: Client, quote: Quote) -> None:
    url = page_of(quote)
    for method in (client.get, client.head, client.options):
        method(url)
    client.get(url, {"answer": "accept", "name": "Karin", "agrees": "on"})
    client.get(url, headers={"Purpose": "prefetch", "Sec-Purpose": "prefetch"})
    assert Quote.objects.get().status == "sent"
    assert not Order.objects.exists()


def test_a_customer_accepts_and_the_owner_hears_of_it(client: Client, quote: Quote) -> None:
    load_messages()
    url = page_of(quote)
    response = answer(client, url)
    assert response.status_code == 302 and response["Location"] == url
    order = Order.objects.get()
    assert order.quote == quote and order.created_by is None
    assert "You have accepted this offer" in client.get(url).content.decode()
    event = Event.objects.get(code="quote.accepted")
    assert event.actor is None and event.private.data == {"name": "Karin Petersen"}
    assert InboxItem.objects.get(event=event).user == quote.owner


def test_a_second_answer_changes_nothing_and_shows_how_it_stands(client: Client, quote: Quote) -> None:
    url = page_of(quote)
    answer(client, url)
    for _n in range(2):
        response = answer(client, url)
        assert response.status_code == 409
        assert "You have accepted this offer" in response.content.decode()
    assert client.post(url, {"answer": "decline"}).status_code == 409
    assert Order.objects.count() == 1
    assert Event.objects.filter(code__in=["quote.accepted", "quote.declined"]).count() == 1


def test_a_customer_declines_and_may_say_why(client: Client, quote: Quote) -> None:
    url = page_of(quote)
    client.post(url, {"answer": "decline", "reason": "Too dear"})
    assert Quote.objects.get().status == "declined"
    assert Event.objects.get(code="quote.declined").private.data == {"reason": "Too dear"}
    assert "You have declined" in client.get(url).content.decode()
    assert not Order.objects.exists()


@pytest.mark.parametrize("data", [{"name": ""}, {"agrees": ""}, {"name": "x" * 200}])
def test_without_name_and_consent_nothing_is_accepted(data: dict[str, str], client: Client, quote: Quote) -> None:
    response = answer(client, page_of(quote), **data)
    assert response.status_code == 422
    assert Quote.objects.get().status == "sent" and not Order.objects.exists()


@pytest.mark.parametrize("state", ["draft", "declined", "expired", "superseded"])
def test_only_an_open_offer_can_be_accepted(state: str, client: Client) -> None:
    quote = quote_in(state)
    url = page_of(quote)
    response = answer(client, url)
    assert response.status_code == (404 if state == "draft" else 409)
    assert Quote.objects.get(pk=quote.pk).status == state and not Order.objects.exists()
    assert "Accept the offer" not in response.content.decode()


def test_a_lapsed_offer_says_so_and_cannot_be_accepted(client: Client, quote: Quote) -> None:
    url = page_of(quote)
    with time_machine.travel(timezone.now() + dt.timedelta(days=40), tick=False):
        page = client.get(url).content.decode()
        assert "no longer valid" in page and "Accept the offer" not in page
        assert answer(client, url).status_code == 409
    assert Quote.objects.get().status == "sent"


@pytest.mark.parametrize("raw", ["x", "A" * 43, "A" * 500, "..%2f", "%00"])
def test_an_address_that_opens_nothing_answers_in_one_way(raw: str, client: Client, quote: Quote) -> None:
    assert client.get(f"/p/quote/{raw}/").status_code == 404
    assert answer(client, f"/p/quote/{raw}/").status_code == 404


def test_a_token_of_another_purpose_or_a_revoked_one_opens_nothing(client: Client, quote: Quote) -> None:
    other = tokens.issue("track", quote)
    url = page_of(quote)
    tokens.revoke("quote", quote)
    for address in (reverse("portal:quote", args=[other]), url):
        assert client.get(address).status_code == 404
        assert answer(client, address).status_code == 404
    assert not Order.objects.exists()


def test_the_paper_is_the_one_that_was_sent(client: Client, quote: Quote) -> None:
    url = page_of(quote)
    assert client.get(f"{url}pdf/").status_code == 404
    attach_bytes(quote, FAKE_PDF, "application/pdf", f"{quote.reference}.pdf", actor=None, purpose="quote")
    response = client.get(f"{url}pdf/")
    assert b"".join(response.streaming_content) == FAKE_PDF
    assert f"{quote.reference}.pdf" in response["Content-Disposition"]


def test_an_answer_needs_the_pages_own_form(quote: Quote) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert answer(strict, page_of(quote)).status_code == 403
    assert Quote.objects.get().status == "sent"


@pytest.mark.usefixtures("still_clock")
def test_one_address_may_not_answer_without_end(client: Client, quote: Quote) -> None:
    statuses = [answer(client, f"/p/quote/{'A' * 43}/").status_code for _n in range(8)]
    assert statuses[0] == 404 and statuses[-1] == 429


def test_a_colleagues_name_in_the_refusal_stays_inside(client: Client) -> None:
    seller = staff("sales", "Anna Berg")
    quote = make_quote(seller, owner=None)
    perform(Quote, quote.pk, "send", actor=seller)
    url = page_of(quote)
    perform(Quote, quote.pk, "decline", actor=seller)
    assert "Anna Berg" not in answer(client, url).content.decode()
