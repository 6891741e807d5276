"""The pages of the working calendars."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.accounts.models import Leave, Team
from foundation.calendars import defaults, months
from foundation.calendars.engine import BusinessCalendar
from foundation.calendars.models import Calendar, CalendarUse, CalendarVersion
from foundation.calendars.services.uses import use_for_team
from foundation.journal.models import Event
from tests.accounts.factories import make_user
from tests.calendars.factories import CHINA, office, person, signed_in
from tests.calendars.plans import OFFICE


def text(client, url):
    return client.get(url).content.decode()


def kinds(plan, year, month, today=date(2026, 11, 26)):
    weeks = months.month_of(plan, BusinessCalendar.from_plan(plan), year, month, today)
    return {one.day.day: one for week in weeks for one in week if not one.is_outside}


def test_a_month_says_of_each_day_what_is_open_and_why_not():
    days = kinds(defaults.guangzhou_plan(), 2026, 10)
    assert (days[1].kind, days[1].name, days[1].seconds) == ("holiday", "国庆节", 0)
    assert (days[10].kind, days[10].seconds, days[10].hours) == ("make_up", 27_000, "09:00–12:00, 13:30–18:00")
    assert (days[11].kind, days[12].kind, days[12].seconds) == ("free", "open", 27_000)
    assert kinds(defaults.guangzhou_plan(), 2026, 11)[26].is_today


def test_a_month_counts_the_hour_that_a_zone_gives_or_takes():
    days = kinds({**defaults.always_plan(), "tz": "Europe/Berlin"}, 2026, 10)
    assert (days[24].seconds, days[25].seconds) == (86_400, 90_000)


def test_closures_and_special_hours_are_told_apart():
    closures = [
        {"id": 1, "first": "2026-12-21", "last": "2026-12-22", "name": "Shutdown", "reason": "", "spans": []},
        {"id": 2, "first": "2026-12-23", "last": "2026-12-26", "name": "Short", "reason": "", "spans": [["09:00", "11:00"]]},
    ]  # fmt: skip
    plan = {**OFFICE, "closed": ["2026-12-25"], "special": {"2026-12-31": [["09:00", "12:00"]]}, "closures": closures}
    days = kinds(plan, 2026, 12)
    told = {number: one.kind for number, one in days.items() if one.is_told}
    assert told == {21: "closure", 22: "closure", 23: "short", 24: "short", 25: "holiday", 31: "special"}
    assert days[23].seconds == 7200
    stretches = months.stretches(one for one in days.values() if one.is_told)
    assert [(first.day.day, last.day) for first, last in stretches] == [(21, 22), (23, 24), (25, 25), (31, 31)]


@pytest.mark.parametrize(
    ("asked", "found"),
    [("2026-12", (2026, 12)), ("", (2026, 11)), ("2026-13", (2026, 11)), ("0001-01", (2026, 11)), ("x", (2026, 11)), ("２０２６-12", (2026, 11))],
)  # fmt: skip
def test_the_month_comes_from_the_address_or_is_this_one(asked, found):
    assert months.month_asked(asked, date(2026, 11, 26)) == found


def test_december_leads_to_january():
    assert months.shifted(2026, 12, 1) == "2027-01"
    assert months.shifted(2026, 1, -1) == "2025-12"


@pytest.mark.django_db
def test_the_page_shows_the_month_with_ways_to_its_neighbours():
    defaults.load()
    calendar = Calendar.objects.get(code="guangzhou")
    page = text(signed_in(person("sales")), f"{calendar.get_absolute_url()}?month=2026-10")
    for words in (
        "October 2026",
        "?month=2026-09#month",
        "?month=2026-11#month",
        "国庆节",
        "make-up working day",
        "7.5 h",
    ):
        assert words in page
    assert "Bring in public holidays" not in page
    assert "/edit/" not in page


@pytest.mark.django_db
def test_today_is_the_date_in_the_calendars_zone():
    calendar = office(plan=CHINA)
    with time_machine.travel("2026-11-30T17:00:00+00:00", tick=False):
        page = text(signed_in(person()), calendar.get_absolute_url())
    assert "December 2026" in page
    assert "Tuesday 1 December" in page


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["1970-01", "2200-12", "9999-99", "%00"])
def test_odd_months_have_a_page_too(asked):
    calendar = office()
    assert signed_in(person()).get(f"{calendar.get_absolute_url()}?month={asked}").status_code == 200


@pytest.mark.django_db
def test_who_may_not_change_calendars_is_refused_everywhere_and_nothing_changes():
    calendar, client = office(), signed_in(person("sales"))
    team = Team.objects.create(name="North")
    use = use_for_team(calendar.pk, actor=None, team=team)
    before = Event.objects.count()
    for url in ("/calendars/new/", f"/calendars/{calendar.pk}/edit/", f"/calendars/{calendar.pk}/do/holidays/",
                f"/calendars/{calendar.pk}/do/close/", f"/calendars/{calendar.pk}/do/team/",
                f"/calendars/{calendar.pk}/closures/1/", f"/calendars/{calendar.pk}/closures/1/take-back/",
                f"/calendars/{calendar.pk}/teams/{use.pk}/end/", "/calendars/holidays/1/"):  # fmt: skip
        assert client.post(url, {}).status_code == 403, url
    assert Event.objects.count() == before
    assert CalendarUse.objects.count() == CalendarVersion.objects.count() == 1


@pytest.mark.django_db
def test_what_does_not_exist_is_not_found():
    client = signed_in(person())
    calendar = office()
    other = use_for_team(office("other").pk, actor=None, team=Team.objects.create(name="North"))
    huge = 10**20
    for url in ("/calendars/77/", f"/calendars/{huge}/", f"/calendars/{huge}/edit/", "/calendars/77/edit/", "/calendars/holidays/77/",
                f"/calendars/holidays/{huge}/", f"/calendars/{calendar.pk}/closures/9/"):  # fmt: skip
        assert client.get(url).status_code == 404, url
    assert client.post(f"/calendars/{calendar.pk}/teams/{other.pk}/end/").status_code == 404
    assert CalendarUse.objects.count() == 1


@pytest.mark.django_db
def test_the_form_asks_for_the_week_before_what_departs_from_it_and_says_its_name_once():
    calendar = office()
    page = text(signed_in(person()), f"/calendars/{calendar.pk}/edit/")
    assert page.index('name="day_1"') < page.index('name="day_7"') < page.index('name="closed"')
    assert page.count("24:00") == 1
    assert f'<p class="muted">{calendar.label}</p>' not in page


@pytest.mark.django_db
def test_an_edit_makes_a_version_and_a_wrong_one_is_refused_beside_its_field():
    calendar, anna = office(), person()
    client = signed_in(anna)
    url = f"/calendars/{calendar.pk}/edit/"
    form = client.get(url).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    wrong = client.post(url, {**data, "name": "Werk", "day_2": "09:00-12:00, 11:00-13:00"})
    assert wrong.status_code == 422
    assert 'id="id_day_2_error"' in wrong.content.decode()
    calendar.refresh_from_db()
    assert (calendar.name, calendar.current.number) == ("Office", 1)
    assert client.post(url, {**data, "name": "Werk", "day_6": "10:00-14:00"}).status_code == 302
    calendar.refresh_from_db()
    assert (calendar.name, calendar.current.number, calendar.current.created_by) == ("Werk", 2, anna)
    assert "Werk" in text(client, calendar.get_absolute_url())
    # The same form again was made from version 1.
    late = client.post(url, {**data, "day_6": "08:00-14:00"})
    assert late.status_code == 422
    assert "Meanwhile version 2" in late.content.decode()
    calendar.refresh_from_db()
    assert calendar.current.number == 2
    again = {**data, "day_6": "08:00-14:00", "based_on": late.context["form"]["based_on"].value()}
    assert client.post(url, again).status_code == 302
    calendar.refresh_from_db()
    assert calendar.plan["weekly"]["6"] == [["08:00", "14:00"]]


@pytest.mark.django_db
def test_a_manager_makes_a_calendar():
    client = signed_in(person())
    assert client.get("/calendars/new/").status_code == 200
    data = {"code": "plant", "name": "Plant", "zone": "Asia/Shanghai", "day_hours": "8", "country": "CN"}
    refused = client.post("/calendars/new/", data)
    assert refused.status_code == 422
    assert "400 days" in refused.content.decode()
    assert not Calendar.objects.exists()
    answer = client.post("/calendars/new/", {**data, "day_1": "08:00-16:00"})
    calendar = Calendar.objects.get()
    assert answer["Location"] == calendar.get_absolute_url()
    assert (calendar.country, calendar.current.number) == ("CN", 1)


@pytest.mark.django_db
def test_a_team_is_given_a_calendar_and_lets_go_of_it():
    calendar, client = office(), signed_in(person())
    team = Team.objects.create(name="North")
    assert client.post(f"/calendars/{calendar.pk}/do/team/", {"team": team.pk}).status_code == 302
    assert "North" in text(client, calendar.get_absolute_url())
    use = CalendarUse.objects.get()
    assert client.post(f"/calendars/{calendar.pk}/teams/{use.pk}/end/").status_code == 302
    assert not CalendarUse.objects.exists()
    codes = [event.code for event in Event.objects.order_by("id")]
    assert codes == ["calendar.team_assigned", "calendar.team_released"]


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


@pytest.mark.django_db
def test_list_and_page_cost_the_same_for_two_and_for_twenty():
    client = signed_in(person())
    calendar = office()
    office("second")
    for name in ("A", "B"):
        use_for_team(calendar.pk, actor=None, team=Team.objects.create(name=name))
    few = queries(client, "/calendars/"), queries(client, calendar.get_absolute_url())
    for number in range(20):
        office(f"more-{number}")
        use_for_team(calendar.pk, actor=None, team=Team.objects.create(name=f"Team {number}"))
    assert (queries(client, "/calendars/"), queries(client, calendar.get_absolute_url())) == few
    assert few[0] <= 8
    assert few[1] <= 14


@pytest.mark.django_db
def test_the_menu_leads_to_the_calendars():
    assert 'href="/calendars/"' in text(signed_in(person()), "/")


# ---------------------------------------------------------------- who is away


def away_on(name, first, last, **fields):
    colleague = make_user(name, **fields)
    Leave.objects.create(person=colleague, first_day=date(2026, 12, first), last_day=date(2026, 12, last), kind="sick")
    return colleague


def december(reader):
    return text(signed_in(reader), f"{office().get_absolute_url()}?month=2026-12")


def test_each_day_knows_who_is_away():
    away = months.away_by_day(
        [(date(2026, 12, 30), date(2027, 1, 1), "Ana"), (date(2027, 1, 1), date(2027, 1, 1), "Bo")]
    )
    assert away == {date(2026, 12, 30): ["Ana"], date(2026, 12, 31): ["Ana"], date(2027, 1, 1): ["Ana", "Bo"]}


@pytest.mark.django_db
def test_a_manager_sees_who_of_the_own_team_is_away_on_which_day():
    team, other = Team.objects.create(name="North"), Team.objects.create(name="South")
    manager = person()
    manager.team = team
    manager.save()
    for name in ("Ana Berg", "Bo Chen", "Cai Dong"):
        away_on(name, 9, 11, team=team)
    away_on("Dora Fremd", 9, 9, team=other)
    called_off = away_on("Eva Frei", 9, 9, team=team)
    called_off.leaves.update(cancelled_at="2026-12-01T00:00Z")
    page = december(manager)
    assert "Wednesday 9 December: open · 09:00–17:00 · away: Ana Berg, Bo Chen, Cai Dong" in page
    assert "Thursday 10 December: open · 09:00–17:00 · away: Ana Berg, Bo Chen, Cai Dong" in page
    assert "Saturday 12 December: no working day</span>" in page
    assert page.count("<span>Ana Berg</span><span>Bo Chen</span><span>+1</span>") == 3
    assert "9 Dec 2026 – 11 Dec 2026" in page
    assert "Dora Fremd" not in page and "Eva Frei" not in page and "Illness" not in page


@pytest.mark.django_db
def test_others_see_their_own_days_and_those_of_whom_they_lead():
    away_on("Stranger Danger", 9, 9)
    reader = person("sales")
    assert "Away this month" not in december(reader)
    Leave.objects.create(person=reader, first_day=date(2026, 12, 1), last_day=date(2026, 12, 2))
    away_on("Led One", 3, 3, manager=reader)
    page = text(signed_in(reader), f"{Calendar.objects.get().get_absolute_url()}?month=2026-12")
    assert "away: Sales" in page and "away: Led One" in page and "Stranger" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "team"), [("manager", None), ("administrator", "South")])
def test_administrators_and_managers_of_no_team_see_everybodys(role, team):
    away_on("Ana Berg", 9, 9, team=Team.objects.create(name="North"))
    reader = person(role)
    reader.team = Team.objects.create(name=team) if team else None
    reader.save()
    assert "away: Ana Berg" in december(reader)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [2, 20])
def test_the_month_costs_the_same_for_2_and_20_absences(count):
    manager = person()
    for number in range(count):
        away_on(f"Colleague {number}", 1 + number, 3 + number)
    client, url = signed_in(manager), f"{office().get_absolute_url()}?month=2026-12"
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    assert len(queries) <= 12  # the rail counts calls too
