"""Pages of customers and inquiries: who may see what, what they cost, and that nothing typed is lost."""

from __future__ import annotations

import csv
import io
import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm import services
from crm.models import Address, Contact, Customer, Inquiry, ServiceRecord
from foundation.accounts.models import User
from foundation.calendars.models import Calendar
from foundation.journal.models import Event
from foundation.notifications.models import Message
from foundation.sla.models import Clock
from tests.accounts.factories import make_user
from tests.crm.factories import inquiry_in, make_address, make_contact, make_customer, make_inquiry
from tests.portal.naughty import NAUGHTY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.get("/customers/?q=warm")
    return client


def body(response) -> str:
    return response.content.decode()


# ---------------------------------------------------------------- cost


@pytest.mark.parametrize("rows", [2, 20])
@pytest.mark.parametrize("path", ["/customers/", "/inquiries/?view=open", "/inquiries/?view=all", "/inquiries/?q=firm"])
def test_a_list_costs_the_same_with_two_and_with_twenty_rows(anna, path, rows, django_assert_max_num_queries):
    for number in range(rows):
        make_customer(f"Firm {number}", owner=anna)
        make_inquiry(company_name=f"Firm {number}")
    client = signed_in(anna)
    client.get(path)  # a process reads its settings once
    with django_assert_max_num_queries(8):
        response = client.get(path)
    assert body(response).count('<tr role="row"') >= min(rows, 20)


@pytest.mark.parametrize("rows", [2, 20])
def test_the_customers_page_costs_the_same_however_much_there_is(anna, rows, django_assert_max_num_queries):
    customer = make_customer("Bodenwerk", owner=anna)
    for number in range(rows):
        contact = make_contact(customer)
        make_address(customer)
        make_inquiry(email=contact.email)
        services.add_service_record(customer.pk, actor=anna, subject=f"Call {number}", content="x", contact=contact)
    client = signed_in(anna)
    with django_assert_max_num_queries(
        17
    ):  # mail that came in, dead addresses; a warm process has read two of the rest
        response = client.get(customer.get_absolute_url())
    assert f"Call {rows - 1}" in body(response)


@pytest.mark.parametrize("rows", [2, 20])
def test_the_inquirys_page_costs_the_same_however_much_happened(anna, rows, django_assert_max_num_queries):
    inquiry = make_inquiry()
    for _number in range(rows):
        services.set_priority(inquiry.pk, actor=anna, priority="urgent")
        services.set_priority(inquiry.pk, actor=anna, priority="normal")
    client = signed_in(anna)
    client.get(inquiry.get_absolute_url())  # a process reads its settings once
    with django_assert_max_num_queries(14):
        assert client.get(inquiry.get_absolute_url()).status_code == 200


# ---------------------------------------------------------------- who sees what


def foreign_paths(
    customer: Customer, inquiry: Inquiry, contact: Contact, address: Address, row: ServiceRecord
) -> list[str]:
    return [
        customer.get_absolute_url(),
        reverse("crm:customer-edit", args=[customer.pk]),
        reverse("crm:customer-do", args=[customer.pk, "call"]),
        reverse("crm:contact-new", args=[customer.pk]),
        reverse("crm:address-new", args=[customer.pk]),
        reverse("crm:contact-edit", args=[contact.pk]),
        reverse("crm:contact", args=[contact.pk]),
        reverse("crm:address-edit", args=[address.pk]),
        reverse("crm:record-correct", args=[row.pk]),
        inquiry.get_absolute_url(),
        reverse("crm:inquiry-do", args=[inquiry.pk, "answer"]),
    ]


def test_what_belongs_to_another_team_answers_404_to_look_and_to_act(anna, wei):
    contact = make_contact(make_customer(owner=wei))
    customer = contact.customer
    row = services.add_service_record(customer.pk, actor=wei, subject="Private")
    inquiry = inquiry_in("assigned", owner=wei, customer=customer)
    before = Event.objects.count()
    client = signed_in(anna)
    for path in foreign_paths(customer, inquiry, contact, make_address(customer), row):
        assert client.get(path).status_code == 404, path
        assert client.post(path, {"name": "Taken", "subject": "x"}).status_code in (404, 405), path
    assert Event.objects.count() == before + 1
    for path in ("/customers/", "/inquiries/?view=all"):
        assert customer.name not in body(client.get(path))


