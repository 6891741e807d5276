"""Lists and the search: views, filters and exports, and whatever odd thing is typed into them."""

from __future__ import annotations

import csv
import io
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.models import Customer, Inquiry, ServiceRecord
from foundation.calendars.models import Calendar
from tests.crm.factories import inquiry_in, make_contact, make_customer, make_inquiry
from tests.crm.pages import body, new_customer, signed_in
from tests.portal.naughty import NAUGHTY

pytestmark = pytest.mark.django_db


def test_tabs_filters_and_chips_live_in_the_address(anna, wei):
    mine, theirs = (
        inquiry_in("assigned", owner=anna, subject="Mine one"),
        inquiry_in("assigned", owner=wei, customer=make_customer(), subject="Theirs"),
    )
    free = inquiry_in("new", subject="Free one", priority="urgent", language="de")
    done = inquiry_in("closed", owner=anna, subject="Done one")
    late = inquiry_in("assigned", owner=anna, subject="Late one", promised_at=timezone.now() - timedelta(hours=1))
    client = signed_in(anna)

    def shown(path: str) -> set[Inquiry]:
        page = body(client.get(path))
        return {one for one in (mine, theirs, free, done, late) if one.subject in page}

    assert shown("/inquiries/") == {mine, late}
    assert shown("/inquiries/?view=unassigned") == {free}
    assert shown("/inquiries/?view=overdue") == {late}
    assert shown("/inquiries/?view=due") == {late}
    assert shown("/inquiries/?view=all") == {mine, theirs, free, done, late}
    assert shown("/inquiries/?view=all&language=de") == {free}
    assert shown("/inquiries/?view=all&status=closed") == {done}
    assert "German" in body(client.get("/inquiries/?view=all&language=de"))


def test_the_inquiry_due_soonest_stands_first(anna):
    Calendar.objects.exists()
    from foundation.calendars.defaults import load as load_calendars
    from foundation.sla.defaults import load as load_targets

    load_calendars()
    load_targets()
    make_inquiry(subject="Ordinary one")
    make_inquiry(subject="Urgent one", priority="urgent")
    page = body(signed_in(anna).get("/inquiries/"))
    assert page.index("Urgent one") < page.index("Ordinary one")


