"""The pages of incoming mail: found from where one works, the same price for two rows and for twenty, one's own only."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from aftersales.models import Ticket
from foundation.accounts.models import User
from foundation.mailroom.models import IncomingMail
from foundation.mailroom.panels import waiting_count
from foundation.mailroom.services import take_in
from foundation.ui.nav import areas_for
from tests.accounts.factories import make_user
from tests.crm.factories import make_customer, make_inquiry
from tests.mailroom import mails


@pytest.fixture(autouse=True)
def _empty_counters() -> None:
    cache.clear()


@pytest.fixture
def desk(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


def waiting(number: int = 0) -> IncomingMail:
    """A mail that a person must sort: it names the complaint of somebody else."""
    raw = mails.letter(sender=f"stranger{number}@elsewhere.example", subject=Ticket.objects.get().number)
    mail, result = take_in(raw)
    assert result == "review"
    return mail


# ---------------------------------------------------------------- the way there


def test_the_rail_counts_what_waits_and_stands_on_inquiries(desk: Client, clerk: User, ticket: Ticket) -> None:
    before = _area(clerk, "/mail/")
    waiting(1), waiting(2)
    cache.clear()
    after = _area(clerk, "/mail/")
    assert after["current"]
    assert after["count"] == before["count"] + 2
    assert waiting_count(make_user("Reader", role="finance")) == 0


def _area(user: User, path: str) -> dict[str, Any]:
    return next(area for area in areas_for(user, path) if area["code"] == "inquiries")


def test_the_list_of_inquiries_leads_to_incoming_mail_for_those_who_may(house: Any, client: Client) -> None:
    reader = make_user("Reader", permissions=("crm.view_inquiry",))
    client.force_login(reader)
    assert 'href="/mail/"' not in client.get("/inquiries/").content.decode()
    assert client.get("/mail/").status_code == 403
    client.force_login(make_user("Sorter", role="sales"))
    assert 'href="/mail/"' in client.get("/inquiries/").content.decode()
    assert client.get("/mail/").status_code == 200


# ---------------------------------------------------------------- what they cost


@pytest.mark.parametrize("count", [2, 20])
def test_the_list_costs_the_same_for_two_and_for_twenty(
    desk: Client, ticket: Ticket, count: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        waiting(number)
    desk.get("/mail/")
    with django_assert_max_num_queries(10):
        page = desk.get("/mail/").content.decode()
    assert page.count('<th scope="row"') == count


@pytest.mark.parametrize("count", [2, 20])
def test_a_mails_page_costs_the_same_whatever_is_with_it(
    desk: Client, ticket: Ticket, clerk: User, count: int, django_assert_max_num_queries: Any
) -> None:
    files = [(f"list{number}.txt", "text/plain", b"oak %d" % number) for number in range(count)]
    mail, _result = take_in(mails.letter(sender="stranger@elsewhere.example", subject=ticket.number, files=files))
    desk.get(mail.get_absolute_url())
    with django_assert_max_num_queries(14):
        page = desk.get(mail.get_absolute_url()).content.decode()
    assert page.count("list") >= count
    assert "Give to a record" in page


def test_a_record_with_twenty_mails_costs_what_it_costs_with_two(
    desk: Client, ticket: Ticket, django_assert_max_num_queries: Any
) -> None:
    costs = []
    for count in (2, 20):
        while IncomingMail.objects.filter(result="joined").count() < count:
            number = IncomingMail.objects.count()
            raw = mails.letter(subject=f"Re: {ticket.number}", text=f"Board {number}")
            assert take_in(raw)[1] == "joined"
            IncomingMail.objects.update(received_at="2026-01-01T00:00Z")
        desk.get(ticket.get_absolute_url())
        with django_assert_max_num_queries(16) as found:
            desk.get(ticket.get_absolute_url())
        costs.append(len(found))
    assert costs[0] == costs[1]


# ---------------------------------------------------------------- whose mail


def test_mail_of_a_customer_of_somebody_else_is_nobodys_business(client: Client, house: Any) -> None:
    theirs = make_customer("Hidden", owner=make_user("Other", role="sales"))
    inquiry = make_inquiry(customer=theirs)
    raw = mails.letter(sender="who@elsewhere.example", subject=inquiry.number)
    mail, result = take_in(raw)
    assert result == "review" and mail.customer_id == theirs.pk
    client.force_login(make_user("Sorter", role="sales"))
    assert client.get(mail.get_absolute_url()).status_code == 404
    assert client.get(f"/mail/{mail.pk}/raw/").status_code == 404
    assert client.post(f"/mail/{mail.pk}/do/discard/", {"reason": "x"}).status_code == 404
    mail.refresh_from_db()
    assert mail.result == "review"
