"""From December 1: a warning on the pages, and once a year a line in the administrators' inbox."""

from __future__ import annotations

import pytest
import time_machine

from foundation.calendars import defaults
from foundation.calendars.models import Calendar
from foundation.calendars.services.holidays import confirm_holidays, propose_holidays
from foundation.calendars.tasks import look_at_years
from foundation.journal.models import Event
from foundation.notifications.models import InboxItem
from tests.calendars.factories import office, person, signed_in

NOVEMBER, DECEMBER = "2026-11-30T12:00:00+00:00", "2026-12-01T12:00:00+00:00"


def notices():
    return Event.objects.filter(code="calendar.year_missing").count()


def confirm_all(calendar, year):
    proposal = propose_holidays(calendar.pk, actor=None, country=calendar.country, region=calendar.region, year=year)
    confirm_holidays(proposal.pk, actor=None, days={row.pk: row.spans for row in proposal.days.all()})


@pytest.mark.django_db
def test_administrators_hear_of_it_once_a_year():
    admin, manager = person("administrator"), person()
    defaults.load()
    with time_machine.travel(NOVEMBER):
        look_at_years()
    assert notices() == 0
    for _day in range(3):
        with time_machine.travel(DECEMBER):
            look_at_years()
    assert notices() == 2
    lines = [item.text for item in InboxItem.objects.filter(user=admin).order_by("text")]
    assert len(lines) == 2
    assert "2027" in lines[0]
    assert not InboxItem.objects.filter(user=manager).exists()
    InboxItem.objects.all().delete()
    with time_machine.travel("2027-12-02T12:00:00+00:00"):
        look_at_years()
    assert notices() == 4


@pytest.mark.django_db
def test_a_confirmed_year_and_a_calendar_without_a_country_are_not_spoken_of():
    berlin = office("berlin-2", country="DE", region="BE")
    office("nowhere")
    confirm_all(berlin, 2026)
    confirm_all(berlin, 2027)
    with time_machine.travel(DECEMBER):
        look_at_years()
    assert notices() == 0


@pytest.mark.django_db
def test_the_first_page_and_the_calendars_page_warn_those_who_can_mend_it():
    defaults.load()
    anna, bert = person(), person("sales")
    guangzhou, berlin = Calendar.objects.get(code="guangzhou"), Calendar.objects.get(code="berlin")
    with time_machine.travel(NOVEMBER):
        manager = signed_in(anna)
        assert 'id="missing-holidays"' not in manager.get("/").content.decode()
        assert "is-missing" not in manager.get(berlin.get_absolute_url()).content.decode()
    with time_machine.travel(DECEMBER):
        manager, seller = signed_in(anna), signed_in(bert)
        first_page = manager.get("/").content.decode()
        assert 'id="missing-holidays"' in first_page
        assert "official notice for 2027 is not known yet" in first_page
        assert 'id="missing-holidays"' not in seller.get("/").content.decode()
        assert "holidays of 2027 are not confirmed" in manager.get(berlin.get_absolute_url()).content.decode()
        assert "is-missing" in manager.get(guangzhou.get_absolute_url()).content.decode()
        assert "2027 is missing" in manager.get("/calendars/").content.decode()
        confirm_all(berlin, 2027)
        assert "is-missing" not in manager.get(berlin.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_a_proposal_alone_does_not_end_the_warning():
    berlin = office("berlin-2", country="DE", region="BE")
    with time_machine.travel(DECEMBER):
        propose_holidays(berlin.pk, actor=None, country="DE", region="BE", year=2027)
        page = signed_in(person()).get(berlin.get_absolute_url()).content.decode()
    assert "proposed, but not confirmed" in page