def test_a_missing_right_answers_403_and_changes_nothing(roles):
    clerk = make_user("Clerk", role="logistics")
    customer, inquiry = make_customer(), inquiry_in("assigned")
    client = signed_in(clerk)
    before = Event.objects.count()
    assert client.get(customer.get_absolute_url()).status_code == 200
    for path in (
        "/customers/new/",
        f"/customers/{customer.pk}/edit/",
        f"/customers/{customer.pk}/contacts/new/",
        f"/customers/{customer.pk}/do/next-step/",
        "/inquiries/",
        "/inquiries/new/",
        f"/inquiries/{inquiry.pk}/",
        f"/inquiries/{inquiry.pk}/do/close/",
    ):
        assert client.get(path).status_code == 403, path
        assert client.post(path, {"name": "X", "outcome": "spam"}).status_code in (403, 405), path
    assert Event.objects.count() == before
    assert Inquiry.objects.get().status == "assigned"


def test_strangers_are_asked_to_sign_in():
    for path in ("/customers/", "/inquiries/", "/customers/1/"):
        response = Client().get(path)
        assert response.status_code == 302
        assert "/account/login/" in response["Location"]


# ---------------------------------------------------------------- forms


def new_customer(**changes: object) -> dict[str, object]:
    return {
        "name": "Bodenwerk GmbH",
        "country": "DE",
        "kind": "dealer",
        "tier": "key",
        "source": "fair",
        "contact_name": "Jo Petersen",
        "contact_email": "Jo@Bodenwerk.example",
        "contact_mobile": "0151 12345678",
        **changes,
    }


def test_a_customer_is_created_in_one_form_and_numbers_take_their_normal_form(anna):
    response = signed_in(anna).post("/customers/new/", new_customer(), follow=True)
    customer = Customer.objects.get()
    assert (customer.owner, customer.tier, customer.language) == (anna, "key", "de")
    contact = customer.contacts.get()
    assert (contact.email, contact.mobile.as_e164) == ("jo@bodenwerk.example", "+4915112345678")
    assert "+49 1511 2345678" in body(response)


def test_creating_a_customer_by_form_keeps_its_budget(anna, django_assert_max_num_queries):
    client = signed_in(anna)
    other = {"name": "Holzmarkt AG", "contact_email": "an@holzmarkt.example", "contact_mobile": "0151 87654321"}
    client.post("/customers/new/", new_customer(**other))  # a process reads its settings and begins a series once
    with django_assert_max_num_queries(16):
        assert client.post("/customers/new/", new_customer()).status_code == 302


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"country": "XX"}, "country"),
        ({"contact_mobile": "12"}, "contact_mobile"),
        ({"contact_name": ""}, "contact_name"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"website": "javascript:alert(1)"}, "website"),
    ],
)
def test_a_wrong_entry_is_told_beside_its_field_and_the_rest_stays(anna, changes, field):
    response = signed_in(anna).post("/customers/new/", new_customer(remark="Keep me", **changes))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "Keep me" in body(response)
    assert not Customer.objects.exists()


def test_the_error_of_a_phone_shows_an_example_of_the_country(anna):
    response = signed_in(anna).post("/customers/new/", new_customer(country="US", contact_mobile="12"))
    assert "+1 201-555-0123" in body(response)


def test_an_edit_that_came_second_is_told_and_can_be_saved_after_looking(anna, maria):
    customer = make_customer("Start", owner=anna)
    first, second = signed_in(anna), signed_in(maria)
    values = {"name": "By Anna", "country": "DE", "kind": "dealer", "tier": "key", "source": "fair", "version": 1}
    first.post(f"/customers/{customer.pk}/edit/", values)
    response = second.post(f"/customers/{customer.pk}/edit/", {**values, "name": "By Maria"})
    assert response.status_code == 409
    assert "Anna Berg" in body(response)
    assert "By Maria" in body(response)
    assert Customer.objects.get().name == "By Anna"
    fresh = response.context["form"]["version"].value()
    assert (
        second.post(f"/customers/{customer.pk}/edit/", {**values, "name": "By Maria", "version": fresh}).status_code
        == 302
    )
    assert Customer.objects.get().name == "By Maria"


