"""Own closures: added, changed before they begin, taken back; each a version and an event."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from foundation.calendars.engine import BusinessCalendar, CalendarError
from foundation.calendars.models import CalendarVersion
from foundation.calendars.services.closures import add_closure, change_closure, take_back_closure
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from tests.calendars.factories import office, person, signed_in
from tests.calendars.plans import OFFICE

NOW = "2026-11-26T12:00:00+01:00"


@pytest.fixture(autouse=True)
def _thursday():
    with time_machine.travel(NOW, tick=False):
        yield


def shutdown(calendar, first=date(2026, 12, 21), last=date(2027, 1, 1), **fields):
    return add_closure(calendar.pk, actor=None, first=first, last=last, name="Shutdown", **fields)


def fresh(calendar):
    calendar.refresh_from_db()
    return calendar


def spans(calendar, day):
    return fresh(calendar).current.business().spans_on(date.fromisoformat(day))


@pytest.mark.django_db
def test_a_shutdown_closes_its_days_from_a_new_version_on():
    calendar = office()
    shutdown(calendar, reason="Maintenance")
    assert spans(calendar, "2026-12-18")
    assert not spans(calendar, "2026-12-21")
    assert not spans(calendar, "2027-01-01")
    assert spans(calendar, "2027-01-04")
    assert fresh(calendar).current.number == 2
    event = Event.objects.get()
    assert event.code == "calendar.closure_added"
    assert (event.facts["first_on"], event.facts["version"]) == ("2026-12-21", 2)


@pytest.mark.django_db
def test_reduced_hours_hold_on_worked_days_and_open_neither_holidays_nor_weekends():
    calendar = office(plan={**OFFICE, "closed": ["2026-12-25"]})
    shutdown(calendar, spans=[["10:00", "12:00"]])
    assert spans(calendar, "2026-12-24") == ((36_000, 43_200),)
    assert not spans(calendar, "2026-12-25")
    assert not spans(calendar, "2026-12-26")


@pytest.mark.django_db
def test_a_closure_is_moved_before_it_begins_and_taken_back_without_opening_a_holiday():
    calendar = office(plan={**OFFICE, "closed": ["2026-12-25"]})
    shutdown(calendar)
    number = fresh(calendar).plan["closures"][0]["id"]
    change_closure(calendar.pk, number, actor=None, first=date(2026, 12, 24), last=date(2026, 12, 31), name="Shutdown")
    assert spans(calendar, "2026-12-21")
    assert not spans(calendar, "2026-12-24")
    take_back_closure(calendar.pk, number, actor=None)
    assert spans(calendar, "2026-12-24")
    assert not spans(calendar, "2026-12-25")
    assert fresh(calendar).current.number == 4
    codes = [event.code for event in Event.objects.order_by("id")]
    assert codes == ["calendar.closure_added", "calendar.closure_changed", "calendar.closure_taken_back"]


@pytest.mark.django_db
def test_what_has_begun_is_not_changed_and_taking_it_back_keeps_the_days_that_have_passed():
    calendar = office()
    shutdown(calendar, date(2026, 11, 24), date(2026, 11, 30))
    number = fresh(calendar).plan["closures"][0]["id"]
    with pytest.raises(Refused, match="begun"):
        change_closure(calendar.pk, number, actor=None, first=date(2026, 12, 1), last=date(2026, 12, 2), name="Later")
    assert fresh(calendar).current.number == 2
    take_back_closure(calendar.pk, number, actor=None)
    assert not spans(calendar, "2026-11-25")
    assert spans(calendar, "2026-11-26")
    with pytest.raises(Refused, match="over"):
        take_back_closure(calendar.pk, number, actor=None)
    assert fresh(calendar).current.number == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("plan", "first", "last", "reason"),
    [
        ({"special": {"2026-12-24": [["09:00", "12:00"]]}}, "2026-12-24", "2026-12-31", "both closed and special"),
        ({}, "2026-11-23", "2026-11-25", "over"),
        ({}, "2026-12-31", "2026-12-24", "last day"),
        ({}, "2026-12-01", "2028-01-31", "400 days"),
        ({}, "2026-11-20", "2026-12-01", "two closures"),
    ],
)
def test_a_closure_that_contradicts_the_calendar_is_refused_and_nothing_changes(plan, first, last, reason):
    old = [{"id": 1, "first": "2026-11-16", "last": "2026-11-20", "name": "Old", "reason": "", "spans": []}]
    calendar = office(plan={**OFFICE, "closures": old, **plan})
    with pytest.raises(Refused, match=reason):
        shutdown(calendar, date.fromisoformat(first), date.fromisoformat(last))
    assert fresh(calendar).current.number == 1
    assert CalendarVersion.objects.count() == 1
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "closures", [{}, "x", [7], [{"first": "2026-01-01"}], [{"first": "2026-02-30", "last": "2026-03-01"}]]
)
def test_closures_of_a_wrong_form_are_refused(closures):
    plan = {**OFFICE, "closures": closures}
    if closures:
        with pytest.raises(CalendarError):
            BusinessCalendar.from_plan(plan)
    else:
        assert BusinessCalendar.from_plan(plan).spans_on(date(2026, 1, 1))


@pytest.mark.django_db
def test_a_manager_adds_changes_and_takes_back_a_closure_on_the_page():
    calendar, client = office(), signed_in(person())
    url = f"/calendars/{calendar.pk}/do/close/"
    assert client.get(url).status_code == 200
    data = {"first": "2026-12-21", "last": "2026-12-31", "name": "Factory shutdown", "reason": "Boilers", "spans": ""}
    wrong = client.post(url, {**data, "spans": "12:00-10:00"})
    assert wrong.status_code == 422
    assert 'id="id_spans_error"' in wrong.content.decode()
    assert client.post(url, data).status_code == 302
    number = fresh(calendar).plan["closures"][0]["id"]
    page = client.get(calendar.get_absolute_url()).content.decode()
    assert "Factory shutdown" in page
    assert "Boilers" in page
    edit = f"/calendars/{calendar.pk}/closures/{number}/"
    assert "2026-12-21" in client.get(edit).content.decode()
    assert client.post(edit, {**data, "spans": "09:00-12:00"}).status_code == 302
    assert spans(calendar, "2026-12-21") == ((32_400, 43_200),)
    refused = client.post(edit, {**data, "first": "2026-12-31", "last": "2026-12-21"})
    assert refused.status_code == 422
    assert client.post(f"{edit}take-back/").status_code == 302
    assert fresh(calendar).plan["closures"] == []
    assert client.get(edit).status_code == 404
