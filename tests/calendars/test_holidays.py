"""Public holidays: read from the library, proposed, and counted once a person has confirmed them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from foundation.calendars import defaults
from foundation.calendars.engine import CalendarError
from foundation.calendars.models import Calendar, CalendarVersion, HolidayDay, HolidayYear
from foundation.calendars.public_days import is_known, public_days
from foundation.calendars.services import revise_calendar
from foundation.calendars.services.holidays import confirm_holidays, first_half, propose_holidays
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from tests.calendars.factories import CHINA, office, person, signed_in
from tests.calendars.plans import OFFICE


def dates(*ranges: str) -> set[date]:
    found = set()
    for one in ranges:
        first, _dots, last = one.partition("..")
        begin, end = date.fromisoformat(f"2026-{first}"), date.fromisoformat(f"2026-{last or first}")
        found |= {begin + timedelta(days=n) for n in range((end - begin).days + 1)}
    return found


def of_kind(days, kind):
    return {one.day for one in days if one.kind == kind}


def test_the_chinese_notice_of_2026_has_six_working_weekends_and_thirty_three_closed_dates():
    days = public_days("CN", "", 2026)
    closed, worked = of_kind(days, "closed"), of_kind(days, "working")
    assert closed == dates(
        "01-01..01-03", "02-15..02-23", "04-04..04-06", "05-01..05-05", "06-19..06-21", "09-25..09-27", "10-01..10-07"
    )
    assert worked == dates("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")
    assert (len(closed), len(worked), closed & worked) == (33, 6, set())
    assert len({one.day for one in days}) == len(days)


def test_days_carry_the_name_of_their_holiday_in_the_countrys_own_language():
    names = {one.day.isoformat(): one.name for one in public_days("CN", "", 2026)}
    assert names["2026-01-02"] == names["2026-01-03"] == names["2026-01-04"] == "元旦"
    assert names["2026-02-28"] == names["2026-02-21"] == "春节"
    assert "国庆节" in names["2026-09-20"]  # worked for a day of October, whatever holiday is nearer
    assert {one.name for one in public_days("DE", "BE", 2026)} >= {"Karfreitag", "Frauentag"}


def test_a_region_has_holidays_of_its_own():
    assert date(2026, 3, 8) in of_kind(public_days("DE", "BE", 2026), "closed")
    assert date(2026, 3, 8) not in of_kind(public_days("DE", "BY", 2026), "closed")


@pytest.mark.parametrize(
    ("country", "region", "year", "reason"),
    [("CN", "", 2027, "notice"), ("XX", "", 2026, "no public holidays"), ("DE", "XX", 2026, "BE")],
)
def test_what_the_library_does_not_know_is_refused_with_the_reason(country, region, year, reason):
    with pytest.raises(CalendarError, match=reason):
        public_days(country, region, year)


def test_the_year_is_known_in_china_when_its_make_up_days_are():
    assert is_known("CN", 2026)
    assert not is_known("CN", 2027)
    assert is_known("DE", 2027)


@pytest.mark.django_db
def test_a_proposal_counts_for_nothing_until_somebody_confirms_it():
    calendar, anna = office(plan=CHINA), person()
    proposal = propose_holidays(calendar.pk, actor=anna, country="CN", year=2026)
    calendar.refresh_from_db()
    assert calendar.current.plan == CHINA
    assert set(proposal.days.values_list("decision", flat=True)) == {"open"}

    days = {row.pk: row.spans for row in proposal.days.exclude(kind="half")}
    confirm_holidays(
        proposal.pk,
        actor=anna,
        days=days,
        leave_out=set(proposal.days.filter(kind="half").values_list("pk", flat=True)),
    )
    calendar.refresh_from_db()
    plan = calendar.current.plan
    assert (len(plan["closed"]), len(plan["special"]), plan["years"]) == (33, 6, [2026])
    assert not set(plan["closed"]) & set(plan["special"])
    assert plan["special"]["2026-01-04"] == CHINA["weekly"]["1"]
    assert (calendar.current.number, calendar.current.created_by) == (2, anna)
    assert [e.code for e in Event.objects.order_by("id")] == [
        "calendar.holidays_proposed",
        "calendar.holidays_confirmed",
    ]
    assert CalendarVersion.objects.get(number=1).plan == CHINA  # the past stays
    assert proposal.days.filter(decision="taken", decided_by=anna, decided_at__isnull=False).count() == 39


@pytest.mark.django_db
def test_day_by_day_the_year_is_complete_when_nothing_is_undecided():
    calendar = office()
    proposal = propose_holidays(calendar.pk, actor=None, country="DE", region="BE", year=2026)
    first, *rest = proposal.days.all()
    confirm_holidays(proposal.pk, actor=None, days={first.pk: []})
    calendar.refresh_from_db()
    assert calendar.plan["closed"] == ["2026-01-01"]
    assert "years" not in calendar.plan
    confirm_holidays(proposal.pk, actor=None, days={}, leave_out={row.pk for row in rest})
    calendar.refresh_from_db()
    assert calendar.plan["closed"] == ["2026-01-01"]
    assert calendar.plan["years"] == [2026]


@pytest.mark.django_db
def test_a_day_is_decided_once():
    calendar = office()
    proposal = propose_holidays(calendar.pk, actor=None, country="DE", region="BE", year=2026)
    first = proposal.days.first()
    confirm_holidays(proposal.pk, actor=None, days={first.pk: []})
    with pytest.raises(Refused, match="already"):
        confirm_holidays(proposal.pk, actor=None, days={first.pk: []})
    assert CalendarVersion.objects.filter(calendar=calendar).count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "plan",
    [
        {**CHINA, "special": {"2026-05-01": [["09:00", "12:00"]]}},  # worked by hand, closed by the notice
        {**CHINA, "closed": ["2026-05-09"]},  # closed by hand, worked by the notice
        {**CHINA, "closures": [{"id": 2, "first": "2026-05-09", "last": "2026-05-09", "name": "Move", "reason": "", "spans": []}]},
    ],
)  # fmt: skip
def test_a_date_both_closed_and_special_is_refused_beside_the_day_and_nothing_changes(plan):
    calendar = office(plan=plan)
    proposal = propose_holidays(calendar.pk, actor=None, country="CN", year=2026)
    rows = list(proposal.days.exclude(kind="half"))
    with pytest.raises(Refused, match="both closed and special") as refusal:
        confirm_holidays(proposal.pk, actor=None, days={row.pk: row.spans for row in rows})
    assert refusal.value.field in {f"day_{row.pk}" for row in rows if row.day in dates("05-01", "05-09")}
    calendar.refresh_from_db()
    assert calendar.current.number == 1
    assert not HolidayDay.objects.exclude(decision="open").exists()


@pytest.mark.django_db
def test_asked_again_a_proposal_keeps_what_was_decided():
    calendar = office()
    proposal = propose_holidays(calendar.pk, actor=None, country="DE", region="BE", year=2026)
    first = proposal.days.first()
    confirm_holidays(proposal.pk, actor=None, days={first.pk: []})
    again = propose_holidays(calendar.pk, actor=None, country="DE", region="BY", year=2026)
    assert again.pk == proposal.pk
    assert again.days.get(day=first.day).decision == "taken"
    assert again.days.filter(day="2026-03-08").count() == 0
    assert again.days.filter(day="2026-01-06", decision="open").count() == 1


@pytest.mark.django_db
def test_a_half_day_is_proposed_for_days_that_are_worked_and_ends_at_noon():
    calendar = office()  # nine to five in Berlin's zone
    proposal = propose_holidays(calendar.pk, actor=None, country="IS", year=2026)
    halves = list(proposal.days.filter(kind="half"))
    assert [(row.day, row.spans) for row in halves] == [
        (date(2026, 12, 24), [["09:00", "13:00"]]),
        (date(2026, 12, 31), [["09:00", "13:00"]]),
    ]
    assert first_half(CHINA["weekly"]["1"]) == [["09:00", "12:00"]]


@pytest.mark.django_db
def test_the_houses_own_calendars_come_with_2026_confirmed_by_the_system():
    defaults.load()
    years = {one.calendar.code: one for one in HolidayYear.objects.select_related("calendar")}
    assert set(years) == {"guangzhou", "berlin"}
    assert not HolidayDay.objects.exclude(decision="taken", decided_by=None).exists()
    assert years["guangzhou"].days.count() == 39
    assert Calendar.objects.get(code="berlin").country == "DE"


@pytest.mark.django_db
def test_a_manager_confirms_on_the_page_with_some_days_left_out():
    calendar, anna = office(country="DE", region="BE"), person()
    client = signed_in(anna)
    page = client.get(f"/calendars/{calendar.pk}/do/holidays/")
    assert page.status_code == 200
    answer = client.post(f"/calendars/{calendar.pk}/do/holidays/", {"country": "DE", "region": "be", "year": "2027"})
    proposal = HolidayYear.objects.get()
    assert answer["Location"] == proposal.get_absolute_url()
    assert client.get(proposal.get_absolute_url()).status_code == 200
    rows = list(proposal.days.all())
    ticked = {f"day_{row.pk}": "on" for row in rows if row.name != "Frauentag"}
    later = client.post(proposal.get_absolute_url(), {f"day_{rows[0].pk}": "on", "rest": "later"})
    assert later["Location"] == proposal.get_absolute_url()
    answer = client.post(proposal.get_absolute_url(), {**ticked, "rest": "out"})
    assert answer.status_code == 302
    calendar.refresh_from_db()
    assert calendar.plan["years"] == [2027]
    assert "2027-03-08" not in calendar.plan["closed"]
    assert "2027-12-25" in calendar.plan["closed"]
    assert proposal.days.get(day="2027-03-08").decision == "left"
    done = client.get(proposal.get_absolute_url())
    assert "Frauentag" in done.content.decode()


@pytest.mark.django_db
def test_the_page_says_beside_the_day_what_does_not_fit_and_nothing_counts():
    calendar = office(plan={**CHINA, "special": {"2026-05-01": [["09:00", "12:00"]]}})
    proposal = propose_holidays(calendar.pk, actor=None, country="CN", year=2026)
    client = signed_in(person())
    data = {}
    for row in proposal.days.exclude(kind="half"):
        data[f"day_{row.pk}"] = "on"
        if row.kind == "working":
            data[f"hours_{row.pk}"] = "09:00-12:00"
    answer = client.post(proposal.get_absolute_url(), data)
    assert answer.status_code == 422
    assert f'id="id_day_{proposal.days.get(day="2026-05-01").pk}_error"' in answer.content.decode()
    worked = proposal.days.get(day="2026-05-09")
    answer = client.post(proposal.get_absolute_url(), {f"day_{worked.pk}": "on", f"hours_{worked.pk}": "12:00-09:00"})
    assert answer.status_code == 422
    assert f'id="id_hours_{worked.pk}_error"' in answer.content.decode()
    assert client.post(proposal.get_absolute_url(), {"rest": "later"}).status_code == 422
    calendar.refresh_from_db()
    assert calendar.current.number == 1


@pytest.mark.django_db
def test_a_notice_that_is_not_out_yet_is_said_in_the_form():
    calendar = office(country="CN")
    answer = signed_in(person()).post(f"/calendars/{calendar.pk}/do/holidays/", {"country": "CN", "year": "2027"})
    assert answer.status_code == 409
    assert "not known yet" in answer.context["form"].errors["year"][0]
    assert not HolidayYear.objects.exists()


@pytest.mark.django_db
def test_who_saw_days_that_somebody_decided_on_meanwhile_is_told_and_nothing_counts():
    calendar = office(country="DE")
    client = signed_in(person())
    client.post(f"/calendars/{calendar.pk}/do/holidays/", {"country": "DE", "year": "2027"})
    proposal = HolidayYear.objects.get()
    page = client.get(proposal.get_absolute_url()).content.decode()
    rows = [str(row.pk) for row in proposal.days.all()]
    assert all(f'name="row" value="{row}"' in page for row in rows)
    first, *others = rows
    confirm_holidays(proposal.pk, actor=None, days={int(first): []})
    typed = {"rest": "out", "row": rows, **{f"day_{row}": "on" for row in others}}
    answer = client.post(proposal.get_absolute_url(), typed)
    assert "Somebody has decided on these days already." in answer.content.decode()
    assert proposal.days.filter(decision="open").count() == len(others)
    assert client.post(proposal.get_absolute_url(), {**typed, "row": others}).status_code == 302


@pytest.mark.django_db
def test_editing_the_plan_by_hand_keeps_closures_and_names():
    plan = {
        **OFFICE,
        "closures": [
            {"id": 1, "first": "2027-01-04", "last": "2027-01-05", "name": "Stock", "reason": "", "spans": []}
        ],
    }
    calendar = office(plan=plan)
    from foundation.calendars.forms import EditForm

    form = EditForm(instance=calendar)
    data = {name: form[name].value() or "" for name in form.fields}
    form = EditForm({**data, "day_6": "10:00-12:00"}, instance=calendar)
    assert form.is_valid(), form.errors
    revise_calendar(calendar.pk, actor=None, plan=form.plan())
    calendar.refresh_from_db()
    assert calendar.plan["closures"] == plan["closures"]
    assert not calendar.current.business().spans_on(date(2027, 1, 4))