def test_a_salesperson_cannot_hand_a_customer_to_somebody_by_a_forged_field(anna, wei):
    customer = make_customer("Own", owner=anna)
    values = {"name": "Own", "country": "DE", "kind": "dealer", "tier": "key", "source": "fair", "version": 1}
    signed_in(anna).post(
        f"/customers/{customer.pk}/edit/", {**values, "owner": wei.pk, "number": "C-9", "archived_at": "2026-01-01"}
    )
    customer.refresh_from_db()
    assert (customer.owner, customer.archived_at) == (anna, None)
    assert customer.number != "C-9"


def test_a_call_is_logged_with_a_result_a_note_and_a_next_step(anna):
    contact = make_contact(make_customer(owner=anna))
    client = signed_in(anna)
    tomorrow = timezone.localdate() + timedelta(days=1)
    path = reverse("crm:customer-do", args=[contact.customer_id, "call"])
    assert contact.name in body(client.get(path))
    response = client.post(
        path,
        {
            "result": "done",
            "contact": contact.pk,
            "content": "Wants oak",
            "next_step": "Send price",
            "next_step_on": tomorrow,
        },
        follow=True,
    )
    row = ServiceRecord.objects.get()
    assert (row.author, row.contact, row.text.content) == (anna, contact, "Wants oak")
    assert "Wants oak" in body(response)
    assert "Send price" in body(response)


def test_a_record_is_corrected_by_a_further_one_that_the_page_shows(anna):
    customer = make_customer(owner=anna)
    row = services.add_service_record(customer.pk, actor=anna, subject="Price", content="10 euros")
    response = signed_in(anna).post(
        f"/records/{row.pk}/correct/", {"subject": "Price", "content": "12 euros"}, follow=True
    )
    assert ServiceRecord.objects.count() == 2
    for words in ("10 euros", "12 euros", "Correction", "corrected"):
        assert words in body(response)


def test_contacts_and_addresses_are_added_and_changed(anna):
    customer = make_customer(owner=anna)
    client = signed_in(anna)
    client.post(
        f"/customers/{customer.pk}/contacts/new/", {"name": "Jo", "phone": "040 123456", "preferred_channel": "sms"}
    )
    contact = customer.contacts.get()
    assert contact.phone.as_e164 == "+4940123456"
    client.post(
        f"/contacts/{contact.pk}/edit/", {"name": "Joe", "preferred_channel": "email", "version": contact.version}
    )
    contact.refresh_from_db()
    assert (contact.name, str(contact.phone)) == ("Joe", "")
    place = {"kind": "delivery", "country": "US", "street": "1 Main St", "city": "Austin", "postal_code": "78701"}
    assert client.post(f"/customers/{customer.pk}/addresses/new/", place).status_code == 422
    assert client.post(f"/customers/{customer.pk}/addresses/new/", {**place, "region": "TX"}).status_code == 302
    address = customer.addresses.get()
    client.post(f"/addresses/{address.pk}/edit/", {**place, "region": "TX", "city": "Dallas"})
    assert customer.addresses.get().city == "Dallas"


# ---------------------------------------------------------------- inquiries


def test_the_inquirys_page_offers_what_is_possible_now(anna):
    make_user("Berta", role="sales")
    inquiry = make_inquiry(text="How much is oak?")
    page = body(signed_in(anna).get(inquiry.get_absolute_url()))
    assert "How much is oak?" in page
    assert "/do/answer/" in page
    assert "/do/convert/" not in page


