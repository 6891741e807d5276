"""The calendar of people: what stands in it for whom, and moving it."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from datetime import timezone as dt_timezone
from typing import Any

import pytest
from django.utils import timezone

from crm import services
from crm.models import Call, Questionnaire, Visit
from crm.services.call_times import reschedule_call
from foundation.accounts.leaves import enter_leave
from foundation.accounts.models import User
from foundation.calendars import defaults as calendars
from foundation.calendars.diary.whose import people_seen_by
from foundation.journal.models import Event
from foundation.notifications.models import Message
from foundation.sla.selectors.deadlines import people_under
from foundation.todos.due import Due
from foundation.todos.models import Task
from foundation.todos.services.tasks import Wish, create_task
from tests.accounts.factories import make_team, make_user
from tests.crm.factories import make_customer, visit_for
from tests.support.defaults import load_defaults

pytestmark = pytest.mark.django_db
HERE = "/calendar/?view=week"


@pytest.fixture(autouse=True)
def in_utc(anna: User, wei: User, maria: User, sven: User) -> None:
    User.objects.update(time_zone="UTC")
    for one in (anna, wei, maria, sven):
        one.refresh_from_db()


def monday() -> date:
    """The Monday after next: nothing of it has passed."""
    today = timezone.now().date()
    return today + timedelta(days=14 - today.weekday())


def at(day: int = 0, hour: int = 10, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(monday() + timedelta(days=day), time(hour, minute)))


def typed(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M}"


def page(client: Any, query: str = "", **how: Any) -> str:
    answer = client.get(f"/calendar/?date={monday()}{query}", **how)
    assert answer.status_code == 200
    return answer.content.decode()


def entries(text: str) -> list[str]:
    return re.findall(r'data-entry="([a-z]+)-\d+"', text)


def reception(owner: User, start: datetime, **values: Any) -> Any:
    customer = values.pop("customer", None) or make_customer(owner=owner)
    return services.book_reception(customer.pk, actor=owner, purpose="Oak floors", start=start, **values)


def plan_call(owner: User, due_at: datetime, **values: Any) -> Call:
    load_defaults()
    presales = Questionnaire.objects.filter(purpose="presales").first()
    assert presales is not None
    return services.plan_call(
        make_customer(owner=owner).pk, actor=owner, questionnaire=presales, owner=owner, due_at=due_at, **values
    )


def test_a_week_holds_visits_receptions_calls_tasks_and_absences(client, anna, maria):
    visit_for("planned", anna, make_customer("Hafen GmbH", owner=anna), at(0))
    reception(anna, at(1))
    plan_call(anna, at(2), reason="Ask about the floor plan")
    create_task(Wish("Send samples", Due(monday() + timedelta(days=3))), actor=anna, person=anna)
    create_task(
        Wish("Ring the carrier", Due(monday(), time(15), timezone.get_default_timezone())), actor=anna, person=anna
    )
    enter_leave(anna.pk, actor=maria, first_day=monday() + timedelta(days=4), last_day=monday() + timedelta(days=4))
    client.force_login(anna)
    for view in ("week", "month"):
        text = page(client, f"&view={view}")
        assert sorted(entries(text)) == ["absences", "calls", "receptions", "tasks", "tasks", "visits"], view
    assert "Hafen GmbH" in text and "Ask about the floor plan" in text and "Send samples" in text
    only = page(client, "&kinds=visits,calls")
    assert sorted(entries(only)) == ["calls", "visits"]
    assert entries(page(client, "&view=day")) == ["visits", "tasks"]


def test_whoever_may_not_look_at_a_colleague_sees_their_own(client, anna, wei, maria):
    visit_for("planned", wei, make_customer("Secret Ltd", owner=wei), at())
    client.force_login(anna)
    text = page(client, f"&who={wei.pk}")
    assert "Secret Ltd" not in text and "My calendar" in text
    client.force_login(maria)
    assert "Secret Ltd" in page(client, f"&who={wei.pk}")
    team = page(client, f"&who=team-{wei.team_id}")
    assert "Secret Ltd" in team and 'class="diary-team"' in team
    assert "Secret Ltd" in page(client, f"&who=team-{wei.team_id}&view=day")


def test_a_team_sees_its_colleagues_days_and_not_more_than_each_may(client, anna, maria):
    other = User.objects.create_user("otto@example.com", None, name="Otto Ernst", team=anna.team, time_zone="UTC")
    visit_for("planned", other, make_customer("Shared GmbH", owner=anna), at())
    create_task(Wish("Private thing", Due(monday())), actor=other, person=other)
    client.force_login(anna)
    text = page(client, "&who=team")
    assert "Shared GmbH" in text and "Private thing" not in text


def test_a_managers_calendar_reaches_reports_of_reports_and_the_teams_they_lead_as_the_board_does(client, anna, maria):
    maria.team = make_team("Management")
    maria.save()
    head = make_user("Head", role="sales", manager=maria)
    User.objects.filter(pk=anna.pk).update(manager=head)
    led = make_user("Farida", role="sales", team=make_team("Far away", lead=head))
    stranger = make_user("Stranger", role="sales", team=make_team("Elsewhere"))
    User.objects.filter(pk=maria.pk).update(manager=anna)  # a ring ends, too
    visit_for("planned", anna, make_customer("Hafen GmbH", owner=anna), at())
    for person in (anna, led, stranger):
        enter_leave(person.pk, actor=person, first_day=monday(), last_day=monday())
    client.force_login(maria)
    text = page(client, f"&view=week&who={anna.pk}")
    assert "Hafen GmbH" in text and "Farida" in text and "Stranger" not in text
    assert "absences" in entries(page(client, f"&view=week&who={led.pk}"))
    assert f'href="/calendar/?who={stranger.pk}' not in text
    assert set(people_seen_by(maria)) == set(people_under(maria))


@pytest.mark.parametrize("teams", [2, 12])
@pytest.mark.parametrize("view", ["day", "week", "month"])
def test_all_whom_a_manager_looks_after_stand_on_one_page_at_the_same_cost(
    client, maria, teams, view, django_assert_max_num_queries
):
    maria.team = make_team("Management")
    maria.save()
    above = maria
    for number in range(teams):  # each reports to the one before, in a team of their own
        above = make_user(f"Deep {number}", role="sales", team=make_team(f"Team {number}"), manager=above)
        visit_for("planned", above, make_customer(f"Firm {number}", owner=above), at(hour=9))
    client.force_login(maria)
    page(client, f"&view={view}&who=all")
    with django_assert_max_num_queries(21):
        text = page(client, f"&view={view}&who=all")
    assert '<option value="all" selected>All whom I look after</option>' in text
    assert len(entries(text)) >= min(teams, 2)


def test_holidays_and_closed_hours_are_drawn_and_zones_of_customers_are_said(client, anna):
    calendars.load()
    anna.time_zone = "Europe/Berlin"
    anna.save()
    start = datetime(2026, 12, 28, 9, tzinfo=dt_timezone(timedelta(hours=1)))
    customer = make_customer("Guangzhou Decor", owner=anna, time_zone="Asia/Shanghai")
    visit_for("planned", anna, customer, start)
    client.force_login(anna)
    text = client.get("/calendar/?view=week&date=2026-12-28").content.decode()
    assert "16:00 in Shanghai" in text
    assert 'class="off ' in text


def test_the_address_survives_nonsense(client, anna):
    client.force_login(anna)
    for query in (
        "view=year&date=x&who=team-999999&kinds=nothing",
        "date=9999-12-31",
        "date=0001-01-01&view=month",
        "who=-1&date=2199-12-01&view=month",
    ):
        assert client.get(f"/calendar/?{query}").status_code == 200, query
    assert client.get("/calendar/new/?at=nonsense").status_code == 200


# ---------------------------------------------------------------- moving


def move(client: Any, kind: str, pk: int, **values: Any) -> Any:
    return client.post(f"/calendar/{kind}/{pk}/move/", {"back": HERE, **values})


def move_surely(client: Any, kind: str, pk: int, **values: Any) -> Any:
    """By the form, and once more after a warning."""
    answer = move(client, kind, pk, **values)
    sure = re.search(r'name="sure" value="([^"]+)"', answer.content.decode())
    return move(client, kind, pk, sure=sure[1], **values) if sure else answer


def test_moving_a_planned_visit_asks_who_is_told_and_can_be_taken_back(client, anna):
    visit = visit_for("planned", anna, make_customer(owner=anna), at(0))
    client.force_login(anna)
    asked = move(client, "visits", visit.pk, start=typed(at(1)), end=typed(at(1, 11)), drop="1")
    assert asked.status_code == 204 and "/move/?start=" in asked["X-Ask"]
    visit.refresh_from_db()
    assert visit.planned_start == at(0)
    form = client.get(asked["X-Ask"]).content.decode()
    assert "Tell the customer" in form and f'value="{typed(at(1))}"' in form
    done = move(client, "visits", visit.pk, start=typed(at(1)), end=typed(at(1, 11)))
    assert done.status_code == 302 and done["Location"] == HERE
    visit.refresh_from_db()
    assert (visit.planned_start, visit.planned_end) == (at(1), at(1, 11))
    assert Event.objects.get(code="visit.rescheduled").facts["tells_customer"] is False
    text = client.get(HERE).content.decode()
    assert "The customer has not been told." in text
    token = re.search(r'hx-post="(/calendar/undo/[^"]+)"', text)
    assert token is not None
    address = token[1].replace("&amp;", "&")
    assert client.post(address, HTTP_HX_REQUEST="true")["HX-Redirect"] == HERE
    visit.refresh_from_db()
    assert visit.planned_start == at(0)
    client.post(address)
    assert "moved or changed since" in client.get(HERE).content.decode()
    assert client.post("/calendar/undo/?token=forged").status_code == 302


def test_no_way_back_is_offered_to_a_time_that_has_passed(client, anna):
    visit = visit_for("proposed", anna, make_customer(owner=anna), at(0))
    Visit.objects.filter(pk=visit.pk).update(
        planned_start=timezone.now() - timedelta(days=1), planned_end=timezone.now()
    )
    client.force_login(anna)
    assert move(client, "visits", visit.pk, start=typed(at(1)), end=typed(at(1, 11)), drop="1").status_code == 302
    text = client.get(HERE).content.decode()
    assert "is now on" in text and "/calendar/undo/" not in text


def test_a_proposed_visit_moves_at_once_and_what_has_passed_is_refused(client, anna):
    visit = visit_for("proposed", anna, make_customer(owner=anna), at(0))
    client.force_login(anna)
    done = move(client, "visits", visit.pk, start=typed(at(2)), end=typed(at(2, 11)), drop="1")
    assert done.status_code == 302
    visit.refresh_from_db()
    assert visit.planned_start == at(2)
    gone = timezone.now() - timedelta(days=3)
    done = move(client, "visits", visit.pk, start=typed(gone), drop="1")
    assert "This time has passed already." in client.get(done["Location"]).content.decode()
    refused = move(client, "visits", visit.pk, start=typed(gone))
    assert refused.status_code == 422 and "This time has passed already." in refused.content.decode()
    visit.refresh_from_db()
    assert visit.planned_start == at(2)
    assert Event.objects.filter(code="visit.rescheduled").count() == 1


def test_what_does_not_fit_is_said_and_not_forbidden(client, anna, maria):
    calendars.load()
    customer = make_customer("Hafen GmbH", owner=anna)
    visit_for("planned", anna, make_customer("Kai GmbH", owner=anna), at(1))
    moved = visit_for("planned", anna, customer, at(0))
    enter_leave(anna.pk, actor=maria, first_day=monday() + timedelta(days=1), last_day=monday() + timedelta(days=1))
    client.force_login(anna)
    values = {"start": typed(at(1, 10, 30)), "end": typed(at(1, 11, 30))}
    warned = move(client, "visits", moved.pk, **values)
    text = warned.content.decode()
    assert (
        warned.status_code == 422 and "Kai GmbH" in text and "Anna Berg is away from" in text and "Move anyway" in text
    )
    moved.refresh_from_db()
    assert moved.planned_start == at(0)
    sure = re.search(r'name="sure" value="([^"]+)"', text)
    assert sure is not None
    assert move(client, "visits", moved.pk, sure=sure[1], **values).status_code == 302
    moved.refresh_from_db()
    assert moved.planned_start == at(1, 10, 30)
    sunday = move(client, "visits", moved.pk, start=typed(at(6)), end=typed(at(6, 11))).content.decode()
    assert "is no working day" in sunday


def test_colleagues_visits_are_moved_by_those_who_plan_them_only(client, anna, wei, maria, sven):
    visit = visit_for("proposed", anna, make_customer(owner=anna), at(0))
    values = {"start": typed(at(1)), "end": typed(at(1, 11))}
    client.force_login(wei)
    assert move(client, "visits", visit.pk, **values).status_code == 404
    client.force_login(sven)
    refused = move(client, "visits", visit.pk, **values)
    assert refused.status_code == 422 and "not by you" in refused.content.decode()
    visit.refresh_from_db()
    assert visit.planned_start == at(0)
    client.force_login(maria)
    assert move(client, "visits", visit.pk, **values).status_code == 302
    visit.refresh_from_db()
    assert visit.planned_start == at(1)


def test_receptions_calls_and_tasks_move_by_their_own_services(client, anna):
    held = reception(anna, at(0))
    call = plan_call(anna, at(0, 14))
    whole = create_task(Wish("Send samples", Due(monday())), actor=anna, person=anna)
    timed = create_task(Wish("Ring", Due(monday(), time(9), timezone.get_default_timezone())), actor=anna, person=anna)
    client.force_login(anna)
    move_surely(client, "receptions", held.pk, start=typed(at(1)), end=typed(at(1, 12)), tells="on")
    move_surely(client, "calls", call.pk, start=typed(at(2)))
    move_surely(client, "tasks", whole.pk, day=str(monday() + timedelta(days=3)))
    move_surely(client, "tasks", timed.pk, start=typed(at(4, 16, 15)))
    for one in (held, call, whole, timed):
        one.refresh_from_db()
    assert (held.planned_start, held.planned_end) == (at(1), at(1, 12))
    assert Event.objects.get(code="reception.rescheduled").facts["tells_customer"] is True
    assert (call.due_at, call.status, call.attempts) == (at(2), "postponed", 0)
    assert (whole.due_on, whole.due_time) == (monday() + timedelta(days=3), None)
    assert timed.due_at == at(4, 16, 15)
    move_surely(client, "tasks", whole.pk, day=str(monday() - timedelta(days=40)))
    whole.refresh_from_db()
    assert whole.due_on == monday() + timedelta(days=3)
    assert Task.objects.count() == 2


def test_a_call_moves_by_its_owner_and_not_while_somebody_speaks(anna, sven, maria):
    call = plan_call(anna, at(0))
    with pytest.raises(Exception, match="belongs to"):
        reschedule_call(call.pk, actor=sven, due_at=at(1))
    reschedule_call(call.pk, actor=maria, due_at=at(1))
    services.start_call(call.pk, actor=anna)
    with pytest.raises(Exception, match="cannot be moved"):
        reschedule_call(call.pk, actor=anna, due_at=at(2))
    call.refresh_from_db()
    assert call.due_at == at(1)


def test_a_new_thing_begins_at_the_time_that_was_pressed(client, anna):
    load_defaults()
    client.force_login(anna)
    when = typed(at(0))
    text = client.get(f"/calendar/new/?at={when}").content.decode().replace("%3A", ":").replace("&amp;", "&")
    for address in (f"/visits/new/?start={when}", f"/receptions/new/?start={when}", f"/calls/new/?start={when}"):
        assert address in text
        assert f'value="{when}"' in client.get(address).content.decode(), address
    task = f"/tasks/new/?due_on={when[:10]}&due_time=10:00"
    assert task in text and f'value="{when[:10]}"' in client.get(task).content.decode()


def test_a_call_is_planned_without_coming_from_a_customer(client, anna, sven):
    load_defaults()
    customer = make_customer("Hafen GmbH", owner=anna)
    presales = Questionnaire.objects.filter(purpose="presales").first()
    assert presales is not None
    client.force_login(anna)
    asked = {
        "customer": customer.pk,
        "questionnaire": presales.pk,
        "owner": anna.pk,
        "due_at": typed(at()),
        "reason": "",
    }
    assert client.post("/calls/new/", {**asked, "customer": ""}).status_code == 422
    assert client.post("/calls/new/", asked).status_code == 302
    assert Call.objects.get().due_at == at()


# ---------------------------------------------------------------- what it costs


@pytest.mark.parametrize("rows", [2, 20])
@pytest.mark.parametrize("query", ["view=week", "view=day", "view=month", "view=week&who=team", "view=month&who=team"])
def test_a_page_costs_the_same_for_two_and_for_twenty(client, anna, rows, query, django_assert_max_num_queries):
    mates = [anna] + [
        User.objects.create_user(f"mate{n}@example.com", None, name=f"Mate {n}", team=anna.team) for n in range(rows)
    ]
    for number in range(rows):
        owner = mates[number % len(mates)] if "team" in query else anna
        customer = make_customer(owner=anna)
        visit = visit_for("planned", owner, customer, at(number % 5, 8 + number % 9))
        visit.companions.add(mates[-1])
        reception(anna, at(number % 5, 12))
        create_task(Wish(f"Task {number}", Due(monday())), actor=anna, person=owner)
    client.force_login(anna)
    client.get(f"/calendar/?date={monday()}&{query}")
    with django_assert_max_num_queries(19):
        text = client.get(f"/calendar/?date={monday()}&{query}").content.decode()
    assert len(entries(text)) >= 4


def test_nothing_was_written_to_customers_by_looking(client, anna):
    visit_for("planned", anna, make_customer(owner=anna), at(0))
    client.force_login(anna)
    page(client)
    assert not Message.objects.exists() and Visit.objects.count() == 1
