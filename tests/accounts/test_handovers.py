"""All open work of a colleague in other hands, and back."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftersales.models import Ticket
from crm.models import Inquiry
from crm.services import hand_over_inquiry
from foundation.accounts.handovers import follow_absences, hand_over_work, return_work
from foundation.accounts.leaves import cancel_leave, enter_leave, today_of
from foundation.accounts.models import HandedItem, HandOver, Leave
from foundation.accounts.roles import load_roles
from foundation.accounts.work import _kinds, work_kinds
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.notifications.defaults import load_messages
from foundation.notifications.models import InboxItem
from foundation.sla.models import Clock
from tests.accounts.factories import make_user
from tests.aftersales.factories import make_ticket
from tests.crm.factories import inquiry_in, make_customer
from tests.sla.conftest import add_target

DAY = timedelta(days=1)


def staff(name, role="sales", **fields):
    return make_user(name, role=role, languages={"en": 4}, **fields)


@pytest.fixture
def manager(db):
    load_roles()
    return staff("Meiling", role="manager")


@pytest.fixture
def anna(manager):
    return staff("Anna", role="service")


@pytest.fixture
def bert(manager):
    return staff("Bert", role="service")


def give(person, *tickets):
    Ticket.objects.filter(pk__in=[one.pk for one in tickets]).update(owner=person)


def tickets_of(person, count=1):
    made = [make_ticket() for _ in range(count)]
    give(person, *made)
    return made


def owners(model):
    return list(model.objects.order_by("pk").values_list("owner__name", flat=True))


def pass_days(handover, leave=None):
    """The day of the return has come."""
    HandOver.objects.filter(pk=handover.pk).update(back_on=today_of(handover.person))
    if leave is not None:
        days = {"first_day": leave.first_day - 9 * DAY, "last_day": today_of(handover.person) - DAY}
        for name, value in days.items():
            setattr(leave, name, value)
        leave.save()


def test_every_stage_has_registered_what_can_be_in_hand():
    codes = [kind.code for kind in work_kinds()]
    assert codes == [
        "inquiries", "visits", "receptions", "samples", "drawings", "calls", "quotes", "campaigns", "orders", "shipments", "tickets", "account-plans", "customers", "tasks",
    ]  # fmt: skip


def test_open_work_goes_to_several_in_turns_and_the_clocks_follow(manager, anna, bert):
    carl = staff("Carl", role="service")
    add_target("t", start_events=["ticket.received"], stop_events=["ticket.resolved"], amount=24)
    tickets_of(anna, 4)
    made = hand_over_work(anna.pk, actor=manager, to={"tickets": [bert, carl]}, back_on=today_of(anna) + 5 * DAY)
    assert owners(Ticket) == ["Bert", "Carl", "Bert", "Carl"]
    assert made.items.filter(state="given").count() == 4
    assert set(Clock.objects.values_list("owner__name", flat=True)) == {"Bert", "Carl"}
    assert [clock.holders.last().owner_id for clock in Clock.objects.order_by("pk")] == [bert.pk, carl.pk] * 2
    assert Event.objects.filter(code="ticket.reassigned", actor=manager).count() == 4
    assert Event.objects.get(code="user.work_handed").facts["count"] == 4


def test_both_are_told(manager, anna, bert):
    load_messages()
    tickets_of(anna, 2)
    hand_over_work(anna.pk, actor=manager, to={"tickets": [bert]}, back_on=today_of(anna) + DAY)
    told = {item.user.name: item for item in InboxItem.objects.filter(text__icontains="record").select_related("user")}
    assert {"Anna", "Bert"} <= set(told)


def test_who_may_not_do_such_work_is_not_given_any(manager, anna, bert):
    inquiry = inquiry_in("assigned", owner=anna)
    tickets_of(anna)
    lone = staff("Lone", role="technical")  # may work on tickets, may not answer inquiries
    with pytest.raises(Refused) as refused:
        hand_over_work(anna.pk, actor=manager, to={"inquiries": [lone], "tickets": [lone]})
    assert refused.value.field == "to_inquiries"
    assert not HandOver.objects.exists()
    assert owners(Ticket) == ["Anna"]
    inquiry.refresh_from_db()
    assert inquiry.owner == anna


def test_what_a_stage_refuses_stays_and_says_why_while_the_rest_goes(manager, anna, bert, monkeypatch):
    kind = next(one for one in work_kinds() if one.code == "tickets")
    first, second = tickets_of(anna, 2)

    def reluctant(pk, **values):
        if pk == first.pk:
            Ticket.objects.filter(pk=pk).update(subject="half done")
            raise Refused("Not this one.")
        return kind.reassign(pk, **values)

    monkeypatch.setitem(_kinds, "tickets", replace(kind, reassign=reluctant))
    made = hand_over_work(anna.pk, actor=anna, to={"tickets": [bert]})
    assert owners(Ticket) == ["Anna", "Bert"]
    assert list(made.items.values_list("state", "reason")) == [("refused", "Not this one."), ("given", "")]
    assert Ticket.objects.get(pk=first.pk).subject == first.subject
    assert Ticket.objects.get(pk=second.pk).owner == bert


@pytest.mark.parametrize("wrong", ["away", "self", "off"])
def test_nobody_who_is_away_or_gone_is_given_work(manager, anna, bert, wrong):
    tickets_of(anna)
    if wrong == "away":
        Leave.objects.create(person=bert, first_day=today_of(bert), last_day=today_of(bert))
    if wrong == "off":
        bert.is_active = False
        bert.save()
    with pytest.raises(Refused):
        hand_over_work(anna.pk, actor=manager, to={"tickets": [anna if wrong == "self" else bert]})
    assert owners(Ticket) == ["Anna"]
    assert not HandOver.objects.exists()


def test_strangers_hand_over_nothing(manager, anna, bert):
    tickets_of(anna)
    with pytest.raises(Refused) as refused:
        hand_over_work(anna.pk, actor=bert, to={"tickets": [bert]})
    assert refused.value.reason == "permission"
    with pytest.raises(Refused):
        hand_over_work(anna.pk, actor=manager, to={})
    with pytest.raises(Refused):
        hand_over_work(anna.pk, actor=manager, to={"tickets": [bert]}, back_on=today_of(anna))
    assert owners(Ticket) == ["Anna"]
    assert not HandOver.objects.exists() and not HandedItem.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_at_once_each_record_follows_one():
    load_roles()
    bosses = [staff("Meiling", role="manager"), staff("Ming", role="manager")]
    takers = [staff("Bert", role="service"), staff("Carl", role="service")]
    anna = staff("Anna", role="service")
    tickets_of(anna, 6)
    gate = threading.Barrier(2)

    def press(boss, taker):
        gate.wait()
        try:
            hand_over_work(anna.pk, actor=boss, to={"tickets": [taker]})
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=pair) for pair in zip(bosses, takers, strict=True)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    given = HandedItem.objects.filter(state="given")
    assert given.count() == 6
    assert {item.object_id: item.given_to_id for item in given} == dict(Ticket.objects.values_list("pk", "owner_id"))
    assert Event.objects.filter(code="ticket.reassigned").count() == 6


# ---------------------------------------------------------------- back


def test_on_the_day_of_the_return_what_is_open_goes_back_once(manager, anna, bert):
    first, second, third = tickets_of(anna, 3)
    made = hand_over_work(anna.pk, actor=manager, to={"tickets": [bert]}, back_on=today_of(anna) + DAY)
    assert follow_absences() == (0, 0)
    Ticket.objects.filter(pk=second.pk).update(owner=manager)  # on purpose
    from aftersales.services.tickets import cancel_ticket

    cancel_ticket(third.pk, actor=manager, reason="twice")
    pass_days(made)
    assert follow_absences() == (0, 1)
    assert owners(Ticket) == ["Anna", "Meiling", "Bert"]
    assert list(made.items.values_list("state", flat=True)) == ["returned", "kept", "kept"]
    events = Event.objects.count()
    assert follow_absences() == (0, 0)
    return_work(made.pk, actor=manager)
    assert Event.objects.count() == events


def test_what_was_handed_over_for_good_stays(manager, anna, bert):
    tickets_of(anna)
    hand_over_work(anna.pk, actor=manager, to={"tickets": [bert]})
    assert follow_absences() == (0, 0)
    assert owners(Ticket) == ["Bert"]


@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_once_give_back_once():
    load_roles()
    boss, anna, bert = staff("Meiling", role="manager"), staff("Anna", role="service"), staff("Bert", role="service")
    tickets_of(anna, 2)
    made = hand_over_work(anna.pk, actor=boss, to={"tickets": [bert]}, back_on=today_of(anna) + DAY)
    pass_days(made)
    gate = threading.Barrier(2)

    def ring():
        gate.wait()
        try:
            follow_absences()
        finally:
            connection.close()

    threads = [threading.Thread(target=ring) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert owners(Ticket) == ["Anna", "Anna"]
    assert Event.objects.filter(code="user.work_returned").count() == 1
    assert Event.objects.filter(code="ticket.reassigned").count() == 4


# ---------------------------------------------------------------- by itself


def test_an_absence_hands_over_and_takes_back_by_itself(manager, anna, bert):
    load_messages()
    tickets_of(anna, 2)
    customer = make_customer(owner=anna)
    leave = enter_leave(
        anna.pk, actor=manager, first_day=today_of(anna), last_day=today_of(anna) + 2 * DAY, deputy=bert
    )
    assert follow_absences() == (1, 0)
    assert follow_absences() == (0, 0)
    assert owners(Ticket) == ["Bert", "Bert"]
    customer.refresh_from_db()
    assert customer.owner == anna  # customers last
    made = HandOver.objects.get(leave=leave)
    assert (made.back_on, made.made_by) == (leave.last_day + DAY, None)
    pass_days(made, leave)
    assert follow_absences() == (0, 1)
    assert owners(Ticket) == ["Anna", "Anna"]
    assert {"Anna", "Bert"} <= set(InboxItem.objects.values_list("user__name", flat=True))


def test_a_deputy_who_is_away_is_waited_for(manager, anna, bert):
    tickets_of(anna)
    leave = enter_leave(anna.pk, actor=manager, first_day=today_of(anna), last_day=today_of(anna), deputy=bert)
    theirs = enter_leave(bert.pk, actor=manager, first_day=today_of(bert), last_day=today_of(bert))
    assert follow_absences() == (1, 0)  # Bert's own, without a deputy
    assert owners(Ticket) == ["Anna"]
    cancel_leave(theirs.pk, actor=manager)
    assert follow_absences() == (1, 0)
    assert owners(Ticket) == ["Bert"]
    assert Leave.objects.get(pk=leave.pk).begun_at is not None


def test_a_deputy_who_falls_ill_in_turn_does_not_keep_the_work_for_good(manager, anna, bert):
    carl = staff("Carl", role="service")
    tickets_of(anna)
    leave = enter_leave(
        anna.pk, actor=manager, first_day=today_of(anna), last_day=today_of(anna) + 2 * DAY, deputy=bert
    )
    follow_absences()
    enter_leave(bert.pk, actor=manager, first_day=today_of(bert), last_day=today_of(bert) + 9 * DAY, deputy=carl)
    follow_absences()
    assert owners(Ticket) == ["Carl"]
    pass_days(HandOver.objects.get(leave=leave), leave)
    follow_absences()
    assert owners(Ticket) == ["Anna"]


def test_nothing_goes_back_to_somebody_who_is_away_again(manager, anna, bert):
    tickets_of(anna)
    made = hand_over_work(anna.pk, actor=manager, to={"tickets": [bert]}, back_on=today_of(anna) + DAY)
    pass_days(made)
    leave = enter_leave(anna.pk, actor=manager, first_day=today_of(anna), last_day=today_of(anna))
    follow_absences()
    assert owners(Ticket) == ["Bert"]
    cancel_leave(leave.pk, actor=manager)
    follow_absences()
    assert owners(Ticket) == ["Anna"]


# ---------------------------------------------------------------- pages


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def test_the_page_counts_by_kind_and_leads_to_what_was_done(manager, anna, bert):
    tickets_of(anna, 2)
    inquiry_in("assigned", owner=anna)
    client = client_of(manager)
    page = client.get(f"/people/{anna.pk}/hand-over/").content.decode()
    assert "Complaints (2)" in page and "Inquiries (1)" in page
    typed = {"to_tickets": [bert.pk], "back_on": (today_of(anna) + 3 * DAY).isoformat()}
    answer = client.post(f"/people/{anna.pk}/hand-over/", typed)
    made = HandOver.objects.get()
    assert answer.url == made.get_absolute_url()
    body = client.get(answer.url).content.decode()
    assert "Handed over: 2, refused: 0" in body and "Give back now" in body
    assert Inquiry.objects.get().owner == anna
    assert client.post(f"{answer.url}return/").status_code == 302
    assert owners(Ticket) == ["Anna", "Anna"]


def test_everything_goes_to_one_in_one_step_but_what_they_may_not_do_and_customers(manager, anna, bert):
    tickets_of(anna, 2)
    inquiry_in("assigned", owner=anna)
    make_customer(owner=anna)
    sales = staff("Cora", role="sales")
    answer = client_of(manager).post(f"/people/{anna.pk}/hand-over/", {"all_to": bert.pk}, follow=True)
    assert owners(Ticket) == ["Bert", "Bert"]
    assert answer.status_code == 200 and HandedItem.objects.filter(given_to=bert).exists()
    tickets_of(anna, 1)
    inquiry_in("assigned", owner=anna)
    typed = {"all_to": sales.pk, "to_tickets": [bert.pk]}
    client_of(manager).post(f"/people/{anna.pk}/hand-over/", typed)
    assert owners(Ticket) == ["Bert", "Bert", "Bert"]
    assert owners(Inquiry)[-1] == "Cora"
    tickets_of(anna, 1)
    inquiry_in("assigned", owner=anna)
    stays = client_of(manager).post(f"/people/{anna.pk}/hand-over/", {"all_to": sales.pk}, follow=True)
    assert "which stays: Complaints" in stays.content.decode()
    assert not HandedItem.objects.filter(kind="customers").exists()


def test_the_page_asks_for_one_person_and_a_day_and_folds_the_rest_until_something_is_chosen_there(manager, anna, bert):
    tickets_of(anna, 2)
    client, url = client_of(manager), f"/people/{anna.pk}/hand-over/"
    page = client.get(url).content.decode()
    assert "<p>Complaints (2)</p>" in page
    assert page.index('name="all_to"') < page.index('name="back_on"') < page.index('name="to_tickets"')
    assert '<details class="more-fields"><summary>Give some of it to others' in page
    again = client.post(url, {"to_tickets": [bert.pk], "back_on": today_of(anna).isoformat()}).content.decode()
    assert '<details class="more-fields" open>' in again


def test_customers_alone_need_no_unfolding(manager, anna):
    make_customer(owner=anna)
    page = client_of(manager).get(f"/people/{anna.pk}/hand-over/").content.decode()
    assert '<details class="more-fields" open>' in page


def test_the_page_refuses_next_to_the_field_and_changes_nothing(manager, anna, bert):
    tickets_of(anna)
    client, url = client_of(manager), f"/people/{anna.pk}/hand-over/"
    wrong = client.post(url, {"to_tickets": [bert.pk], "back_on": today_of(anna).isoformat()})
    assert wrong.status_code == 409 and "lie in the future" in wrong.content.decode()
    assert client.post(url, {}).status_code == 409
    assert client_of(bert).get(url).status_code == 403
    assert client_of(bert).post(url, {"to_tickets": [bert.pk]}).status_code == 403
    assert owners(Ticket) == ["Anna"] and not HandOver.objects.exists()


def test_the_page_of_a_hand_over_leads_to_its_records(manager, anna, bert):
    ticket = tickets_of(anna)[0]
    made = hand_over_work(anna.pk, actor=manager, to={"tickets": [bert]})
    assert f'href="{ticket.get_absolute_url()}"' in client_of(manager).get(made.get_absolute_url()).content.decode()


def test_every_kind_of_work_knows_the_address_of_its_records():
    assert all(kind.address(7).startswith("/") for kind in work_kinds())


def test_who_cannot_take_what_is_left_by_now_is_refused_in_words(manager, anna, bert):
    make_customer(owner=anna)  # the rest went elsewhere since the page was opened
    enter_leave(bert.pk, actor=manager, first_day=today_of(bert), last_day=today_of(bert))
    typed = {"all_to": bert.pk, "to_customers": [bert.pk]}
    form = client_of(manager).post(f"/people/{anna.pk}/hand-over/", typed).context["form"]
    for field in typed:
        assert form.errors[field] == ["This colleague is away, or may not do what is open now. Choose somebody else."]


def test_a_hand_over_of_others_does_not_exist(manager, anna, bert):
    tickets_of(anna)
    made = hand_over_work(anna.pk, actor=manager, to={"tickets": [bert]})
    assert client_of(bert).get(made.get_absolute_url()).status_code == 404
    assert client_of(anna).get(made.get_absolute_url()).status_code == 200
    assert client_of(manager).get("/people/hand-overs/999999/").status_code == 404


@pytest.mark.parametrize("count", [2, 20])
def test_the_pages_cost_the_same_for_2_and_20(manager, anna, bert, count):
    tickets_of(anna, count)
    made = hand_over_work(anna.pk, actor=manager, to={"tickets": [bert]})
    client = client_of(manager)
    client.get(made.get_absolute_url())
    with CaptureQueriesContext(connection) as queries:
        client.get(made.get_absolute_url())
    assert len(queries) <= 9


def test_an_inquiry_that_was_passed_on_meanwhile_is_told_as_refused(manager, anna, bert):
    inquiry = inquiry_in("assigned", owner=anna)
    kind = next(one for one in work_kinds() if one.code == "inquiries")
    hand_over_inquiry(inquiry.pk, actor=anna, owner=manager)
    with pytest.raises(Refused):
        kind.reassign(inquiry.pk, actor=manager, owner=bert, was_owner=anna.pk)
    inquiry.refresh_from_db()
    assert inquiry.owner == manager
