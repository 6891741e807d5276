"""Absences: who enters them, who is away, and that nobody who is away gets work."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client

from aftersales.models import Ticket
from crm.models import Inquiry
from foundation.accounts.leaves import away_today, cancel_leave, enter_leave, today_of
from foundation.accounts.models import HandOver, Leave
from foundation.accounts.roles import load_roles
from foundation.accounts.routing import staff_speaking
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.ui import formats
from tests.accounts.factories import make_team, make_user
from tests.aftersales.factories import make_ticket
from tests.crm.factories import inquiry_in

DAY = timedelta(days=1)


@pytest.fixture
def manager(db):
    load_roles()
    return make_user("Meiling", role="manager")


@pytest.fixture
def anna(db):
    return make_user("Anna", time_zone="Europe/Berlin")


def away(person, actor, start=0, days=3, **values):
    first = today_of(person) + start * DAY
    return enter_leave(person.pk, actor=actor, first_day=first, last_day=first + (days - 1) * DAY, **values)


def test_people_enter_days_to_come_and_the_journal_remembers(anna):
    leave = away(anna, anna, start=1, kind="holiday", note="Hiking")
    assert (leave.person, leave.entered_by) == (anna, anna)
    event = Event.objects.get(code="user.leave_entered")
    assert event.facts["first_on"] == leave.first_day.isoformat()
    assert event.private.data == {"note": "Hiking"}


@pytest.mark.parametrize("start", [0, -1])
def test_only_a_manager_enters_today(anna, manager, start):
    with pytest.raises(Refused) as refused:
        away(anna, anna, start=start)
    assert refused.value.field == "first_day"
    assert not Leave.objects.exists()
    assert away(anna, manager, start=start, kind="sick").kind == "sick"


def test_the_lead_and_the_persons_manager_may_strangers_may_not(anna):
    lead, boss, stranger = make_user("Lead"), make_user("Boss"), make_user("Stranger")
    anna.team, anna.manager = make_team(lead=lead), boss
    anna.save()
    with pytest.raises(Refused) as refused:
        away(anna, stranger)
    assert refused.value.reason == "permission"
    assert not Leave.objects.exists()
    away(anna, lead)
    away(anna, boss, start=10)
    assert Leave.objects.count() == 2


@pytest.mark.parametrize(("start", "days"), [(0, 1), (2, 1), (2, 9), (-3, 4), (1, 1), (-9, 30)])
def test_absences_of_one_person_do_not_overlap(anna, manager, start, days):
    away(anna, manager, start=0, days=3)
    with pytest.raises(Refused):
        away(anna, manager, start=start, days=days)
    assert Leave.objects.count() == 1
    away(anna, manager, start=3, days=1)


def test_days_in_the_wrong_order_over_or_too_many_are_refused(anna, manager):
    for values in ({"days": 0}, {"start": -9, "days": 2}, {"start": 1, "days": 500}):
        with pytest.raises(Refused):
            away(anna, manager, **values)
    with pytest.raises(Refused):
        away(anna, manager, deputy=anna)
    assert not Leave.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_overlapping_absences_entered_at_once_one_is_refused():
    load_roles()
    boss, anna = make_user("Boss", role="manager"), make_user("Anna")
    gate, results = threading.Barrier(2), []

    def enter():
        gate.wait()
        try:
            results.append(bool(away(anna, boss, start=1)))
        except Refused:
            results.append(False)
        finally:
            connection.close()

    threads = [threading.Thread(target=enter) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(results) == [False, True]
    assert Leave.objects.count() == 1


def test_a_day_begins_where_the_person_is(db, manager):
    here, there = make_user("Here", time_zone="Pacific/Kiritimati"), make_user("There", time_zone="Pacific/Pago_Pago")
    day = date(2040, 6, 10)
    for one in (here, there):
        Leave.objects.create(person=one, first_day=day, last_day=day)
    assert away_today(datetime(2040, 6, 10, 0, 30, tzinfo=ZoneInfo("Pacific/Kiritimati"))) == {here.pk}
    assert away_today(datetime(2040, 6, 10, 23, 30, tzinfo=ZoneInfo("Pacific/Pago_Pago"))) == {there.pk}
    assert away_today(datetime(2040, 6, 12, 12, 0, tzinfo=ZoneInfo("UTC"))) == set()


def test_nobody_who_is_away_gets_work(manager):
    first = make_user("First", role="sales", languages={"de": 4})
    second = make_user("Second", role="sales")
    assert staff_speaking("de", "sales") == first
    leave = away(first, manager)
    assert staff_speaking("de", "sales") == second
    away(second, manager)
    assert staff_speaking("de", "sales") is None
    cancel_leave(leave.pk, actor=manager)
    assert staff_speaking("de", "sales") == first


def test_an_inquiry_does_not_go_to_its_customers_owner_who_is_away(manager):
    from crm.services import receive_inquiry
    from tests.crm.factories import make_customer

    owner = make_user("Owner", role="sales", languages={"en": 4})
    other = make_user("Other", role="sales", languages={"en": 4})
    away(owner, manager)
    inquiry = receive_inquiry(
        actor=None, contact_name="A", subject="s", text="t", language="en", customer=make_customer(owner=owner)
    )
    assert inquiry.owner == other


def test_calling_off_twice_is_refused(anna, manager):
    leave = away(anna, manager)
    cancel_leave(leave.pk, actor=anna)
    with pytest.raises(Refused):
        cancel_leave(leave.pk, actor=anna)
    assert Event.objects.filter(code="user.leave_cancelled").count() == 1


# ---------------------------------------------------------------- pages


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def test_the_page_of_a_colleague_shows_and_takes_absences(manager, anna):
    client = client_of(manager)
    url = f"/people/{anna.pk}/absence/"
    assert client.get(url).status_code == 200
    first = today_of(anna) + DAY
    typed = {"first_day": first.isoformat(), "last_day": (first + DAY).isoformat(), "kind": "sick", "note": "Flu"}
    assert client.post(url, typed).status_code == 302
    page = client.get(anna.get_absolute_url()).content.decode()
    assert "Illness" in page and "Flu" in page and "Hand over the work" in page
    day = (first + 5 * DAY).isoformat()
    client.post(url, {**typed, "first_day": day, "last_day": day})
    said = client.get(anna.get_absolute_url()).content.decode()
    assert f"<li>{formats.day(first + 5 * DAY)} <span" in said  # one day is no range
    wrong = client.post(url, {**typed, "last_day": today_of(anna).isoformat()})
    assert wrong.status_code == 409 and "before the first" in wrong.content.decode()
    assert Leave.objects.count() == 2


def test_colleagues_see_that_somebody_is_away_but_not_why(manager, anna):
    away(anna, manager, kind="sick", note="Flu")
    page = client_of(make_user("Colleague", role="sales")).get(anna.get_absolute_url()).content.decode()
    assert "away" in page
    assert "Illness" not in page and "Flu" not in page


def test_strangers_cannot_enter_or_call_off(manager, anna):
    leave = away(anna, manager)
    client = client_of(make_user("Colleague", role="sales"))
    assert client.get(f"/people/{anna.pk}/absence/").status_code == 403
    assert client.post(f"/people/absences/{leave.pk}/off/").status_code == 403
    assert client.post("/people/absences/999999/off/").status_code == 404
    leave.refresh_from_db()
    assert leave.cancelled_at is None


def test_managers_see_on_their_day_who_is_away(manager, anna):
    assert "Away today" not in client_of(manager).get("/").content.decode()
    away(anna, manager, deputy=manager)
    page = client_of(manager).get("/").content.decode()
    assert "Away today" in page and "Anna" in page
    assert "Away today" not in client_of(make_user("Sally", role="sales")).get("/").content.decode()


@pytest.mark.parametrize("people", [2, 20])
def test_the_list_of_those_away_costs_the_same_for_2_and_20(manager, people, rf, django_assert_num_queries):
    from foundation.accounts.absence_views import away_section

    for _n in range(people):
        away(make_user(), manager)
    request = rf.get("/")
    request.user = manager
    manager.has_perm("accounts.view_leave")
    away_today()
    with django_assert_num_queries(2):  # in a transaction that changed absences, they are read anew
        assert str(away_section(request).body).count("<li>") == people


# ---------------------------------------------------------------- the deputy


@pytest.fixture
def bert(db):
    return make_user("Bert", role="service")


def ticket_of(person):
    ticket = make_ticket()
    Ticket.objects.filter(pk=ticket.pk).update(owner=person)
    return ticket


def test_somebody_ill_today_is_stood_in_for_at_once(manager, anna):
    cora = make_user("Cora", role="sales")
    ticket = ticket_of(anna)
    inquiry_in("assigned", owner=anna)
    today = today_of(anna).isoformat()
    typed = {"first_day": today, "last_day": today, "kind": "sick", "deputy": cora.pk}
    page = client_of(manager).post(f"/people/{anna.pk}/absence/", typed, follow=True).content.decode()
    ticket.refresh_from_db()
    assert ticket.owner == anna and Inquiry.objects.get().owner == cora
    assert "Cora may not do this work, which stays: Complaints." in page
    assert HandOver.objects.get().get_absolute_url() in page


def test_who_enters_an_absence_hears_that_the_deputy_is_away_too(manager, anna, bert):
    ticket = ticket_of(anna)
    today = today_of(anna)
    enter_leave(bert.pk, actor=manager, first_day=today, last_day=max(today, today_of(bert)))
    typed = {"first_day": today.isoformat(), "last_day": today.isoformat(), "kind": "sick", "deputy": bert.pk}
    page = client_of(manager).post(f"/people/{anna.pk}/absence/", typed, follow=True).content.decode()
    assert "Bert is away on the first day too" in page and not HandOver.objects.exists()
    ticket.refresh_from_db()
    assert ticket.owner == anna


def test_an_absence_that_found_nothing_to_hand_over_shows_no_hand_over(manager, anna, bert):
    today = today_of(anna).isoformat()
    typed = {"first_day": today, "last_day": today, "kind": "sick", "deputy": bert.pk}
    page = client_of(manager).post(f"/people/{anna.pk}/absence/", typed, follow=True).content.decode()
    assert "Bert" in page and "/people/hand-overs/" not in page
