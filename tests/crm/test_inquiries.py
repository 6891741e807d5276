"""Inquiries are received once, given to somebody who speaks the language, and move only as their machine allows."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.utils import timezone

from crm import services
from crm.models import Customer, Inquiry, ServiceRecord
from crm.selectors import visible_inquiries
from crm.services.matching import recognise
from foundation.accounts.roles import load_roles
from foundation.journal.machine import Refused, edges
from foundation.journal.models import Event
from tests.accounts.factories import make_user
from tests.crm.factories import inquiry_in, make_contact, make_customer, make_inquiry

pytestmark = pytest.mark.django_db
STATES = [str(value) for value in Inquiry.Status.values]


def codes(subject) -> list[str]:
    return list(Event.objects.about(subject).order_by("id").values_list("code", flat=True))


# ---------------------------------------------------------------- receiving


def test_an_inquiry_is_numbered_recorded_and_keeps_the_senders_words_apart(anna):
    inquiry = make_inquiry(subject="Oak planks", text="Secret project", phone="040 123456")
    assert inquiry.number.startswith("IN-")
    assert (inquiry.phone.as_e164, inquiry.phone_typed) == ("+4940123456", "040 123456")
    assert inquiry.time_zone == "Europe/Berlin"
    event = Event.objects.about(inquiry).filter(code="inquiry.received").get()
    assert "Secret" not in str(event.facts)
    assert event.facts["priority"] == "normal"


def test_a_phone_that_nobody_understands_is_kept_as_it_was_written():
    inquiry = make_inquiry(phone="ask for Bob")
    assert (inquiry.phone_typed, str(inquiry.phone)) == ("ask for Bob", "")


def test_the_same_request_key_makes_one_inquiry(anna):
    first, second = make_inquiry(request_key="k" * 32), make_inquiry(request_key="k" * 32)
    assert first == second
    assert Inquiry.objects.count() == 1
    assert codes(first) == ["inquiry.received", "inquiry.assigned"]


def test_the_sender_is_recognised_by_address_number_domain_or_name():
    contact = make_contact(make_customer("Bodenwerk"), email="Jo@bodenwerk.example", mobile="+4915112345678")
    customer = contact.customer
    assert recognise(email="JO@bodenwerk.example").contact == contact
    assert recognise(phone="+4915112345678").contact == contact
    assert recognise(email="new@bodenwerk.example").customer == customer
    assert recognise(email="new@bodenwerk.example").contact is None
    assert recognise(company=" bodenwerk ").by == "name"
    assert recognise(email="x@elsewhere.example", company="Other") == recognise()


def test_when_two_customers_fit_nobody_is_recognised():
    make_contact(make_customer("One"), email="shared@gmail.com")
    make_contact(make_customer("Two"), email="shared@gmail.com")
    assert recognise(email="shared@gmail.com").customer is None


def test_receiving_asks_for_a_bounded_number_of_queries(anna, django_assert_max_num_queries):
    with django_assert_max_num_queries(45):
        make_inquiry()


# ---------------------------------------------------------------- routing


def test_an_inquiry_goes_to_the_salesperson_who_speaks_its_language(anna, wei, maria):
    assert make_inquiry(language="zh-hant").owner == wei
    assert make_inquiry(language="de").owner == anna


def test_the_one_with_the_fewest_waiting_inquiries_gets_the_next(anna):
    berta = make_user("Berta Kurz", role="sales", languages={"de": 3})
    owners = [make_inquiry(language="de").owner for _n in range(4)]
    assert sorted(owner.name for owner in owners) == [anna.name, anna.name, berta.name, berta.name]


def test_the_customers_owner_comes_first_if_they_speak_the_language(anna, wei):
    contact = make_contact(make_customer(owner=anna))
    assert make_inquiry(email=contact.email, language="de").owner == anna
    assert make_inquiry(email=contact.email, language="zh-hans").owner == wei


def test_when_nobody_speaks_it_the_managers_are_told(anna):
    inquiry = make_inquiry(language="fr")
    assert inquiry.owner == anna
    assert codes(inquiry) == ["inquiry.received", "inquiry.assigned", "inquiry.unrouted"]


def test_without_any_salesperson_the_inquiry_waits_as_new():
    inquiry = make_inquiry()
    assert (inquiry.status, inquiry.owner) == ("new", None)
    assert codes(inquiry) == ["inquiry.received", "inquiry.unrouted"]


# ---------------------------------------------------------------- the machine


def call(name: str, inquiry: Inquiry, actor) -> Inquiry:
    owner = actor
    return {
        "assign": lambda: services.assign_inquiry(inquiry.pk, actor=actor, owner=owner),
        "answer": lambda: services.note_answer(inquiry.pk, actor=actor, channel="phone", content="Said yes"),
        "convert": lambda: services.convert_inquiry(inquiry.pk, actor=actor),
        "close": lambda: services.close_inquiry(inquiry.pk, actor=actor, outcome="lost", reason="Price"),
        "reopen": lambda: services.reopen_inquiry(inquiry.pk, actor=actor),
    }[name]()


def test_the_machine_allows_exactly_these_steps():
    assert edges(Inquiry, "status") == [
        ("answered", "closed", "close"),
        ("answered", "converted", "convert"),
        ("assigned", "answered", "answer"),
        ("assigned", "closed", "close"),
        ("closed", "assigned", "reopen"),
        ("converted", "closed", "close"),
        ("new", "answered", "answer"),
        ("new", "assigned", "assign"),
        ("new", "closed", "close"),
    ]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", ["assign", "answer", "convert", "close", "reopen"])
def test_every_verb_in_every_state_works_or_is_refused_and_then_changes_nothing(state, verb, maria):
    inquiry = inquiry_in(state)
    allowed = {(source, name): target for source, target, name in edges(Inquiry, "status")}
    before = Inquiry.objects.filter(pk=inquiry.pk).values().get()
    if (state, verb) in allowed:
        call(verb, inquiry, maria)
        inquiry.refresh_from_db()
        assert inquiry.status == allowed[state, verb]
        assert len(codes(inquiry)) == 1
        return
    with pytest.raises(Refused) as refusal:
        call(verb, inquiry, maria)
    assert inquiry.number in refusal.value.message
    assert Inquiry.objects.filter(pk=inquiry.pk).values().get() == before
    assert not Event.objects.exists()
    assert not Customer.objects.exists()


@pytest.mark.parametrize("verb", ["answer", "convert", "close", "reopen", "assign"])
def test_without_the_right_nothing_happens(verb, roles):
    state = {"answer": "assigned", "convert": "answered", "close": "new", "reopen": "closed", "assign": "new"}[verb]
    inquiry, clerk = inquiry_in(state), make_user("Clerk", role="logistics")
    with pytest.raises((Refused, PermissionDenied)):
        call(verb, inquiry, clerk)
    assert Inquiry.objects.get().status == state
    assert not Event.objects.exists()


@pytest.mark.parametrize(("source", "target"), [("new", "converted"), ("closed", "new"), ("assigned", "converted")])
def test_the_database_refuses_a_step_that_the_machine_does_not_know(source, target):
    inquiry = inquiry_in(source)
    with pytest.raises(DatabaseError), transaction.atomic():
        Inquiry.objects.filter(pk=inquiry.pk).update(status=target, answered_at=timezone.now())
    assert Inquiry.objects.get().status == source


def test_a_salesperson_takes_a_new_inquiry_but_may_not_give_it_to_others(anna, wei):
    one, other = inquiry_in("new"), inquiry_in("new")
    assert services.take_inquiry(one.pk, actor=anna).owner == anna
    with pytest.raises(PermissionDenied):
        services.assign_inquiry(other.pk, actor=anna, owner=wei)
    assert Inquiry.objects.get(pk=other.pk).owner is None


def test_an_inquiry_is_not_given_to_somebody_who_cannot_answer_it(maria):
    inquiry, clerk = inquiry_in("new"), make_user("Clerk", role="finance")
    with pytest.raises(Refused):
        services.assign_inquiry(inquiry.pk, actor=maria, owner=clerk)
    assert Inquiry.objects.get().status == "new"


def test_the_owner_hands_over_and_the_next_one_who_tries_is_told(anna, wei, maria):
    inquiry = inquiry_in("assigned", owner=anna)
    services.hand_over_inquiry(inquiry.pk, actor=anna, owner=wei, was_owner=anna.pk, note="Speaks Chinese")
    with pytest.raises(Refused) as refusal:
        services.hand_over_inquiry(inquiry.pk, actor=maria, owner=maria, was_owner=anna.pk)
    assert "Wei Chen" in refusal.value.message
    assert Inquiry.objects.get().owner == wei
    assert codes(inquiry) == ["inquiry.assigned"]


def test_somebody_elses_inquiry_is_handed_over_by_a_manager_only(anna, wei):
    inquiry = inquiry_in("assigned", owner=wei)
    with pytest.raises(PermissionDenied):
        services.hand_over_inquiry(inquiry.pk, actor=anna, owner=anna)
    assert Inquiry.objects.get().owner == wei


def test_an_answer_is_promised_for_a_time_to_come(anna):
    inquiry = inquiry_in("assigned", owner=anna)
    with pytest.raises(Refused):
        services.promise_answer(inquiry.pk, actor=anna, promised_at=timezone.now() - timedelta(hours=1))
    due = timezone.now() + timedelta(hours=3)
    assert services.promise_answer(inquiry.pk, actor=anna, promised_at=due).promised_at == due
    assert codes(inquiry) == ["inquiry.promised"]


def test_an_answer_on_the_phone_stops_the_clock_and_becomes_a_service_record(anna):
    customer = make_customer(owner=anna)
    inquiry = inquiry_in("assigned", owner=anna, customer=customer)
    services.note_answer(inquiry.pk, actor=anna, channel="phone", content="We do")
    inquiry.refresh_from_db()
    assert (inquiry.answered_by, inquiry.status) == (anna, "answered")
    row = ServiceRecord.objects.get()
    assert (row.customer, row.inquiry, row.type, row.text.content) == (customer, inquiry, "inquiry_answer", "We do")


def test_losing_needs_a_reason(anna):
    inquiry = inquiry_in("answered", owner=anna)
    with pytest.raises(Refused) as refusal:
        services.close_inquiry(inquiry.pk, actor=anna, outcome="lost", reason=" ")
    assert refusal.value.field == "reason"
    assert Inquiry.objects.get().status == "answered"


# ---------------------------------------------------------------- converting


def test_a_stranger_becomes_a_customer_with_the_sender_as_contact(anna):
    inquiry = inquiry_in(
        "answered", owner=anna, company_name="Neubau AG", country="CH", language="de", email="k@neubau.example"
    )
    services.convert_inquiry(inquiry.pk, actor=anna)
    inquiry.refresh_from_db()
    customer = inquiry.customer
    assert (customer.name, customer.country, customer.owner) == ("Neubau AG", "CH", anna)
    assert (inquiry.contact.email, inquiry.contact.is_main) == ("k@neubau.example", True)
    assert codes(inquiry) == ["inquiry.converted"]
    assert Event.objects.of_customer(customer.pk).filter(code="inquiry.converted").exists()


def test_converting_for_a_known_customer_adds_the_sender_only_once(anna):
    contact = make_contact(make_customer(owner=anna))
    known = inquiry_in("answered", owner=anna, email=contact.email)
    services.convert_inquiry(known.pk, actor=anna, customer=contact.customer)
    fresh = inquiry_in("answered", owner=anna, contact_name="New Face")
    services.convert_inquiry(fresh.pk, actor=anna, customer=contact.customer)
    assert [one.name for one in contact.customer.contacts.order_by("pk")] == [contact.name, "New Face"]
    assert Customer.objects.count() == 1


# ---------------------------------------------------------------- visibility and races


def test_a_salesperson_sees_own_unassigned_and_own_customers_inquiries(anna, wei, maria):
    foreign_customer = make_customer(owner=wei)
    own = inquiry_in("assigned", owner=anna)
    free = inquiry_in("new")
    of_own_customer = inquiry_in("assigned", owner=wei, customer=make_customer(owner=anna))
    foreign = inquiry_in("assigned", owner=wei)
    of_foreign_customer = inquiry_in("new", customer=foreign_customer)
    assert set(visible_inquiries(anna)) == {own, free, of_own_customer}
    assert set(visible_inquiries(wei)) == {free, of_own_customer, foreign, of_foreign_customer}
    assert visible_inquiries(maria).count() == 5


def in_parallel(*calls) -> list[object]:
    results: list[object] = [None] * len(calls)
    barrier = threading.Barrier(len(calls))

    def run(index: int) -> None:
        close_old_connections()
        barrier.wait()
        try:
            results[index] = calls[index]()
        except Refused as refusal:
            results[index] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_an_inquiry_at_once_one_gets_it_and_the_other_is_told():
    load_roles()
    people = [make_user(f"Person{n}", role="sales") for n in (1, 2)]
    inquiry = inquiry_in("new")
    results = in_parallel(*[lambda p=p: services.take_inquiry(inquiry.pk, actor=p) for p in people])
    refused = [one for one in results if isinstance(one, Refused)]
    assert len(refused) == 1
    winner = Inquiry.objects.get().owner
    assert winner.name in refused[0].message
    assert codes(inquiry) == ["inquiry.assigned"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_one_answer_counts():
    load_roles()
    people = [make_user(f"Person{n}", role="sales") for n in (1, 2)]
    inquiry = inquiry_in("assigned", owner=people[0])
    results = in_parallel(
        *[lambda p=p: services.note_answer(inquiry.pk, actor=p, channel="phone", content="x") for p in people]
    )
    assert sum(isinstance(one, Refused) for one in results) == 1
    assert codes(inquiry) == ["inquiry.answered"]


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_once_makes_one_inquiry():
    load_roles()
    make_user("Anna", role="sales", languages={"en": 3})
    results = in_parallel(*[lambda: make_inquiry(request_key="same")] * 4)
    assert len({one.pk for one in results}) == 1
    assert Inquiry.objects.count() == 1
    assert codes(Inquiry.objects.get()).count("inquiry.received") == 1


@pytest.mark.django_db(transaction=True)
def test_two_conversions_at_once_make_one_customer():
    load_roles()
    people = [make_user(f"Person{n}", role="sales") for n in (1, 2)]
    inquiry = inquiry_in("answered", owner=people[0])
    results = in_parallel(*[lambda p=p: services.convert_inquiry(inquiry.pk, actor=p) for p in people])
    assert sum(isinstance(one, Refused) for one in results) == 1
    assert Customer.objects.count() == 1
