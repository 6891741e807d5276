"""Pages of visits: the list, the week, the forms on a phone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from crm import services
from crm.feed import journeys
from crm.models import AppointmentPolicy, CheckIn, Visit
from foundation.accounts.models import User
from foundation.ui import formats
from tests.crm.factories import make_address, make_contact, make_customer, make_visit, planned_visit, visit_for
from tests.support.defaults import load_defaults

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_utc(anna: User, wei: User, maria: User) -> None:
    User.objects.update(time_zone="UTC")


def moment(days: int = 1, hour: int = 10) -> Any:
    return (timezone.now() + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)


def typed(when: Any) -> str:
    return when.strftime("%Y-%m-%dT%H:%M")


def test_from_a_proposal_to_the_outcome_on_the_pages(client, anna):
    load_defaults()
    customer = make_customer("Hafen GmbH", owner=anna)
    person = make_contact(customer, name="Petra Petersen")
    make_address(customer)
    client.force_login(anna)
    asked = {"customer": customer.pk, "contact": person.pk, "purpose": "Show oak", "wishes": ["samples"]}
    shown = client.post(f"/visits/new/?customer={customer.pk}", asked, follow=True)
    visit = Visit.objects.get()
    page = shown.content.decode()
    assert "The customer has not agreed yet" in page and "The samples that were asked for" in page
    assert client.get(f"/visits/{visit.pk}/do/plan/").status_code == 200
    times = {"start": typed(moment()), "end": typed(moment(hour=11)), "tells_customer": "on"}
    refused = client.post(f"/visits/{visit.pk}/do/plan/", times)
    assert refused.status_code == 409 and "has not agreed yet" in refused.content.decode()
    client.post(f"/visits/{visit.pk}/do/agree/", {"contact": person.pk, "channel": "phone"})
    client.post(f"/visits/{visit.pk}/do/plan/", times)
    client.post(f"/visits/{visit.pk}/checklist/", {"done": [visit.items.first().pk]})
    client.post(f"/visits/{visit.pk}/do/depart/")
    wrong = client.post(f"/visits/{visit.pk}/do/arrive/", {"note": "Gate 3"})
    assert wrong.status_code == 422 and "Gate 3" in wrong.content.decode()
    here = {"latitude": "53.5412345", "longitude": "9.98", "accuracy": "14.6"}
    early = client.post(f"/visits/{visit.pk}/do/arrive/", here)
    assert early.status_code == 422 and "It takes place now, not on" in early.content.decode()
    here["is_now"] = "on"
    assert client.post(f"/visits/{visit.pk}/do/arrive/", here).status_code == 302
    assert CheckIn.objects.get().accuracy_m == 15
    done = {"result": "quote", "discussed": "600 m²", "next_kind": "task", "next_step": "Send the quote"}
    refused = client.post(f"/visits/{visit.pk}/do/finish/", done)
    assert refused.status_code == 422 and "600 m²" in refused.content.decode()
    done["next_step_on"] = (timezone.localdate() + timedelta(days=2)).isoformat()
    assert client.post(f"/visits/{visit.pk}/do/finish/", done).status_code == 302
    page = client.get(f"/visits/{visit.pk}/").content.decode()
    assert "accurate to 15 m" in page and "the address has no coordinates" in page and "600 m²" in page


def test_a_form_says_beforehand_what_stands_against_it(client, anna):
    customer = make_customer("Hafen GmbH", owner=anna)
    client.force_login(anna)
    visit = make_visit(anna, customer)
    page = client.get(f"/visits/{visit.pk}/do/plan/").content.decode()
    assert "The customer has not agreed yet" in page and 'name="start"' in page
    assert "has not agreed yet" not in client.get(f"/visits/{visit.pk}/do/agree/").content.decode()
    done = visit_for("done", anna, customer, moment())
    late = client.get(f"/visits/{done.pk}/do/arrive/", follow=True)  # a bookmark, or a tab that was left open
    assert late.redirect_chain == [(f"/visits/{done.pk}/", 302)] and "is “Done” now" in late.content.decode()


def test_a_visit_of_today_is_checked_in_without_being_asked_whether_it_is_meant(client, anna):
    visit = planned_visit(anna, start=timezone.now() + timedelta(hours=2))
    client.force_login(anna)
    assert "It takes place now" not in client.get(f"/visits/{visit.pk}/do/arrive/").content.decode()
    assert client.post(f"/visits/{visit.pk}/do/arrive/", {"no_position": "no_signal"}).status_code == 302


def test_a_garbled_position_is_no_position_and_never_an_error(client, anna):
    visit = planned_visit(anna)
    client.force_login(anna)
    for latitude, accuracy in (("x", "5"), ("91", "5"), ("1", "-4"), ("1", "nan"), ("1", "1e99")):
        answer = client.post(
            f"/visits/{visit.pk}/do/arrive/", {"latitude": latitude, "longitude": "9", "accuracy": accuracy}
        )
        assert answer.status_code == 422
    assert not CheckIn.objects.exists()
    client.post(
        f"/visits/{visit.pk}/do/arrive/",
        {"latitude": "x", "longitude": "9", "no_position": "no_device", "is_now": "on"},
    )
    assert CheckIn.objects.get().no_position == "no_device"


def test_the_week_shows_the_route_and_warns_where_it_does_not_fit(client, anna):
    day = moment(days=8, hour=9)
    customer = make_customer("Hafen GmbH", owner=anna)
    visit_for("planned", anna, customer, day)
    visit_for("planned", anna, make_customer("Kai GmbH", owner=anna), day + timedelta(minutes=70))
    visit_for("planned", anna, make_customer("Elbe GmbH", owner=anna), day + timedelta(minutes=100))
    client.force_login(anna)
    page = client.get(f"/visits/week/?day={day.date()}").content.decode()
    assert "leave at 08:20" in page and "be there at 08:50" in page
    assert "The way does not fit: 30 min too short." in page
    assert "Overlaps with the visit before." in page
    for odd in ("?day=x", "?day=9999-12-31", "?day=0001-01-01", "?person=x", "?person=99999999999999999999"):
        assert client.get(f"/visits/week/{odd}").status_code == 200


def test_who_must_leave_on_the_evening_before_reads_the_day(client, anna):
    day = moment(days=8, hour=7)
    visit = planned_visit(anna, start=day)
    services.reschedule_visit(
        visit.pk, actor=anna, start=day, end=day + timedelta(hours=1), travel_minutes=9 * 60, tells_customer=False
    )
    visit_for("planned", anna, make_customer("Kai GmbH", owner=anna), day + timedelta(minutes=70))
    client.force_login(anna)
    page = client.get(f"/visits/week/?day={day.date()}").content.decode()
    assert f"leave at {formats.moment(day - timedelta(hours=9, minutes=10))}" in page
    anna.language = "de"
    anna.save(update_fields=["language"])
    page = client.get(f"/visits/week/?day={day.date()}").content.decode()
    assert "Min. fehlen." in page and "Min.." not in page


def test_visits_of_a_week_change_places_and_days_by_their_buttons(client, anna, wei):
    first = planned_visit(anna, start=moment(days=8, hour=9))
    second = planned_visit(anna, start=moment(days=8, hour=14))
    client.force_login(anna)
    client.post(f"/visits/{second.pk}/move/", {"to": "earlier"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (second.planned_start, first.planned_end) == (moment(days=8, hour=9), moment(days=8, hour=15))
    answer = client.post(f"/visits/{first.pk}/move/", {"to": moment(days=9).date().isoformat()}, follow=True)
    assert "The customer has not been told." in answer.content.decode()
    first.refresh_from_db()
    assert first.planned_start == moment(days=9, hour=14)
    for wrong in ("", "later", "2020-01-01", "0000-00-00"):
        client.post(f"/visits/{first.pk}/move/", {"to": wrong})
    client.force_login(wei)
    assert client.post(f"/visits/{first.pk}/move/", {"to": "earlier"}).status_code == 404
    first.refresh_from_db()
    assert first.planned_start == moment(days=9, hour=14)


def test_my_day_the_search_and_the_customers_page_know_the_visit(client, anna):
    now = timezone.now()
    visit = visit_for("planned", anna, make_customer("Hafen GmbH", owner=anna), now, purpose="Show oak")
    visit.save(update_fields=["number"])
    client.force_login(anna)
    assert "Visit “Show oak”" in client.get("/").content.decode()
    assert visit.get_absolute_url() in client.get(f"/search/?q={visit.number}").content.decode()
    shown = client.get(visit.customer.get_absolute_url()).content.decode()
    assert f"/visits/?view=all&amp;customer={visit.customer.pk}" in shown


def test_others_may_not_plan_and_strangers_see_nothing(client, anna, wei, sven):
    visit = make_visit(anna)
    client.force_login(wei)
    assert client.get(f"/visits/{visit.pk}/").status_code == 404
    assert client.post(f"/visits/{visit.pk}/checklist/").status_code == 404
    desk = sven
    desk.groups.clear()
    client.force_login(desk)
    for address in ("/visits/", "/visits/week/", "/visits/new/", f"/visits/{visit.pk}/"):
        assert client.get(address).status_code == 403, address


@pytest.mark.parametrize("rows", [2, 20])
def test_list_week_and_export_cost_the_same_for_two_and_for_twenty(client, anna, rows, django_assert_max_num_queries):
    for number in range(rows):
        customer = make_customer(owner=anna)
        address = make_address(customer, latitude="53.5", longitude=f"{9 + number / 100}")
        visit_for("planned", anna, customer, moment(days=1 + number % 2, hour=number % 24), address=address)
    AppointmentPolicy.current()
    connection.run_on_commit.clear()  # as if the rules had been there before
    client.force_login(anna)
    for address, most in (("/visits/?view=all", 13), (f"/visits/week/?day={moment().date()}", 8)):
        client.get(address)
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200
    with django_assert_max_num_queries(8):
        lines = b"".join(client.get("/visits/?view=all&format=csv").streaming_content).splitlines()
    assert len(lines) == rows + 1


@pytest.mark.parametrize("lines", [2, 20])
def test_a_visits_page_costs_the_same_whatever_is_on_its_checklist(client, anna, lines, django_assert_max_num_queries):
    customer = make_customer(owner=anna)
    make_address(customer)
    visit = planned_visit(anna, customer)
    for number in range(lines):
        visit.items.create(own_text=f"Thing {number}", done_at=timezone.now(), done_by=anna)
        make_address(make_customer(owner=anna))
    client.force_login(anna)
    client.get(visit.get_absolute_url())
    with django_assert_max_num_queries(20):
        assert client.get(visit.get_absolute_url()).status_code == 200


def test_a_nearby_customer_leads_to_a_visit_that_knows_whom(client, anna):
    customer = make_customer(owner=anna)
    make_address(customer)
    near = make_customer("Kai GmbH", owner=anna)
    make_address(near)
    visit = make_visit(anna, customer)
    services.agree_visit(visit.pk, actor=anna, by="Petra", channel="phone")
    client.force_login(anna)
    page = client.get(f"/visits/{visit.pk}/do/plan/").content.decode()
    assert "Kai GmbH" in page and f"/visits/new/?customer={near.pk}" in page


def test_visits_stand_in_the_calendar_feed_by_number_and_purpose_and_say_nothing_of_the_customer(anna, wei, maria):
    customer = make_customer("Secret Holding", owner=anna)
    visit_for("planned", anna, customer, moment(), purpose="Show oak").companions.add(wei)
    visit_for("proposed", anna, customer, moment(), purpose="Maybe")
    visit_for("cancelled", anna, customer, moment(), purpose="Off")
    mine = [one.summary for one in journeys(anna)]
    assert len(mine) == 2 and mine[1].startswith("Not planned yet: ") and not any("Secret" in one for one in mine)
    assert [one.summary.endswith("Show oak") for one in journeys(wei)] == [True]
    assert list(journeys(maria)) == []