def test_an_answer_goes_out_as_an_email_and_stops_the_clock(anna):
    from foundation.calendars.defaults import load as load_calendars
    from foundation.sla.defaults import load as load_targets

    load_calendars()
    load_targets()
    inquiry = make_inquiry(language="de", contact_name="Jo Petersen")
    assert Clock.objects.get().stopped_at is None
    client = signed_in(anna)
    path = reverse("crm:inquiry-do", args=[inquiry.pk, "answer"])
    form = client.get(path).context["form"]
    assert form["subject_line"].value() == f"Re: {inquiry.subject}"
    start = form["body"].value()
    assert start.startswith("Guten Tag Jo Petersen")
    untouched = client.post(path, {"subject_line": "Re", "language": "de", "body": start})
    assert untouched.status_code == 422
    response = client.post(path, {"subject_line": "Re: Eiche", "language": "de", "body": f"{start}\n20 Euro"})
    assert response.status_code == 302
    message = Message.objects.get(channel="email", actor=anna)
    assert (message.to_address, message.subject_line, message.language) == (inquiry.email, "Re: Eiche", "de")
    assert Clock.objects.get().stopped_at is not None
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.answered_by) == ("answered", anna)


def test_an_answer_without_an_address_is_refused_and_leaves_the_inquiry_as_it_was(anna):
    inquiry = make_inquiry(email="", phone="040 123456")
    path = reverse("crm:inquiry-do", args=[inquiry.pk, "answer"])
    response = signed_in(anna).post(path, {"subject_line": "Re", "language": "en", "body": "Yes"})
    assert response.status_code == 409
    assert "Yes" in body(response)
    assert Inquiry.objects.get().status == "assigned"
    assert not Message.objects.filter(actor=anna).exists()


def test_who_answers_second_is_told_and_keeps_the_text(anna, maria):
    inquiry = make_inquiry()
    path = reverse("crm:inquiry-do", args=[inquiry.pk, "answer"])
    data = {"subject_line": "Re", "language": "en", "body": "First"}
    assert signed_in(anna).post(path, data).status_code == 302
    response = signed_in(maria).post(path, {**data, "body": "Second text"})
    assert response.status_code == 409
    assert "Anna Berg" in body(response)
    assert "Second text" in body(response)
    assert Message.objects.filter(channel="email", actor__isnull=False).count() == 1


def test_an_inquiry_is_converted_closed_and_reopened_by_its_buttons(anna):
    inquiry = make_inquiry(company_name="Neubau")
    services.note_answer(inquiry.pk, actor=anna, channel="phone", content="Yes")
    client = signed_in(anna)
    do = lambda verb, **data: client.post(reverse("crm:inquiry-do", args=[inquiry.pk, verb]), data)  # noqa: E731
    assert do("convert", customer="new", name="", country="DE", kind="dealer").status_code == 422
    assert do("convert", customer="new", name="Neubau", country="DE", kind="dealer").status_code == 302
    assert Inquiry.objects.get().customer.kind == "dealer"
    assert do("close", outcome="lost").status_code == 409
    assert do("close", outcome="lost", reason="Price").status_code == 302
    assert do("reopen").status_code == 302
    assert Inquiry.objects.get().status == "assigned"


def test_a_customer_of_a_foreign_number_is_not_convertible_into(anna, wei):
    foreign = make_customer(owner=wei)
    inquiry = inquiry_in("answered", owner=anna)
    path = reverse("crm:inquiry-do", args=[inquiry.pk, "convert"])
    response = signed_in(anna).post(path, {"customer": "new", "number": foreign.number, "kind": "dealer"})
    assert response.status_code == 422
    assert Inquiry.objects.get().status == "answered"


def test_an_inquiry_is_taken_down_from_a_customers_page(anna):
    contact = make_contact(make_customer(owner=anna), phone="+4940123456")
    client = signed_in(anna)
    path = f"/inquiries/new/?customer={contact.customer_id}"
    assert contact.name in body(client.get(path))
    data = {
        "channel": "phone",
        "contact_name": "Jo",
        "subject": "Oak",
        "text": "How much?",
        "language": "de",
        "priority": "urgent",
    }
    assert client.post(path, data).status_code == 302
    inquiry = Inquiry.objects.get()
    assert (inquiry.customer, inquiry.priority, inquiry.owner) == (contact.customer, "urgent", anna)


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
