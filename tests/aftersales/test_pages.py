"""The pages of the time after the sale: for staff and for customers."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from aftersales.models import Solution, Survey, Ticket
from foundation.accounts import tokens
from foundation.accounts.models import User
from foundation.journal.models import Event
from foundation.lists.search import OneOf
from tests.aftersales.factories import PIXEL, make_ticket, service_person, ticket_in
from tests.portal.naughty import NAUGHTY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_counters() -> None:
    cache.clear()


@pytest.fixture
def staff(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


@pytest.mark.parametrize("count", [2, 20])
def test_the_list_costs_the_same_for_two_and_for_twenty(
    staff: Client, person: User, count: int, django_assert_max_num_queries: Any
) -> None:
    for _n in range(count):
        make_ticket(owner=person)
    staff.get("/after-sales/")
    with django_assert_max_num_queries(10):
        page = staff.get("/after-sales/").content.decode()
    assert page.count('<th scope="row"') == count


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=joints&kind=quality", {"quality"}),
        ("q=joints&kind=damage", {"damage"}),
        ("q=joints&kind=damage&kind=quality", {"damage", "quality"}),
        ("q=joints&kind=delay", set()),
        ("q=joints&kind=nonsense", {"damage", "quality"}),
        ("q=nowhere&kind=quality", set()),
        ("kind=damage", {"damage"}),
    ],
)
def test_words_and_kinds_narrow_the_list_together(staff: Client, person: User, asked: str, found: set[str]) -> None:
    for kind in ("quality", "damage"):
        make_ticket(owner=person, kind=kind, subject=f"Joints open, {kind}")
    page = staff.get(f"/after-sales/?view=all&{asked}").content.decode()
    assert {kind for kind in ("quality", "damage") if f"Joints open, {kind}" in page} == found


def test_words_and_kinds_are_found_by_one_index(person: User) -> None:
    for number in range(40):
        make_ticket(owner=person, kind="damage" if number % 2 else "quality", subject="Joints open")
    rows = Ticket.objects.search("joints").alias(one=OneOf("kind")).filter(one__overlap=["damage"])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = rows.explain()
    assert "aftersales_ticket_search_kind" in plan and "Filter" not in plan
    assert rows.count() == 20


def test_the_record_stays_within_its_budget(staff: Client, person: User, django_assert_max_num_queries: Any) -> None:
    ticket = ticket_in("closed", person)
    staff.get(ticket.get_absolute_url())
    with django_assert_max_num_queries(14):
        page = staff.get(ticket.get_absolute_url()).content.decode()
    assert "Click joints open" in page and "We replace 40 m²." in page


def test_the_whole_way_by_its_buttons(staff: Client, person: User) -> None:
    ticket = make_ticket(owner=person)
    signature = "data:image/png;base64," + base64.b64encode(PIXEL).decode()
    steps: list[tuple[str, dict[str, str], str]] = [
        ("acknowledge", {}, "acknowledged"),
        ("propose", {"kind": "replacement", "text": "New boards", "fault": "ours"}, "proposed"),
        ("accept", {"by": "Anna"}, "accepted"),
        ("resolve", {"resolution": "Done", "signed_by": "Anna", "signature": signature}, "resolved"),
        ("close", {}, "closed"),
    ]
    for action, data, status in steps:
        response = staff.post(f"/after-sales/{ticket.pk}/do/{action}/", data)
        assert response.status_code == 302, response.content.decode()
        assert Ticket.objects.get().status == status
    assert Survey.objects.exists()


def test_a_refused_form_keeps_what_was_typed_beside_the_reason(staff: Client, person: User) -> None:
    ticket = ticket_in("accepted", person)
    response = staff.post(f"/after-sales/{ticket.pk}/do/resolve/", {"resolution": "All replaced", "signed_by": "Anna"})
    page = response.content.decode()
    assert response.status_code == 422 and "All replaced" in page and "has to sign" in page
    assert Ticket.objects.get().status == "accepted"


def test_the_later_of_two_people_is_told_who_was_faster(staff: Client, person: User) -> None:
    ticket = ticket_in("proposed", person)
    staff.post(f"/after-sales/{ticket.pk}/do/accept/", {"by": "Anna"})
    response = staff.post(f"/after-sales/{ticket.pk}/do/reject/", {"by": "Berta", "reason": "No"})
    page = response.content.decode()
    assert response.status_code == 409 and "Chen Yu" in page and "Berta" in page
    assert Ticket.objects.get().status == "accepted"


def test_foreign_and_forbidden(client: Client, person: User) -> None:
    from tests.crm.factories import make_contact, make_customer

    colleague = service_person(role="sales")
    contact = make_contact(make_customer(owner=person))
    ticket = make_ticket(customer=contact.customer, contact=contact, owner=person)
    client.force_login(colleague)
    assert client.get(ticket.get_absolute_url()).status_code == 404
    client.force_login(service_person(role="finance"))
    assert client.get(ticket.get_absolute_url()).status_code == 200
    assert client.post(f"/after-sales/{ticket.pk}/do/acknowledge/").status_code == 403
    client.force_login(User.objects.create_user("nobody@example.com", "x" * 12, name="N"))
    assert client.get("/after-sales/").status_code == 403


def test_a_new_complaint_is_taken_in_by_form(staff: Client, person: User) -> None:
    data = {
        "subject": "Scratched",
        "description": "Two boards",
        "kind": "damage",
        "channel": "phone",
        "priority": "normal",
    }
    assert staff.post("/after-sales/new/", data).status_code == 302
    assert Ticket.objects.get().kind == "damage"
    page = staff.post("/after-sales/new/", {**data, "order": "SO-1999-1"})
    assert page.status_code == 422 and "SO-1999-1" in page.content.decode()
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("key", ["²", "①", "9" * 30, "x"])
def test_no_key_however_odd_breaks_a_new_complaint(staff: Client, key: str) -> None:
    assert staff.get("/after-sales/new/", {"customer": key}).status_code == 200
    assert staff.post("/after-sales/new/", {"customer": key, "subject": "Scratched"}).status_code == 422
    assert not Ticket.objects.exists()


COMPLAINT = {
    "kind": "quality", "subject": "Joints open", "description": "On 40 m²", "name": "Anna", "email": "anna@example.org", "phone": "",
}  # fmt: skip


def test_a_customer_complains_follows_and_answers(client: Client, person: User) -> None:
    response = client.post("/complaint/", COMPLAINT)
    assert response.status_code == 302
    ticket, page = Ticket.objects.get(), client.get(response["Location"])
    assert page.status_code == 200 and ticket.number in page.content.decode()
    assert page["Cache-Control"] == "no-store" and "noindex" in page["X-Robots-Tag"]
    assert client.post(f"{response['Location']}answer/", {"text": "More photos follow"}).status_code == 302
    assert Event.objects.filter(code="ticket.customer_replied").count() == 1
    assert "More photos follow" in client.get(response["Location"]).content.decode()


def test_the_customer_decides_once(client: Client, person: User) -> None:
    ticket = ticket_in("proposed", person)
    address = f"/p/ticket/{tokens.issue('ticket', ticket)}/"
    assert client.get(address).status_code == 200 and Ticket.objects.get().status == "proposed"
    assert client.post(f"{address}decide/decline/", {}).status_code == 422
    assert client.post(f"{address}decide/accept/").status_code == 302
    client.post(f"{address}decide/decline/", {"decline-reason": "changed my mind"})
    assert Solution.objects.get().decision == "accepted" and Ticket.objects.get().status == "accepted"


def test_a_survey_is_read_often_and_answered_once(
    client: Client, person: User, django_assert_max_num_queries: Any
) -> None:
    ticket_in("closed", person)
    survey = Survey.objects.get()
    address = f"/p/survey/{tokens.issue('survey', survey, single_use=True)}/"
    client.get(address)
    with django_assert_max_num_queries(6):
        assert client.get(address).status_code == 200
    assert client.post(address, {"overall": "9"}).status_code == 422
    assert client.post(address, {"overall": "5", "speed": "4", "product": "5", "suggestions": ""}).status_code == 302
    assert client.post(address, {"overall": "1", "speed": "1", "product": "1"}).status_code == 404
    assert Survey.objects.get().score == 5


def test_unknown_revoked_and_foreign_tokens_look_the_same(client: Client, person: User) -> None:
    ticket = make_ticket()
    revoked = tokens.issue("ticket", ticket)
    tokens.revoke("ticket", ticket)
    other = tokens.issue("survey", ticket)
    answers = {client.get(f"/p/ticket/{raw}/").content for raw in (revoked, other, "x" * 43, "short")}
    assert len(answers) == 1


@pytest.mark.usefixtures("still_clock")
def test_the_public_form_is_limited(client: Client, person: User) -> None:
    codes = [client.post("/complaint/", {}).status_code for _n in range(7)]
    assert codes[:5] == [422] * 5 and codes[-1] == 429


@pytest.mark.parametrize("chunk", range(0, len(NAUGHTY), 20))
def test_no_text_breaks_the_public_form(client: Client, person: User, chunk: int) -> None:
    for text in NAUGHTY[chunk : chunk + 20]:
        cache.clear()
        response = client.post(
            "/complaint/", {**COMPLAINT, "subject": text, "description": text, "name": text, "order": text}
        )
        assert response.status_code in (302, 422)
        if response.status_code == 302:
            assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize("language", ["en", "de", "zh-hans", "zh-hant"])
def test_customers_pages_speak_four_languages(client: Client, person: User, language: str) -> None:
    words = {"en": "Send complaint", "de": "Reklamation senden", "zh-hans": "提交投诉", "zh-hant": "提交投訴"}
    assert words[language] in client.get(f"/complaint/?lang={language}").content.decode()


def test_a_customer_out_of_sight_cannot_be_chosen_for_a_complaint(person: User) -> None:
    from aftersales.forms import TicketForm
    from tests.crm.factories import make_customer

    values = {"subject": "Broken", "description": "Three", "kind": "damage", "channel": "phone", "priority": "normal"}
    seen = make_customer()
    for key, problem in ((str(seen.pk), False), ("²", True), ("99999999999999999999", True), ("0", True)):
        form = TicketForm({**values, "customer": key}, actor=person)
        assert ("customer" in form.errors) is problem
        if not problem:
            assert form.cleaned_data["customer"] == seen
    stranger = User.objects.create_user("stranger@example.com", None, name="Stranger")
    assert "customer" in TicketForm({**values, "customer": str(seen.pk)}, actor=stranger).errors