def test_the_export_holds_the_rows_and_no_formula(anna):
    make_customer("=1+1", owner=anna)
    text = b"".join(signed_in(anna).get("/customers/?format=csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][0] == "'=1+1"


def test_search_finds_customers_contacts_and_inquiries_that_one_may_see(anna, wei):
    make_contact(make_customer("Eichenhaus", owner=anna), name="Jo Petersen", mobile="+4915112345678")
    make_customer("Eichenhof", owner=wei)
    client = signed_in(anna)
    page = body(client.get("/search/?q=eichen"))
    assert "Eichenhaus" in page
    assert "Eichenhof" not in page
    assert "Jo Petersen" in body(client.get("/search/?q=2345678"))


@pytest.mark.parametrize("path", ["/customers/", "/inquiries/"])
def test_no_parameter_however_odd_breaks_a_list(anna, path):
    client = signed_in(anna)
    names = ("q", "owner", "country", "sort", "view", "page", "received_after", "customer")
    for text in NAUGHTY:
        assert client.get(path, dict.fromkeys(names, text)).status_code == 200, text
        assert client.get(path, {"q": text}).status_code == 200, text


@pytest.mark.parametrize("key", ["²", "①", "9" * 30, "x"])
def test_no_key_however_odd_breaks_a_new_inquiry(anna, key):
    assert signed_in(anna).get("/inquiries/new/", {"customer": key}).status_code == 200


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_moment_of_a_year_that_nobody_deals_with_is_refused_beside_its_field(anna, moment):
    customer = make_customer(owner=anna)
    answer = signed_in(anna).post(
        f"/customers/{customer.pk}/do/record/",
        {"result": "done", "subject": "A call", "content": "Wants oak", "started_at": moment},
    )
    assert answer.status_code == 422
    page = body(answer)
    assert "between the years 1900 and 2200" in page and "Wants oak" in page and moment in page
    assert not ServiceRecord.objects.exists()


def test_no_text_however_odd_breaks_a_form(anna):
    client = signed_in(anna)
    customer = make_customer(owner=anna)
    for text in NAUGHTY:
        fields = dict.fromkeys(
            ("name", "local_name", "industry", "remark", "tax_number", "time_zone", "contact_name"), text
        )
        assert client.post("/customers/new/", new_customer(**fields)).status_code in (302, 422), text
        for path in (f"/customers/{customer.pk}/do/call/", f"/customers/{customer.pk}/do/record/"):
            answer = client.post(
                path, {"result": "done", "subject": text, "content": text, "started_at": text, "contact": text}
            )
            assert answer.status_code in (302, 422), text
    assert client.get(customer.get_absolute_url()).status_code == 200


def test_a_list_goes_by_name_and_a_search_shows_the_newest_first(anna):
    for name in ("Alpha Firm", "Omega Firm", "Beta Firm"):
        make_customer(name, owner=anna)

    def order(query: str) -> list[str]:
        page = body(signed_in(anna).get(f"/customers/{query}"))
        return sorted(("Alpha Firm", "Omega Firm", "Beta Firm"), key=lambda name: page.index(f">{name}<"))

    assert order("") == ["Alpha Firm", "Beta Firm", "Omega Firm"]
    assert order("?q=firm") == ["Beta Firm", "Omega Firm", "Alpha Firm"]
    assert order("?q=firm&sort=name") == ["Alpha Firm", "Beta Firm", "Omega Firm"]


@pytest.mark.parametrize("most", [1000, 30, 3])
def test_what_a_search_finds_is_counted_and_turned_over_page_by_page(anna, monkeypatch, most):
    from foundation.lists.pages import listing

    monkeypatch.setattr(listing, "MOST_COUNTED", most)
    for number in range(30):
        make_customer(f"Firm {number:02}", owner=anna)
    make_customer("Something else", owner=anna)
    client = signed_in(anna)
    first, second = body(client.get("/customers/?q=firm")), body(client.get("/customers/?q=firm&page=2"))
    assert first.count('<tr role="row"') - 1 == 25 and second.count('<tr role="row"') - 1 == 5
    assert first.index("Firm 29") < first.index("Firm 28") < first.index("Firm 05")
    assert "Firm 04" in second and "Something else" not in first + second
    assert ("30 records" in first) is (most >= 30) and "page=2" in first and "page=3" not in second
    assert "Nothing matches" in body(client.get("/customers/?q=firm&kind=importer&country=FR"))


def test_that_a_search_found_more_than_can_be_counted_is_remembered_for_a_minute(anna, monkeypatch):
    from foundation.lists.pages import found, listing

    found.forget()
    monkeypatch.setattr(listing, "MOST_COUNTED", 3)
    customers = [make_customer(f"Firm {number:02}", owner=anna) for number in range(5)]
    client = signed_in(anna)

    def look() -> tuple[str, bool]:
        with CaptureQueriesContext(connection) as queries:
            page = body(client.get("/customers/?q=firm"))
        return page, any("COUNT(*) OVER" in one["sql"] for one in queries)

    first, counted = look()
    assert counted and "3+ records" in first
    again, counted = look()
    assert not counted and "3+ records" in again and again.index("Firm 04") < again.index("Firm 00")
    Customer.objects.filter(pk__in=[customer.pk for customer in customers[:3]]).update(archived_at=timezone.now())
    late = time.monotonic() + found.SECONDS + 1
    monkeypatch.setattr(found.time, "monotonic", lambda: late)
    later, counted = look()
    assert counted and "2 records" in later
    found.forget()
