"""Stored calendars: defaults, versions, and the form that administrators fill in."""

from datetime import date, datetime

import pytest
from django.test import Client

from foundation.accounts.models import User
from foundation.calendars import defaults
from foundation.calendars.engine import BusinessCalendar
from foundation.calendars.forms import CalendarForm, read_closed, read_spans, read_special
from foundation.calendars.models import Calendar, CalendarVersion
from foundation.calendars.selectors import missing_years
from foundation.calendars.services import create_calendar
from foundation.journal.models import Event
from tests.calendars.plans import OFFICE, second


def test_china_has_six_working_weekends_and_thirty_three_closed_dates_in_2026():
    plan = defaults.guangzhou_plan()
    make_up = [date.fromisoformat(day) for day in plan["special"]]
    assert len(make_up) == 6
    assert all(day.isoweekday() >= 6 for day in make_up)
    assert len(plan["closed"]) == len(set(plan["closed"])) == 33
    assert not set(plan["closed"]) & set(plan["special"])


def test_guangzhou_works_on_a_make_up_sunday_and_rests_over_the_spring_festival():
    office = BusinessCalendar.from_plan(defaults.guangzhou_plan())
    sunday = second("2026-01-04T00:00:00+08:00")
    assert office.seconds_between(sunday, sunday + 86_400) == 7.5 * 3600
    # Saturday 14 February is worked; then nine closed days.
    assert office.reach(second("2026-02-14T17:00:00+08:00"), 2 * 3600) == second("2026-02-24T10:00:00+08:00")


@pytest.mark.django_db
def test_defaults_are_loaded_once_and_never_overwrite_an_edit():
    assert defaults.load() == 3
    Calendar.objects.filter(code="berlin").update(name="Werk Berlin")
    assert defaults.load() == 0
    assert set(Calendar.objects.values_list("name", flat=True)) == {
        "Around the clock",
        "Guangzhou office",
        "Werk Berlin",
    }
    assert [v.number for v in CalendarVersion.objects.all()] == [1, 1, 1]
    assert not Event.objects.filter(code="calendar.revised").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "missing"),
    [
        ("2026-11-30T15:59:59+00:00", []),
        ("2026-11-30T16:00:00+00:00", [("guangzhou", 2027)]),  # midnight in Guangzhou, the afternoon in Berlin
        ("2026-11-30T23:00:00+00:00", [("berlin", 2027), ("guangzhou", 2027)]),
        ("2027-02-01T12:00:00+00:00", [("berlin", 2027), ("guangzhou", 2027)]),
    ],
)
def test_from_december_on_a_missing_year_is_named_by_the_calendars_own_date(now, missing):
    defaults.load()
    found = missing_years(datetime.fromisoformat(now))
    assert sorted((calendar.code, year) for calendar, year in found) == missing


@pytest.mark.django_db
def test_a_version_is_compiled_once():
    version = create_calendar(actor=None, code="office", name="Office", plan=OFFICE).current
    assert version.business() is version.business()
    assert CalendarVersion.objects.get().business() is version.business()


def test_spans_and_dates_are_read_as_people_write_them():
    assert read_spans("9:00-12:00， 13:30–18:00") == [["09:00", "12:00"], ["13:30", "18:00"]]
    assert read_spans("０９：００－12：00；13:30至18") == [["09:00", "12:00"], ["13:30", "18:00"]]
    assert read_spans("9-12") == [["09:00", "12:00"]]
    assert read_closed("2026-10-01..2026-10-02 国庆节\n\n2026-01-01") == (
        ["2026-01-01", "2026-10-01", "2026-10-02"],
        {"2026-10-01": "国庆节", "2026-10-02": "国庆节"},
    )
    assert read_special("2026-10-10 09:00-12:00, 13:30-18:00 国庆节\n2026-12-24 9:00-12:00") == (
        {"2026-10-10": [["09:00", "12:00"], ["13:30", "18:00"]], "2026-12-24": [["09:00", "12:00"]]},
        {"2026-10-10": "国庆节"},
    )


def filled(calendar, **changes):
    form = CalendarForm(instance=calendar)
    data = {name: form[name].value() or "" for name in form.fields}
    return {**data, **changes}


@pytest.mark.django_db
def test_the_form_gives_back_the_plan_that_it_shows():
    defaults.load()
    calendar = Calendar.objects.get(code="guangzhou")
    form = CalendarForm(filled(calendar), instance=calendar)
    assert form.is_valid(), form.errors
    assert form.plan() == calendar.current.plan
    assert form.day_seconds == calendar.current.day_seconds


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"zone": "Mars/Olympus"}, "zone", "zone"),
        ({"day_1": "09:00-12:00, 11:00-13:00"}, "day_1", "overlap"),
        ({"day_5": "17:00-09:00"}, "day_5", "end after"),
        ({"day_1": "all day"}, "day_1", "no span"),
        ({"closed": "tomorrow"}, "closed", "no date"),
        ({"closed": "2026-02-30"}, "closed", "no date"),
        ({"closed": "2026-05-05..2026-05-01"}, "closed", "last day"),
        ({"closed": "2026-12-24", "special": "2026-12-24 09:00-12:00"}, "special", "both closed and special"),
        ({"special": "2026-12-24 09:00-12:00\n2026-12-24 13:00-14:00"}, "special", "twice"),
        ({"special": "2026-12-24 09:00-12:00, 13:00"}, "special", "no span"),
        ({"special": "2026-12-24 morning"}, "special", "no span"),
        ({"years": "next"}, "years", "2026, 2027"),
        ({"country": "DE", "region": "XX"}, "region", "BE"),
        ({f"day_{n}": "" for n in range(1, 8)}, "day_1", "400 days"),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused_with_the_reason_beside_its_field(changes, field, reason):
    calendar = create_calendar(actor=None, code="office", name="Office", plan=OFFICE)
    form = CalendarForm(filled(calendar, **changes), instance=calendar)
    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert reason in str(form.errors)
    assert CalendarVersion.objects.count() == 1


@pytest.mark.django_db
def test_saving_in_the_administration_makes_the_next_version_and_an_event():
    calendar = create_calendar(actor=None, code="office", name="Office", plan=OFFICE)
    admin = User.objects.create_superuser("root@example.com", None, name="Root")
    client = Client()
    client.force_login(admin)
    url = f"/admin/calendars/calendar/{calendar.pk}/change/"
    assert client.get(url).status_code == 200
    management = {
        f"versions-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    }
    data = {key: value for key, value in filled(calendar, day_6="10:00-14:00").items() if value is not False}
    answer = client.post(url, {**data, **management})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    calendar.refresh_from_db()
    assert calendar.current.number == 2
    assert calendar.current.plan["weekly"]["6"] == [["10:00", "14:00"]]
    assert calendar.current.created_by == admin
    assert calendar.current.valid_from > calendar.versions.get(number=1).valid_from
    assert Event.objects.get(code="calendar.revised").facts["version"] == 2
    assert client.get("/admin/calendars/calendar/").status_code == 200
    assert client.get("/admin/calendars/calendar/add/").status_code == 200


@pytest.mark.django_db
def test_a_calendar_is_added_in_the_administration_with_its_first_version():
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.com", None, name="Root"))
    answer = client.post(
        "/admin/calendars/calendar/add/",
        {"code": "plant", "name": "Plant", "zone": "Asia/Shanghai", "day_hours": "8", "day_1": "08:00-16:00",
         **{f"versions-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}},
    )  # fmt: skip
    assert answer.status_code == 302
    assert Calendar.objects.get(code="plant").current.number == 1
