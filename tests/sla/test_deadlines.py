"""My deadlines and the team board: what stands where, who sees whom, and what an open page asks each minute."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.accounts import feeds
from foundation.accounts.models import Team, User
from foundation.accounts.roles import load_roles
from foundation.calendars.models import Calendar
from foundation.journal.services import record
from foundation.sla.models import Clock
from foundation.sla.selectors.clocks import breaching_soon
from foundation.sla.selectors.deadlines import people_under, unassigned
from tests.accounts.factories import make_user
from tests.crm.factories import make_customer
from tests.sla.conftest import add_target, berlin, tell

LIST, BOARD = "/deadlines/", "/deadlines/board/"


def ahead(**delta):
    return (timezone.now() + timedelta(**delta)).replace(microsecond=0)


def promise(owner=None, due=None, *, number="P-1", team=None, soon=None, target=None, **columns):
    """An open clock about a record of its own; `soon` defaults to four hours before due."""
    about = Calendar.objects.create(code=f"p-{Calendar.objects.count()}", name=number)
    target = target or Clock._meta.get_field("target").related_model.objects.first() or add_target()
    record("parcel.arrived", about, facts={"number": number, "owner_id": owner.pk if owner else None})
    clock = Clock.objects.about(about).get()
    values = {
        "due_at": due,
        "soon_at": soon or (due - timedelta(hours=4) if due else None),
        "target": target,
        **columns,
    }
    if team is not None:
        values["facts"] = {**clock.facts, "team_id": team.pk}
    Clock.objects.filter(pk=clock.pk).update(**values)
    clock.refresh_from_db()
    return clock


def reader(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def lead(db):
    """Lena leads the team in which Omar works."""
    load_roles()
    lena = make_user("Lena", role="manager", time_zone="UTC")
    team = Team.objects.create(name="Sales North", lead=lena)
    User.objects.filter(pk=lena.pk).update(team=team)
    make_user("Omar", role="sales", team=team)
    return User.objects.get(pk=lena.pk)


@pytest.fixture
def omar(lead):
    return User.objects.get(name="Omar")


def order_of(page, *numbers):
    text = page.content.decode()
    return sorted(numbers, key=text.index)


def test_overdue_comes_first_then_soonest_and_paused_last(omar):
    promise(omar, ahead(days=2), number="P-LATE-2")
    promise(omar, None, number="P-PAUSED", state="paused", paused_by="parcel.held")
    promise(omar, ahead(hours=-3), number="P-OVER")
    promise(omar, ahead(minutes=20), number="P-NEXT")
    page = reader(omar).get(LIST)
    wanted = ["P-OVER", "P-NEXT", "P-LATE-2", "P-PAUSED"]
    assert order_of(page, *wanted) == wanted
    assert "Parcel answered" in page.content.decode(), "what keeps the promise"


def test_what_a_promise_begins_anew_with_keeps_it(omar):
    promise(omar, ahead(days=2), target=add_target(restart_events=["parcel.held"], pause_events=[], resume_events=[]))
    page = reader(omar).get(LIST).content.decode()
    assert "Parcel held" in page and "Parcel answered" not in page


@pytest.mark.parametrize(
    ("view", "numbers"),
    [
        ("overdue", {"P-OVER"}),
        ("soon", {"P-SOON"}),
        ("today", {"P-SOON", "P-TODAY"}),
        ("later", {"P-TODAY"}),
        ("week", {"P-SOON", "P-TODAY", "P-WEEK"}),
        ("paused", {"P-PAUSED"}),
        ("all", {"P-OVER", "P-SOON", "P-TODAY", "P-WEEK", "P-NEVER", "P-PAUSED"}),
    ],
)
def test_each_view_shows_its_own(omar, view, numbers, time_machine):
    User.objects.filter(pk=omar.pk).update(time_zone="UTC")
    time_machine.move_to("2026-11-24T09:00:00Z")  # a Tuesday
    promise(omar, ahead(hours=-1), number="P-OVER")
    promise(omar, ahead(hours=2), number="P-SOON")
    promise(omar, ahead(hours=8), number="P-TODAY")
    promise(omar, ahead(days=4), number="P-WEEK")
    promise(omar, ahead(days=9), number="P-NEVER")
    promise(omar, None, number="P-PAUSED", state="paused")
    text = reader(omar).get(f"{LIST}?view={view}").content.decode()
    shown = {name for name in ("P-OVER", "P-SOON", "P-TODAY", "P-WEEK", "P-NEVER", "P-PAUSED") if name in text}
    assert shown == numbers
    assert f"{len(numbers)} promise" in text


def test_the_filters_narrow_by_promise_and_kind(omar):
    first = add_target()
    other = add_target("second", metric="second", name="Second", start_events=["parcel.ranked"])
    promise(omar, ahead(hours=1), number="P-FIRST", target=first)
    promise(omar, ahead(hours=1), number="P-SECOND", target=other)
    text = reader(omar).get(f"{LIST}?promise={other.pk}").content.decode()
    assert "P-SECOND" in text and "P-FIRST" not in text


def test_soon_counts_working_time_so_that_friday_warns_of_monday(office, parcel):
    add_target(amount=3, unit="working_days", calendar=office)
    tell(parcel, "arrived", "4T10:00")  # Wednesday; due on Monday at 10
    clock = Clock.objects.get()
    assert clock.due_at == berlin("9T10:00")
    assert clock.soon_at == berlin("6T12:00"), "six of twenty-four working hours are left, most of a weekend away"


def test_soon_is_at_least_four_hours_before(parcel):
    add_target(amount=8)
    tell(parcel, "arrived", "4T10:00")
    assert Clock.objects.get().soon_at == berlin("4T14:00")


def test_the_counter_of_the_rail_counts_overdue_and_soon(omar):
    promise(omar, ahead(hours=-1))
    promise(omar, ahead(hours=3))
    promise(omar, ahead(hours=9))
    assert breaching_soon(omar) == (2, True)


def test_a_colleagues_list_opens_for_the_manager_and_for_nobody_else(lead, omar):
    stranger = make_user("Sam", role="manager")
    promise(omar, ahead(hours=1), number="P-OMAR")
    assert "P-OMAR" in reader(lead).get(f"{LIST}?owner={omar.pk}").content.decode()
    assert reader(stranger).get(f"{LIST}?owner={omar.pk}").status_code == 404
    assert reader(omar).get(f"{LIST}?owner={lead.pk}").status_code == 404
    assert reader(omar).get(f"{LIST}?owner=none").status_code == 404
    assert reader(lead).get(f"{LIST}?owner=9'x").status_code == 404
    assert reader(lead).get(f"{LIST}?owner=none&team=999999").status_code == 404


def test_an_empty_list_says_so(omar):
    text = reader(omar).get(LIST).content.decode()
    assert "No promise is open" in text
    assert "Nothing is overdue" in reader(omar).get(f"{LIST}?view=overdue").content.decode()


def test_the_list_costs_the_same_for_two_rows_and_for_twenty(omar):
    add_target()
    client = reader(omar)
    counts = []
    for more in (2, 18):
        for n in range(more):
            promise(omar, ahead(hours=n + 1), number=f"P-{more}-{n}")
        client.get(LIST)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(LIST).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_an_open_page_that_is_up_to_date_gets_304_for_two_or_three_queries(omar):
    clock = promise(omar, ahead(hours=1), number="P-1")
    client = reader(omar)
    tag = client.get(LIST)["ETag"]
    client.get(LIST)
    with CaptureQueriesContext(connection) as queries:
        again = client.get(LIST, headers={"X-Live": "1", "If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert len(queries) <= 3
    Clock.objects.filter(pk=clock.pk).update(due_at=ahead(hours=2))
    changed = client.get(LIST, headers={"X-Live": "1", "If-None-Match": tag})
    assert changed.status_code == 200
    assert changed["ETag"] != tag


def test_an_open_page_whose_session_ended_is_sent_to_sign_in(db):
    answer = Client().get(LIST, headers={"X-Live": "1"})
    assert answer.status_code == 302
    assert "/account/login/" in answer["Location"]


# ---------------------------------------------------------------- the board


def test_the_board_counts_what_the_lists_behind_it_show(lead, omar):
    promise(omar, ahead(hours=-2), number="P-OVER")
    promise(omar, ahead(hours=-1), number="P-OVER-2")
    promise(omar, ahead(minutes=30), number="P-SOON")
    promise(None, ahead(minutes=-5), number="P-NOBODY", team=lead.team)
    client = reader(lead)
    text = client.get(BOARD).content.decode()
    assert text.index("Unassigned") < text.index("Omar"), "what nobody answers for comes first"
    for number, url in (
        (2, f"view=overdue&amp;owner={omar.pk}"),
        (1, f"view=soon&amp;owner={omar.pk}"),
        (1, "view=overdue&amp;owner=none"),
    ):
        assert f'href="{LIST}?{url}">{number}</a>' in text
        behind = client.get(f"{LIST}?{url.replace('&amp;', '&')}").content.decode()
        assert f"{number} promise" in behind
    assert "P-SOON" in text, "who is about to miss what"


def test_the_board_is_for_those_who_look_after_others_and_shows_only_their_people(lead, omar):
    other = make_user("Nora", role="sales")
    promise(other, ahead(hours=-1), number="P-NORA")
    promise(omar, ahead(hours=-1), number="P-OMAR")
    foreign = Team.objects.create(name="Far away")
    promise(None, ahead(hours=-1), number="P-FAR", team=foreign)
    assert reader(omar).get(BOARD).status_code == 403
    text = reader(lead).get(BOARD).content.decode()
    assert "Omar" in text and "Nora" not in text and "Unassigned" not in text
    assert reader(lead).get(f"{BOARD}?team={foreign.pk}").status_code == 404
    boss = make_user("Root", role="administrator")
    text = reader(boss).get(BOARD).content.decode()
    assert all(name in text for name in ("Omar", "Nora", "Unassigned"))
    assert "Nora" not in reader(boss).get(f"{BOARD}?team={lead.team_id}").content.decode()


def test_the_board_shows_reports_of_reports_and_the_teams_that_reports_lead(lead, omar):
    head = make_user("Head", role="sales", manager=lead)
    deep = make_user("Deep", role="sales", manager=make_user("Middle", role="sales", manager=head))
    away = Team.objects.create(name="Far away", lead=head)
    far = make_user("Farida", role="sales", team=away)
    User.objects.filter(pk=lead.pk).update(manager=deep)  # a ring ends, too
    for person in (deep, far):
        promise(person, ahead(hours=-1), number=f"P-{person.name}")
    text = reader(lead).get(BOARD).content.decode()
    assert "Deep" in text and "Farida" in text
    text = reader(lead).get(f"{BOARD}?team={away.pk}").content.decode()
    assert "Farida" in text and "Deep" not in text
    assert "P-Deep" in reader(lead).get(f"{LIST}?owner={deep.pk}").content.decode()


def test_the_board_narrows_by_promise_and_so_do_its_links(lead, omar):
    add_target()
    other = add_target("second", metric="second", name="Second", start_events=["parcel.ranked"])
    promise(omar, ahead(hours=-1), number="P-1")
    promise(omar, ahead(hours=-1), number="P-2", target=other)
    text = reader(lead).get(f"{BOARD}?promise={other.pk}").content.decode()
    assert f'owner={omar.pk}&amp;promise={other.pk}">1</a>' in text


def test_the_board_costs_the_same_for_two_people_and_for_twenty(lead):
    add_target()
    client = reader(lead)
    counts = []
    for more in (2, 18):
        for n in range(more):
            person = make_user(f"P {more} {n}", role="sales", team=lead.team)
            promise(person, ahead(hours=n + 1), number=f"P-{more}-{n}")
        client.get(BOARD)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(BOARD).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_an_unchanged_board_answers_304(lead, omar):
    promise(omar, ahead(hours=-1))
    client = reader(lead)
    tag = client.get(BOARD)["ETag"]
    assert client.get(BOARD, headers={"X-Live": "1", "If-None-Match": tag}).status_code == 304
    promise(omar, ahead(hours=-1), number="P-MORE")
    assert client.get(BOARD, headers={"X-Live": "1", "If-None-Match": tag}).status_code == 200


def test_strays_belong_to_every_manager_but_to_no_team(lead):
    stray = promise(None, ahead(hours=1))
    assert list(unassigned([lead.team])) == [stray]
    assert list(unassigned([lead.team], with_strays=False)) == []
    assert set(people_under(lead)) == {lead, User.objects.get(name="Omar")}


def test_an_empty_board_says_so(lead):
    assert "Nothing is late, soon or due today" in reader(lead).get(BOARD).content.decode()


def test_both_pages_need_an_account(db):
    assert {Client().get(url).status_code for url in (LIST, BOARD)} == {302}


# ---------------------------------------------------------------- the feed


def test_the_feed_carries_open_promises_without_a_word_about_the_customer(omar):
    customer = make_customer("Secret Trading Ltd", owner=omar)
    add_target()
    record("parcel.arrived", customer, facts={"number": "SO-7", "owner_id": omar.pk})
    clock = Clock.objects.get()
    promise(omar, None, number="P-PAUSED", state="paused")
    [one] = feeds.appointments_of(omar)
    assert (one.uid.split("@")[0], one.start, one.summary) == (f"clock-{clock.pk}", clock.due_at, "Answer · SO-7")
    text = feeds.calendar_of(omar)
    assert "Secret" not in text and "P-PAUSED" not in text
    Clock.objects.update(stopped_at=timezone.now(), state="stopped")
    assert feeds.appointments_of(omar) == []


def test_the_feed_costs_one_query_for_all_promises(omar):
    add_target()
    for n in range(5):
        promise(omar, ahead(hours=n), number=f"P-{n}")
    with CaptureQueriesContext(connection) as queries:
        assert len(feeds.appointments_of(omar)) == 5
    assert len([one for one in queries if "sla_" in one["sql"]]) == 1
