"""Whose hours count: the customer's by agreement, else the team's, else the target's own."""

from __future__ import annotations

import pytest

from foundation.accounts.models import Team
from foundation.calendars.defaults import ALWAYS
from foundation.calendars.selectors import calendar_for
from foundation.calendars.services.uses import agree_with_customer, end_use_for_team, use_for_team
from foundation.sla.models import Clock
from tests.calendars.plans import ROUND_THE_CLOCK
from tests.sla.conftest import add_calendar, add_target, tell

pytestmark = pytest.mark.django_db


def plan(begin, end):
    return {"tz": "Europe/Berlin", "weekly": {str(day): [[begin, end]] for day in range(1, 6)}}


@pytest.fixture
def team():
    return Team.objects.create(name="North")


@pytest.fixture
def early():
    return add_calendar("early", plan("06:00", "14:00"))


def calendar_of_clock():
    return Clock.objects.select_related("calendar_version__calendar").get().calendar_version.calendar


def test_the_team_of_the_event_decides_and_the_target_otherwise(parcel, office, early, team):
    use = use_for_team(early.pk, actor=None, team=team)
    assert calendar_for(team_id=team.pk) == early
    add_target(calendar=office)
    tell(parcel, "arrived", "2T09:00", team_id=team.pk)
    assert calendar_of_clock() == early
    tell(parcel, "answered", "2T09:10")
    end_use_for_team(use.pk, actor=None)
    assert calendar_for(team_id=team.pk) is None
    tell(parcel, "arrived", "2T10:00", team_id=team.pk)
    assert Clock.objects.open().get().calendar_version.calendar == office


def test_what_was_agreed_with_the_customer_comes_before_the_team(parcel, office, early, team, monkeypatch):
    late = add_calendar("late", plan("12:00", "20:00"))
    use_for_team(early.pk, actor=None, team=team)
    agree_with_customer(7, actor=None, calendar=late)
    monkeypatch.setattr(type(parcel), "customer_ref", lambda self: 7, raising=False)
    add_target(calendar=office, amount=2, unit="working_days")
    tell(parcel, "arrived", "2T09:00", team_id=team.pk)
    clock = Clock.objects.get()
    assert clock.calendar_version.calendar == late
    agree_with_customer(7, actor=None, calendar=None)
    assert calendar_for(team_id=team.pk, customer_id=7) == early


@pytest.mark.parametrize("code", [None, ALWAYS])
def test_a_target_around_the_clock_stays_around_the_clock(parcel, early, team, code):
    use_for_team(early.pk, actor=None, team=team)
    add_target(calendar=add_calendar(code, ROUND_THE_CLOCK) if code else None)
    tell(parcel, "arrived", "2T03:00", team_id=team.pk)
    version = Clock.objects.get().calendar_version
    assert (version.calendar.code if version else None) == code


def test_a_target_that_is_chosen_anew_keeps_to_the_agreed_hours(parcel, office, early, team):
    use_for_team(early.pk, actor=None, team=team)
    add_target("answer", calendar=office)
    add_target("answer-urgent", calendar=office, priorities=["urgent"], position=10, amount=2)
    tell(parcel, "arrived", "2T09:00", team_id=team.pk)
    tell(parcel, "ranked", "2T09:30", priority="urgent")
    assert Clock.objects.get().target.code == "answer-urgent"
    assert calendar_of_clock() == early


@pytest.mark.django_db(transaction=True)
def test_starting_a_clock_asks_for_no_more_with_agreements_than_without(
    django_assert_num_queries, parcel, office, early, team
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(connection) as found:
            tell(parcel, "arrived", "2T09:00", team_id=team.pk)
        tell(parcel, "answered", "2T09:10")
        return len(found)

    add_target(calendar=office)
    cost()
    plain = cost()
    use_for_team(early.pk, actor=None, team=team)
    cost()
    assert cost() == plain
