"""The ledger's dialogs, what changed on the way, and in whose hands a case was."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from foundation.accounts.models import Team, User
from foundation.journal.registry import event_type
from foundation.journal.services import record
from foundation.sla.models import Clock, Entry
from foundation.sla.selectors.clocks import badges_of, with_badge
from foundation.sla.selectors.holders import departments_of, holding_of, shares
from foundation.sla.selectors.ledger import ledger_of
from foundation.sla.services.by_hand import reset_clock
from foundation.ui import formats
from foundation.ui.panels import panels_for
from tests.sla.conftest import add_target, berlin, tell

event_type("parcel.reassigned", "Parcel given to %(owner)s")
event_type("parcel.named", "Parcel named: %(subject)s")
HOUR = timezone.timedelta(hours=1)


def text_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", str(html)))


@pytest.fixture
def boss(db):
    boss = User.objects.create_user("boss@example.com", None, name="Boss", time_zone="Europe/Berlin", language="en")
    boss.user_permissions.add(*Permission.objects.filter(codename__in=["set_due", "reset_clock", "view_clock"]))
    return boss


@pytest.fixture
def page(boss):
    client = Client()
    client.force_login(boss)
    return client


@pytest.mark.usefixtures("one_clock")
def test_a_due_time_is_entered_in_the_readers_zone(parcel, anna, page):
    add_target(amount=4)
    tell(parcel, "arrived", owner_id=anna.pk)
    clock = Clock.objects.get()
    url = f"{clock.get_absolute_url()}due/"
    assert "Set the due time" in page.get(clock.get_absolute_url()).content.decode()
    assert page.get(url).status_code == 200
    due = timezone.localtime(timezone.now() + 48 * HOUR, ZoneInfo("Europe/Berlin"))
    answer = page.post(url, {"due_at": due.strftime("%Y-%m-%dT%H:%M"), "reason": "Agreed by phone"})
    assert answer.status_code == 302
    clock.refresh_from_db()
    assert clock.due_at == due.replace(second=0, microsecond=0)
    body = text_of(page.get(clock.get_absolute_url()).content.decode())
    assert "Due time set by hand" in body and "Boss" in body and "Agreed by phone" in body


@pytest.mark.parametrize("typed", ["2020-01-01T09:00", "", "soon", "9999-01-01T00:00"])
def test_a_due_time_that_cannot_be_is_refused_next_to_its_field(parcel, page, typed):
    add_target(amount=4)
    tell(parcel, "arrived")
    before = Clock.objects.values().get()
    answer = page.post(f"/clocks/{before['id']}/due/", {"due_at": typed, "reason": "x"})
    assert answer.status_code in (409, 422)
    assert 'aria-invalid="true"' in answer.content.decode()
    assert Clock.objects.values().get() == before
    assert Entry.objects.count() == 1


def test_a_reset_asks_for_a_reason_and_leads_to_the_new_cycle(parcel, page):
    add_target(amount=4)
    tell(parcel, "arrived")
    clock = Clock.objects.get()
    assert page.post(f"/clocks/{clock.pk}/reset/", {"reason": ""}).status_code == 422
    assert Clock.objects.count() == 1
    answer = page.post(f"/clocks/{clock.pk}/reset/", {"reason": "Another question"})
    new = Clock.objects.get(cycle=2)
    assert answer.url == new.get_absolute_url()
    assert "Another question" in page.get(f"/clocks/{clock.pk}/").content.decode()
    assert f'href="{clock.get_absolute_url()}">1</a>' in page.get(new.get_absolute_url()).content.decode()
    assert f'href="{new.get_absolute_url()}">2</a>' in page.get(clock.get_absolute_url()).content.decode()


def test_who_begins_a_promise_afresh_does_not_begin_the_waiting_afresh(parcel, boss):
    add_target(amount=4)
    tell(parcel, "arrived")
    first = Clock.objects.get()
    reset_clock(first.pk, actor=boss, reason="Another question")
    again = with_badge(Clock.objects.filter(cycle=2)).get()
    assert ledger_of(again, first.started_at + timedelta(days=400)).since == formats.span(400 * 86_400)
    tell(parcel, "answered")
    tell(parcel, "arrived")  # a new question is a new waiting
    third = with_badge(Clock.objects.filter(cycle=3)).get()
    assert ledger_of(third, third.started_at + timedelta(hours=2)).since == "2 h"


def test_a_reason_ends_without_the_colon_of_what_is_private(parcel, office):
    add_target(calendar=office, start_events=["parcel.named"])
    tell(parcel, "named", "2T09:00")
    rows = ledger_of(with_badge(Clock.objects.all()).get(), berlin("2T10:00")).rows
    assert "Parcel named" in rows and "named:" not in rows


def test_who_may_not_sees_no_button_and_is_refused(parcel, anna):
    add_target(amount=4)
    tell(parcel, "arrived", owner_id=anna.pk)
    before = Clock.objects.values().get()
    client = Client()
    client.force_login(anna)
    assert "Set the due time" not in client.get(f"/clocks/{before['id']}/").content.decode()
    for route in ("due", "reset"):
        assert client.post(f"/clocks/{before['id']}/{route}/", {"reason": "x"}).status_code == 403
    assert Clock.objects.values().get() == before
    assert client.get("/clocks/999999/due/").status_code == 403


def test_a_clock_of_others_does_not_exist_for_those_who_may_set_times(parcel):
    add_target(amount=4)
    tell(parcel, "arrived")
    user = User.objects.create_user("x@example.com", None, name="X")
    user.user_permissions.add(*Permission.objects.filter(codename="set_due"))
    client = Client()
    client.force_login(user)
    assert client.get(f"/clocks/{Clock.objects.get().pk}/due/").status_code == 404


def test_the_ledger_tells_what_was_tightened_and_why(parcel, office, page, anna):
    add_target("urgent", position=1, priorities=["urgent"], amount=30, unit="minutes", calendar=office)
    add_target(amount=4, calendar=office)
    tell(parcel, "arrived", "2T09:00", priority="normal", owner_id=anna.pk)
    tell(parcel, "ranked", "2T10:00", priority="urgent")
    tell(parcel, "answered", "2T12:00")
    clock = Clock.objects.get()
    body = text_of(page.get(clock.get_absolute_url()).content.decode())
    assert "Tightened, was due 2 Mar 2026, 13:00" in body
    assert "Parcel ranked" in body
    (badge,) = badges_of(parcel)
    assert badge.text == "missed, tightened"
    assert "tightened 2 Mar 2026, 09:00 UTC, was due 2 Mar 2026, 12:00 UTC" in badge.title


# ---------------------------------------------------------------- per department


@pytest.fixture
def travelled(parcel, office, anna):
    """Service for two working hours, operations for one with a pause in it, finance until the answer."""
    service, operations, finance = (Team.objects.create(name=name) for name in ("Service", "Operations", "Finance"))
    add_target(amount=9, calendar=office)
    tell(parcel, "arrived", "2T15:00", owner_id=anna.pk, team_id=service.pk)
    bert = User.objects.create_user("bert@example.com", None, name="Bert")
    carl = User.objects.create_user("carl@example.com", None, name="Carl")
    tell(parcel, "assigned", "3T09:00", owner_id=bert.pk, team_id=operations.pk)
    tell(parcel, "held", "3T09:30")
    tell(parcel, "released", "3T09:45")
    tell(parcel, "assigned", "3T10:00", owner_id=carl.pk, team_id=finance.pk)
    tell(parcel, "answered", "3T10:30")
    return parcel


def test_each_department_is_told_its_time_by_the_wall_and_in_working_hours(travelled):
    clock = Clock.objects.get()
    found = shares(clock, list(clock.entries.all()), list(clock.holders.all()), berlin("9T09:00"))
    assert [(one.elapsed, one.working, one.counted) for one in found] == [
        (18 * 3600, 2 * 3600, 2 * 3600),
        (3600, 3600, 2700),
        (1800, 1800, 1800),
    ]
    assert sum(one.counted for one in found) == clock.consumed_s


def test_the_ledger_and_the_record_show_the_departments(travelled, rf, anna):
    clock = Clock.objects.get()
    ledger = text_of(holding_of(clock, list(clock.entries.all())).rows)
    assert "Operations Bert" in ledger and "45 min" in ledger
    request = rf.get("/")
    request.user = anna
    *_others, section = panels_for("record.main", subject=travelled, request=request)
    assert re.findall("Service|Operations|Finance", text_of(section.body)) == ["Service", "Operations", "Finance"]


@pytest.mark.parametrize("moves", [1, 12])
def test_the_panel_costs_the_same_however_often_a_case_travelled(
    parcel, office, anna, moves, django_assert_num_queries
):
    add_target(amount=9, calendar=office)
    people = [User.objects.create_user(f"p{n}@example.com", None, name=f"P{n}") for n in range(2)]
    tell(parcel, "arrived", owner_id=anna.pk)
    departments_of(parcel)
    for n in range(moves):
        tell(parcel, "assigned", owner_id=people[n % 2].pk)
    with django_assert_num_queries(3):
        assert departments_of(parcel) is not None


def test_after_the_badges_a_case_that_stayed_where_it_was_costs_no_query(parcel, anna, django_assert_num_queries):
    add_target(amount=9)
    tell(parcel, "arrived", owner_id=anna.pk)
    badges_of(parcel)
    with django_assert_num_queries(0):
        assert departments_of(parcel) is None
    tell(parcel, "assigned", owner_id=User.objects.create_user("p@example.com", None, name="P").pk)
    badges_of(parcel)
    assert departments_of(parcel) is not None


def test_a_case_that_stayed_where_it_was_shows_nothing_and_costs_one_query(parcel, anna, django_assert_num_queries):
    add_target(amount=9)
    tell(parcel, "arrived", owner_id=anna.pk)
    with django_assert_num_queries(1):
        assert departments_of(parcel) is None


@pytest.mark.usefixtures("one_clock")
def test_the_ledger_names_whom_an_event_names(parcel, boss, page):
    bert = User.objects.create_user("bert@example.com", None, name="Bert")
    add_target(amount=4)
    record("parcel.arrived", parcel, occurred_at=timezone.now() - HOUR * 3.9, facts={"owner_id": boss.pk})
    record("parcel.reassigned", parcel, facts={"owner_id": bert.pk}, private={"owner": "Bert"})
    clock = Clock.objects.get()
    assert "Parcel given to Bert" in text_of(page.get(clock.get_absolute_url()).content.decode())
