"""What people see of a clock. Monday, 2 March 2026; Berlin is UTC+1."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from foundation.accounts.models import User
from foundation.calendars.models import Calendar
from foundation.journal.services import record
from foundation.lists.pages import record as record_pages
from foundation.sla.badges import badge, together
from foundation.sla.models import Clock
from foundation.sla.scanner import scan
from foundation.sla.selectors.clocks import (
    badges_for,
    badges_of,
    breaching_soon,
    drifting,
    promises_of,
    with_badge,
)
from foundation.sla.selectors.ledger import ledger_of
from foundation.ui.panels import panels_for
from tests.sla.conftest import add_target, berlin, tell


@pytest.fixture(autouse=True)
def _reader():
    with translation.override("en"), timezone.override("Europe/Berlin"):
        yield


def shown(now):
    return badge(with_badge(Clock.objects.all()).get(), berlin(now))


@pytest.mark.parametrize(
    ("now", "text", "state"),
    [
        ("2T09:00", "due in 4 h · 13:00", "in-time"),
        ("2T11:30", "due in 1 h 30 min · 13:00", "in-time"),
        ("2T12:00", "due in 1 h · 13:00", "soon"),
        ("2T13:00", "due in 0 min · 13:00", "soon"),
        ("2T13:25", "overdue 25 min", "late"),
        ("2T13:00:30", "overdue", "late"),
        ("3T09:05", "overdue 4 h 5 min", "late"),
    ],
)
def test_an_open_clock_says_how_much_working_time_is_left(parcel, office, now, text, state):
    add_target(calendar=office, amount=4)
    tell(parcel, "arrived", "2T09:00")
    found = shown(now)
    assert (found.text, found.state) == (text, state)
    assert "2 Mar 2026, 13:00 CET" in found.title
    assert "Office" in found.title


def test_a_night_does_not_count_and_a_later_day_is_named(parcel, office):
    add_target(calendar=office, amount=4)
    tell(parcel, "arrived", "6T16:00")
    assert shown("7T12:00").text == "due in 3 h · Mon 9 Mar 12:00"


def test_from_two_working_days_on_it_counts_working_days(parcel, office):
    add_target(calendar=office, amount=3, unit="working_days")
    tell(parcel, "arrived", "2T09:00")
    assert shown("2T10:00").text.startswith("due in 2 working days 7 h")


def test_the_deadline_is_shown_in_the_readers_zone(parcel, office):
    add_target(calendar=office, amount=4)
    tell(parcel, "arrived", "2T09:00")
    with timezone.override("Asia/Shanghai"):
        assert shown("2T09:00").text == "due in 4 h · 20:00"


def test_a_paused_clock_says_what_it_waits_for(parcel, office):
    add_target(calendar=office)
    tell(parcel, "arrived", "2T09:00")
    tell(parcel, "held", "2T09:10")
    assert (shown("2T10:00").text, shown("2T10:00").state) == ("paused (Parcel held)", "paused")
    Clock.objects.update(paused_by="ticket.waiting")
    assert shown("2T10:00").text == "paused (waiting for the customer)"


def test_a_stopped_clock_says_whether_the_promise_was_kept(parcel, office):
    add_target(calendar=office, amount=2)
    tell(parcel, "arrived", "2T09:00")
    tell(parcel, "answered", "2T10:05")
    assert (shown("2T12:00").text, shown("2T12:00").state) == ("met in 1 h 5 min", "done")
    Clock.objects.update(breached_at=berlin("2T10:00"), met_at=None)
    assert (shown("2T12:00").text, shown("2T12:00").state) == ("missed", "late")


@pytest.mark.parametrize(("language", "text"), [("de", "fällig in 4 Std."), ("zh-hans", "剩余"), ("zh-hant", "剩餘")])
def test_the_badge_speaks_the_readers_language(parcel, office, language, text):
    add_target(calendar=office, amount=4)
    tell(parcel, "arrived", "2T09:00")
    with translation.override(language):
        assert text in shown("2T09:00").text


def test_the_badge_carries_what_the_browser_needs_to_count_on(parcel, office):
    add_target(calendar=office, amount=4)
    tell(parcel, "arrived", "6T16:00")
    data = dict(shown("6T16:30").data)
    pieces = [tuple(map(int, piece.split(","))) for piece in data["pieces"].split()]
    due = int(data["due"]) - int(data["now"])
    left = sum(max(0, min(b, due) - max(a, 0)) for a, b in pieces) + int(data["rest"])
    assert left == 3 * 3600 + 1800
    html = str(shown("6T16:30").html())
    assert 'class="badge clock in-time"' in html
    assert "Answer: due in 3\u00a0h\u00a030\u00a0min\u00a0· " in html


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("due in 2 working days 6 h · Fri 4 Dec 15:00", "due in 2_working_days_6_h_· Fri_4_Dec_15:00"),
        ("还有 5 分钟 · 16:40", "还有 5_分钟_· 16:40"),
        ("overdue 25 min", "overdue 25 min"),
        ("paused (waiting for the customer: Photos)", "paused (waiting for the customer: Photos)"),
    ],
)
def test_what_belongs_together_stays_on_one_line(text, held):
    assert together(text) == held.replace("_", "\u00a0")


def test_the_badges_of_a_record_cost_one_query_and_the_latest_cycle_counts(parcel, office):
    add_target(calendar=office)
    add_target("second", metric="second", name="Second", calendar=office, stop_events=["parcel.released"])
    tell(parcel, "arrived", "2T09:00")
    tell(parcel, "answered", "2T09:30")
    tell(parcel, "arrived", "2T09:40")
    with CaptureQueriesContext(connection) as queries:
        found = badges_of(parcel)
    assert len(queries) == 1
    assert [one.label for one in found] == ["Second", "Answer"]


@pytest.mark.parametrize("rows", [2, 20])
def test_a_list_asks_once_whatever_its_length(db, office, rows, django_assert_num_queries):
    add_target(calendar=office)
    add_target("second", metric="second", amount=9, calendar=office)
    parcels = [Calendar.objects.create(code=f"l-{n}", name="x") for n in range(rows)]
    for one in parcels[:-1]:
        tell(one, "arrived", "2T09:00")
    with django_assert_num_queries(1):
        found = badges_for(Calendar, [one.pk for one in parcels])
    assert len(found) == rows - 1
    assert {one.label for one in found.values()} == {"Answer"}


@pytest.mark.parametrize("rows", [2, 20])
def test_my_promises_come_soonest_first_with_a_constant_number_of_queries(anna, rows, django_assert_max_num_queries):
    add_target()
    for n in range(rows):
        tell(
            Calendar.objects.create(code=f"d-{n:02}", name=f"Parcel {n:02}"),
            "arrived",
            f"{rows - n}T09:00",
            owner_id=anna.pk,
        )
    with django_assert_max_num_queries(2):
        found = promises_of(anna)
    assert len(found) == min(rows, 12)
    assert found[0]["title"] == f"Parcel {rows - 1:02}"
    assert found[0]["sub"] == f"Answer · d-{rows - 1:02}"


def test_a_paused_promise_stands_last(anna, office):
    add_target(calendar=office)
    for code, at in (("a", "2T09:00"), ("b", "3T09:00")):
        tell(Calendar.objects.create(code=code, name=code.upper()), "arrived", at, owner_id=anna.pk)
    tell(Calendar.objects.get(code="a"), "held", "2T09:10")
    assert [p["title"] for p in promises_of(anna)] == ["B", "A"]


def test_the_counter_says_how_many_run_out_soon_and_whether_some_are_late(anna, one_clock):
    add_target(amount=2)
    assert breaching_soon(anna) == (0, False)
    record("parcel.arrived", Calendar.objects.create(code="a", name="x"), facts={"owner_id": anna.pk})
    assert breaching_soon(anna) == (1, False)
    late = timezone.now() - timedelta(hours=9)
    record("parcel.arrived", Calendar.objects.create(code="b", name="x"), facts={"owner_id": anna.pk}, occurred_at=late)
    assert breaching_soon(anna) == (2, True)


def test_the_ledger_adds_up_to_the_due_time(parcel, office):
    add_target(calendar=office, amount=4)
    tell(parcel, "arrived", "2T15:00")
    tell(parcel, "held", "2T16:00")
    tell(parcel, "released", "3T10:00")
    with CaptureQueriesContext(connection) as queries:
        found = ledger_of(with_badge(Clock.objects.all()).get(), berlin("3T11:00"))
    assert len(queries) <= 6
    assert [(one.state, one.counted) for one in found.spans] == [("running", 3600), ("paused", 0), ("running", 3600)]
    rows = [re.sub(r"<[^>]+>", " ", row) for row in str(found.rows).split("</tr>") if row.strip()]
    for row, why in zip(rows, ("Parcel arrived", "Parcel held", "Parcel released"), strict=True):
        assert why in row
        assert "entered" in row
    assert (found.counted, found.target, found.left, found.waited) == ("2 h", "4 h", "2 h", "18 h")
    assert found.due == "3 Mar 2026, 13:00 CET"
    assert drifting() == ([], found.clock.pk)


def test_a_paused_clock_says_how_much_working_time_is_left(parcel, office, anna):
    add_target(calendar=office, amount=4)
    tell(parcel, "arrived", "2T15:00", owner_id=anna.pk)
    tell(parcel, "held", "2T16:00")
    found = ledger_of(with_badge(Clock.objects.all()).get(), berlin("3T11:00"))
    assert (found.left, found.due, found.addition) == ("3 h", "", "1 h + 3 h left = 4 h")
    client = Client()
    client.force_login(anna)
    body = client.get(found.clock.get_absolute_url()).content.decode()
    assert "1 h of 4 h are counted; while the clock is paused, no time is due." in body


def test_the_page_of_a_clock_shows_its_ledger_to_its_owner(parcel, office, anna):
    add_target(calendar=office)
    tell(parcel, "arrived", "2T09:00", owner_id=anna.pk)
    scan()
    client = Client()
    client.force_login(anna)
    answer = client.get(Clock.objects.get().get_absolute_url())
    assert answer.status_code == 200
    body = answer.content.decode()
    assert "Answer · p-1" in body
    assert "2 Mar 2026, 10:00 CET" in body
    assert "Missed" in body
    assert not re.search(r"<script(?![^>]*\b(src=|type=\"application/json\"))|\sstyle=|\son[a-z]+=", body)


def test_the_page_of_a_clock_does_not_exist_for_strangers(parcel, office, anna):
    add_target(calendar=office)
    tell(parcel, "arrived", "2T09:00", owner_id=anna.pk)
    url = Clock.objects.get().get_absolute_url()
    client = Client()
    assert client.get(url).status_code == 302
    client.force_login(User.objects.create_user("ben@example.com", None, name="Ben"))
    assert client.get(url).status_code == 404
    assert client.get("/clocks/999999999999999999999999/").status_code == 404
    assert client.post(url).status_code == 405


def test_who_may_see_the_record_may_see_its_clock(parcel, office, anna, monkeypatch):
    add_target(calendar=office)
    tell(parcel, "arrived", "2T09:00")

    class Page:
        permission = None

        def visible(self, user):
            return Calendar.objects.filter(name="Parcel" if user == anna else "nothing")

    monkeypatch.setitem(record_pages._pages, "calendars.calendar", Page())
    client = Client()
    client.force_login(anna)
    assert client.get(Clock.objects.get().get_absolute_url()).status_code == 200
    client.force_login(User.objects.create_user("ben@example.com", None, name="Ben"))
    assert client.get(Clock.objects.get().get_absolute_url()).status_code == 404


def test_the_panels_are_in_their_places(parcel, office, anna, rf):
    add_target(calendar=office)
    tell(parcel, "arrived", "2T09:00", owner_id=anna.pk)
    request = rf.get("/")
    request.user = anna
    html = "".join(map(str, panels_for("record.badges", subject=parcel, request=request)))
    assert "Answer: overdue" in html
    assert "sla/countdown.js" in html
    assert [p["title"] for group in panels_for("day.promises", request=request) for p in group] == ["Parcel"]
    assert not any(map(str, panels_for("record.badges", subject=office, request=request)))


def test_my_day_shows_my_promises(parcel, office, anna):
    add_target(calendar=office)
    tell(parcel, "arrived", "2T09:00", owner_id=anna.pk)
    client = Client()
    client.force_login(anna)
    body = client.get("/").content.decode()
    assert "Parcel" in body
    assert 'class="badge clock late"' in body
