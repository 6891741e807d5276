"""Pages of customers and inquiries: who may see what, what they cost, and that nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm import services
from crm.models import Address, Contact, Customer, Inquiry, ServiceRecord
from foundation.journal.models import Event
from foundation.journal.services import record
from tests.accounts.factories import make_user
from tests.crm.factories import inquiry_in, make_address, make_contact, make_customer, make_inquiry
from tests.crm.pages import body, new_customer, signed_in
from tests.todos.factories import make_task

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


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


def test_no_link_leads_where_it_would_only_be_refused(roles, anna):
    customer = make_customer(owner=anna)
    inquiry = inquiry_in("assigned", owner=anna, customer=customer)
    record("inquiry.received", inquiry)
    clerk, seller = signed_in(make_user("Clerk", role="logistics")), signed_in(anna)
    here = customer.get_absolute_url()
    assert inquiry.get_absolute_url() in body(seller.get(here))
    page = body(clerk.get(here))
    assert inquiry.number in page and inquiry.get_absolute_url() not in page
    rows = f"/inquiries/?view=all&amp;customer={customer.pk}"
    assert rows in body(seller.get("/customers/developed/"))
    register = body(clerk.get("/customers/developed/"))
    assert customer.name in register and rows not in register


def test_what_a_customer_lacks_is_not_asked_for_and_is_there_once_it_exists(anna):
    customer = make_customer(owner=anna)
    client, path = signed_in(anna), customer.get_absolute_url()
    client.get(path)
    with CaptureQueriesContext(connection) as bare:
        assert client.get(path).status_code == 200
    assert not any("FROM" in one["sql"] and one["sql"].split(" FROM ")[1].startswith('"todos_task"') for one in bare)
    make_task(anna, title="Send the samples", subject=customer)
    assert "Send the samples" in body(client.get(path))


def test_one_of_a_kind_is_counted_in_the_singular(anna):
    customer = make_customer(owner=anna)
    client, path = signed_in(anna), customer.get_absolute_url()
    inquiry_in("assigned", owner=anna, customer=customer)
    page = body(client.get(path))
    assert "<b>1</b> Inquiry</a>" in page and "<b>0</b> Visits</a>" in page and "<b>0</b> Orders</a>" in page
    assert "<b>1</b> Anfrage</a>" in body(client.get(f"{path}?lang=de"))
    inquiry_in("assigned", owner=anna, customer=customer)
    assert "<b>2</b> Inquiries</a>" in body(client.get(path))


def test_strangers_are_asked_to_sign_in():
    for path in ("/customers/", "/inquiries/", "/customers/1/"):
        response = Client().get(path)
        assert response.status_code == 302
        assert "/account/login/" in response["Location"]


# ---------------------------------------------------------------- forms


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


def as_it_stands(row: ServiceRecord) -> dict[str, str]:
    """What the form of a correction begins with."""
    began = timezone.localtime(row.started_at, ZoneInfo(row.author.time_zone))
    kept = {"type": row.type, "channel": row.channel, "result": row.result}
    return {**kept, "subject": row.text.subject, "content": row.text.content, "started_at": f"{began:%Y-%m-%dT%H:%M}"}


def test_a_record_is_corrected_by_a_further_one_that_the_page_shows(anna):
    customer = make_customer(owner=anna)
    row = services.add_service_record(customer.pk, actor=anna, subject="Price", content="10 euros")
    values = {**as_it_stands(row), "content": "12 euros"}
    response = signed_in(anna).post(f"/records/{row.pk}/correct/", values, follow=True)
    assert ServiceRecord.objects.count() == 2
    for words in ("10 euros", "12 euros", "Correction", "corrected"):
        assert words in body(response)


def test_a_correction_that_corrects_nothing_is_not_kept_for_good(anna):
    row = services.add_service_record(make_customer(owner=anna).pk, actor=anna, subject="Price", content="10\n20")
    same = signed_in(anna).post(f"/records/{row.pk}/correct/", {**as_it_stands(row), "content": "10\r\n20 "})
    assert same.status_code == 422 and "Nothing differs" in body(same)
    assert ServiceRecord.objects.count() == 1


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


def test_a_stale_form_says_what_the_record_says_now_where_it_would_be_put_back(anna):
    customer = make_customer("Bodenwerk", owner=anna, industry="Offices", tier="ordinary")
    client = signed_in(anna)
    address = f"/customers/{customer.pk}/edit/"
    form = client.get(address).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    services.update_customer(customer.pk, actor=anna, industry="Hotels", tier="key")
    answer = client.post(address, {**typed, "remark": "Typed in the other tab"})
    page = body(answer)
    assert answer.status_code == 409 and "while you were writing" in page
    assert (
        "The record says now: " in page and "Industry: Hotels" in page and "Tier: Key" in page and "Remark: –" in page
    )
    assert "Country: " not in page[page.index("The record says now") : page.index("The record says now") + 200]
    assert "Typed in the other tab" in page
    customer.refresh_from_db()
    assert customer.industry == "Hotels"


def test_a_next_step_that_is_past_is_marked_on_the_customers_page_as_in_the_list(anna):
    today = timezone.localdate()
    customer = make_customer(
        "Bodenwerk", owner=anna, next_step="Send <samples>", next_step_on=today - timedelta(days=2)
    )
    client = signed_in(anna)

    def step() -> str:
        page = body(client.get(customer.get_absolute_url()))
        return page[page.index('class="next-step"') :].split("</p>")[0]

    assert "Send &lt;samples&gt;" in step() and "badge late" in step()
    Customer.objects.filter(pk=customer.pk).update(next_step_on=today + timedelta(days=1))
    assert "badge" not in step()
