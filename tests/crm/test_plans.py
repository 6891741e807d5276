"""Account plans: written, put into force, reviewed, carried over; and customers that are developed or given up."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from crm import services
from crm.models import AccountPlan, Customer, GivenUp, PlanPerson
from crm.models.cadence import company_today
from crm.services import development, plans
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.notifications.models import Message
from foundation.sla.models import Clock
from tests.crm.factories import make_contact, make_customer, make_inquiry
from tests.support.defaults import load_defaults

pytestmark = pytest.mark.django_db


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def customer(anna: Any) -> Customer:
    return make_customer("Bodenwerk", owner=anna, tier="key")


@pytest.fixture
def plan(customer: Customer, anna: Any) -> AccountPlan:
    return plans.create_plan(
        customer.pk,
        actor=anna,
        year=2026,
        goals="Two more shops",
        volume_goal=Decimal(500000),
        review_on=company_today(),
    )


def test_a_year_has_one_plan_and_a_refusal_changes_nothing(customer, plan, anna, sven):
    with pytest.raises(Refused):
        plans.create_plan(customer.pk, actor=anna, year=2026)
    with pytest.raises(PermissionDenied):
        plans.create_plan(customer.pk, actor=sven, year=2027)
    assert AccountPlan.objects.get() == plan
    assert Event.objects.filter(code__startswith="account_plan").count() == 1


def test_a_plan_goes_its_way_and_is_locked_at_the_end(plan, anna):
    plans.activate_plan(plan.pk, actor=anna)
    plans.review_plan(plan.pk, actor=anna, outcome="On the way", review_on=company_today() + timedelta(days=90))
    plans.archive_plan(plan.pk, actor=anna)
    for change in (
        lambda: plans.update_plan(plan.pk, actor=anna, goals="Other"),
        lambda: plans.review_plan(plan.pk, actor=anna, outcome="x", review_on=None),
        lambda: plans.activate_plan(plan.pk, actor=anna),
    ):
        with pytest.raises(Refused):
            change()
    plan.refresh_from_db()
    assert (plan.status, plan.goals) == ("archived", "Two more shops")
    told = Event.objects.filter(code__startswith="account_plan").order_by("pk").values_list("code", flat=True)
    assert [code.partition(".")[2] for code in told] == ["created", "activated", "reviewed", "archived"]


def test_whoever_saves_over_a_colleague_is_told(plan, anna, maria):
    plans.update_plan(plan.pk, actor=maria, version=1, risks="A new competitor")
    with pytest.raises(Refused):
        plans.update_plan(plan.pk, actor=anna, version=1, risks="None")
    plan.refresh_from_db()
    assert plan.risks == "A new competitor"


def test_people_are_placed_once_and_belong_to_the_customer(plan, anna):
    contact = make_contact(plan.customer)
    plans.place_person(plan.pk, actor=anna, contact=contact, influence="decides", attitude="open")
    plans.place_person(plan.pk, actor=anna, contact=contact, influence="decides", attitude="for_us")
    assert PlanPerson.objects.get().attitude == "for_us"
    with pytest.raises(Refused):
        plans.place_person(plan.pk, actor=anna, contact=make_contact(), influence="uses", attitude="open")
    plans.remove_person(plan.pk, contact.pk, actor=anna)
    assert not PlanPerson.objects.exists()


def test_the_next_year_begins_with_what_is_known_and_only_once(plan, anna):
    contact = make_contact(plan.customer)
    plans.place_person(plan.pk, actor=anna, contact=contact, influence="advises", attitude="for_us")
    following = plans.begin_next_year(plan.pk, actor=anna)
    assert (following.year, following.status, following.previous, following.goals) == (2027, "draft", plan, plan.goals)
    assert following.people.get().contact == contact
    assert plans.begin_next_year(plan.pk, actor=anna) == following


def test_the_owner_hears_of_a_review_once(plan, anna):
    load_defaults()
    assert plans.tell_reviews() == 0  # a draft is nobody's promise
    plans.activate_plan(plan.pk, actor=anna)
    assert plans.tell_reviews() == 1
    assert plans.tell_reviews() == 0
    assert Event.objects.filter(code="account_plan.review_due").count() == 1
    assert Message.objects.filter(template_key="account_plan.review_due").exists()
    plans.review_plan(plan.pk, actor=anna, outcome="Well", review_on=company_today())
    plan.refresh_from_db()
    assert plans.tell_reviews() == 0  # the same day, told already


def test_pages_show_the_plan_to_whoever_sees_the_customer(plan, anna, wei):
    client = client_of(anna)
    assert "There is no plan" not in client.get(plan.customer.get_absolute_url()).content.decode()
    page = client.get(plan.get_absolute_url()).content.decode()
    for words in ("Two more shops", "Put into force", "Place somebody"):
        assert words in page
    assert "Bodenwerk" in client.get("/account-plans/").content.decode()
    assert client_of(wei).get(plan.get_absolute_url()).status_code == 404
    assert "Bodenwerk" not in client_of(wei).get("/account-plans/?view=all").content.decode()
    assert client_of(wei).post(f"{plan.get_absolute_url()}do/activate/").status_code == 404


def test_a_plan_is_written_on_its_page_and_amounts_are_read_in_the_readers_language(customer, anna):
    client = client_of(anna)
    values = {"year": 2026, "volume_goal": "500,000", "potential": "2,000,000.50", "currency": "EUR", "goals": "Grow"}
    response = client.post(f"/customers/{customer.pk}/account-plan/", values)
    plan = AccountPlan.objects.get()
    assert response["Location"] == plan.get_absolute_url()
    assert (plan.volume_goal, plan.potential, plan.owner) == (Decimal(500000), Decimal("2000000.50"), anna)
    changed = {"volume_goal": "-5", "currency": "EUR", "version": plan.version}
    assert client.post(f"/account-plans/{plan.pk}/edit/", changed).status_code == 422
    today = company_today()
    AccountPlan.objects.filter(pk=plan.pk).update(review_on=today - timedelta(days=3))
    meant = {"volume_goal": "7", "currency": "usd", "version": plan.version, "review_on": today - timedelta(days=3)}
    assert client.post(f"/account-plans/{plan.pk}/edit/", {**meant, "review_on": "2020-01-01"}).status_code == 422
    assert (
        client.post(f"/account-plans/{plan.pk}/edit/", meant).status_code == 302
    )  # the review is overdue and stays so
    plan.refresh_from_db()
    assert (plan.volume_goal, plan.currency) == (7, "USD")


@pytest.mark.parametrize("rows", [2, 20])
def test_lists_and_the_page_of_a_plan_keep_their_budget(anna, rows, django_assert_max_num_queries):
    for number in range(rows):
        made = make_customer(f"Firm {number}", owner=anna, tier="key")
        plan = plans.create_plan(made.pk, actor=anna, year=2026)
        plans.place_person(plan.pk, actor=anna, contact=make_contact(made), influence="uses", attitude="open")
    client = client_of(anna)
    client.get("/customers/?q=warm")
    for path, most in (("/account-plans/", 8), ("/customers/developed/", 8), (plan.get_absolute_url(), 16)):
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200


# ---------------------------------------------------------------- faster promises


@pytest.mark.parametrize(("tier", "hours"), [("ordinary", 2), ("key", 1)])
def test_key_accounts_are_answered_faster(anna, tier, hours):
    load_defaults()
    contact = make_contact(make_customer(owner=anna, tier=tier))
    inquiry = make_inquiry(email=contact.email)
    clock = Clock.objects.get(object_id=inquiry.pk, target__metric="first_response")
    assert clock.target.amount == hours


# ---------------------------------------------------------------- newly developed


def test_giving_up_is_taken_back_and_neither_happens_twice(customer, anna):
    development.give_up(customer.pk, actor=anna, reason="price", note="10 % above")
    with pytest.raises(Refused):
        development.give_up(customer.pk, actor=anna, reason="price")
    assert "Take up again" in client_of(anna).get(customer.get_absolute_url()).content.decode()
    development.take_up_again(customer.pk, actor=anna)
    with pytest.raises(Refused):
        development.take_up_again(customer.pk, actor=anna)
    assert GivenUp.objects.get().resumed_at is not None


def test_the_register_says_who_was_developed_by_which_steps_and_what_became_of_them(customer, anna, wei):
    services.add_service_record(customer.pk, actor=anna, subject="Call")
    lost = make_customer("Lost GmbH", owner=anna)
    development.give_up(lost.pk, actor=anna, reason="competitor")
    make_customer("Foreign", owner=wei)
    client = client_of(anna)
    page = client.get("/customers/developed/").content.decode()
    for words in (
        "Bodenwerk",
        "Lost GmbH",
        "Buys elsewhere",
        "In progress",
        f"/service-records/?view=all&amp;customer={customer.pk}",
    ):
        assert words in page
    assert "Foreign" not in page
    only = client.get("/customers/developed/?outcome=given_up").content.decode()
    assert "Lost GmbH" in only and "Bodenwerk" not in only
    text = b"".join(client.get("/customers/developed/?format=csv").streaming_content).decode()
    assert "Lost GmbH" in text and "Given up" in text
