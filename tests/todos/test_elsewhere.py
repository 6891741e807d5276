"""Tasks where other rooms carry them: in the calendar feed, and in hand-overs."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from foundation.accounts.feeds import calendar_of
from foundation.accounts.handovers import follow_absences, hand_over_work, return_work
from foundation.accounts.leaves import enter_leave, today_of
from foundation.accounts.models import HandedItem, HandOver
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.notifications.models import InboxItem
from foundation.todos.models import Series, Task
from foundation.todos.selectors import due_count
from foundation.todos.services import series, tasks
from foundation.todos.work import handed, reassign_task
from foundation.ui.nav import counters_for
from tests.crm.factories import make_customer
from tests.todos.factories import colleague, due_in, late, make_task, repeating

DAY = timedelta(days=1)


# ---------------------------------------------------------------- in the calendar


def entries(user):
    return {str(one["SUMMARY"]): one for one in Calendar.from_ical(calendar_of(user, alarm=30)).walk("VEVENT")}


def test_the_feed_has_my_open_tasks_at_their_moment_or_on_their_day(anna, wei):
    timed = make_task(anna, title="Call Ana", due=due_in(anna, 1, time(9)))
    whole = make_task(anna, title="Send samples", due=due_in(anna, 3))
    past = late(make_task(anna, title="Late one", due=due_in(anna, 1, time(9))))
    make_task(anna, title="Some day")
    make_task(wei, actor=anna, title="Wei's", due=due_in(wei, 1))
    done = make_task(anna, title="Done", due=due_in(anna, 1))
    tasks.finish_task(done.pk, actor=anna)
    found = entries(anna)
    assert set(found) == {"Task: Call Ana", "Task: Send samples", "Overdue: Task: Late one"}
    assert found["Task: Call Ana"].start == timed.due_at
    assert found["Task: Send samples"].start == whole.due_on
    assert found["Overdue: Task: Late one"]["UID"].startswith(f"task-{past.pk}@")
    assert found["Task: Call Ana"]["URL"].endswith(timed.get_absolute_url())
    assert found["Task: Call Ana"].walk("VALARM") and not found["Task: Send samples"].walk("VALARM")


def test_its_words_are_in_the_readers_language(anna):
    anna.language = "de"
    make_task(anna, title="Muster", due=due_in(anna, 1))
    assert set(entries(anna)) == {"Aufgabe: Muster"}


@pytest.mark.parametrize("count", [2, 20])
def test_the_feed_costs_the_same_for_2_and_20(anna, count):
    for _ in range(count):
        make_task(anna, due=due_in(anna, 1))
    with CaptureQueriesContext(connection) as queries:
        assert len(entries(anna)) == count
    assert len(queries) <= 5  # promises, tasks, calls, visits, absences


# ---------------------------------------------------------------- in other hands


@pytest.fixture
def bert(team):
    return colleague("Bert Ohm", role="sales", team=team, email="bert.ohm@kontor.example")


def people():
    return list(Task.objects.order_by("pk").values_list("person__name", flat=True))


def lend(anna, maria, bert, days=5):
    return hand_over_work(anna.pk, actor=maria, to={"tasks": [bert]}, back_on=today_of(anna) + days * DAY)


def test_tasks_go_to_the_stand_in_and_come_back_while_open(house, anna, maria, bert):
    customer = make_customer(owner=anna)
    on_record = make_task(anna, title="Call", subject=customer, due=due_in(anna, 2))
    asked = make_task(anna, actor=maria, title="Report")
    own = make_task(anna, title="Own note")
    made = lend(anna, maria, bert)
    assert people() == ["Bert Ohm", "Bert Ohm", "Anna Berg"]
    assert not Event.objects.filter(code="task.assigned").exists()
    assert set(Event.objects.filter(code="task.reassigned").values_list("object_id", flat=True)) == {
        on_record.pk,
        asked.pk,
    }
    tasks.finish_task(asked.pk, actor=bert)
    return_work(made.pk, actor=maria)
    assert people() == ["Anna Berg", "Bert Ohm", "Anna Berg"]
    assert list(made.items.values_list("state", flat=True)) == ["returned", "kept"]
    assert handed().filter(pk=own.pk).count() == 0


def test_whoever_takes_many_tasks_is_told_once(house, anna, maria, bert):
    for _ in range(7):
        make_task(anna, actor=maria)
    before = InboxItem.objects.filter(user=bert).count()
    lend(anna, maria, bert)
    assert InboxItem.objects.filter(user=bert).count() == before + 1


def test_a_day_becomes_the_stand_ins_own_day(anna, maria, bert, wei):
    task = make_task(anna, actor=maria, due=due_in(anna, 2))
    reassign_task(task.pk, actor=maria, owner=wei, was_owner=anna.pk)
    moved = Task.objects.get()
    assert moved.due_on == task.due_on and moved.due_at != task.due_at


def test_a_stand_in_who_may_not_see_the_record_gets_no_task_on_it(house, anna, maria, stranger, monkeypatch):
    from foundation.todos.services import tasks as module

    monkeypatch.setattr(module, "may_see_record", lambda person, kind, pk: person != stranger)
    make_task(anna, subject=make_customer(owner=anna))
    made = lend(anna, maria, stranger)
    assert people() == ["Anna Berg"]
    assert made.items.get().state == "refused"
    assert not Event.objects.filter(code="task.reassigned").exists()


@pytest.mark.parametrize("what", ["done", "moved"])
def test_what_is_settled_or_anothers_is_refused_and_unchanged(anna, maria, bert, wei, what):
    task = make_task(anna, actor=maria)
    if what == "done":
        tasks.finish_task(task.pk, actor=anna)
    else:
        tasks.assign_task(task.pk, actor=maria, person=wei)
    person = Task.objects.get().person
    with pytest.raises(Refused):
        reassign_task(task.pk, actor=maria, owner=bert, was_owner=anna.pk)
    assert Task.objects.get().person == person


def test_what_followed_in_a_series_comes_back_in_its_place(anna, maria, bert):
    task = repeating(anna)
    Task.objects.filter(pk=task.pk).update(asked_by=maria)
    made = lend(anna, maria, bert)
    tasks.finish_task(task.pk, actor=bert)
    assert people() == ["Bert Ohm", "Bert Ohm"]
    return_work(made.pk, actor=maria)
    assert Task.objects.open().get().person == anna
    assert HandedItem.objects.get().state == "returned"


def test_what_follows_after_the_return_is_its_owners_again(anna, maria, bert):
    task = repeating(anna, waits_for_day=True)
    Task.objects.filter(pk=task.pk).update(asked_by=maria)
    made = lend(anna, maria, bert)
    tasks.finish_task(task.pk, actor=bert)
    return_work(made.pk, actor=maria)
    assert not Task.objects.open().exists()
    Series.objects.update(next_at=timezone.now())
    assert series.make_waiting() == 1
    assert Task.objects.open().get().person == anna


def test_a_series_that_was_given_on_purpose_stays_with_whoever_got_it(anna, maria, bert):
    task = repeating(anna)
    Task.objects.filter(pk=task.pk).update(asked_by=maria)
    return_work(lend(anna, maria, bert).pk, actor=maria)
    tasks.assign_task(task.pk, actor=maria, person=bert)
    tasks.finish_task(task.pk, actor=bert)
    assert Task.objects.open().get().person == bert


def test_an_absence_lends_the_tasks_by_itself(house, anna, maria, bert):
    make_task(anna, actor=maria)
    enter_leave(anna.pk, actor=maria, first_day=today_of(anna), last_day=today_of(anna) + DAY, deputy=bert)
    follow_absences()
    assert people() == ["Bert Ohm"]
    HandOver.objects.update(back_on=today_of(anna))
    anna.leaves.update(last_day=today_of(anna) - DAY, first_day=today_of(anna) - 3 * DAY)
    anna.leaves.get().save()
    follow_absences()
    assert people() == ["Anna Berg"]


def test_the_page_counts_tasks_and_names_them(house, anna, maria, bert):
    make_task(anna, actor=maria, title="Write the report")
    client = Client()
    client.force_login(maria)
    url = f"/people/{anna.pk}/hand-over/"
    assert "Tasks (1)" in client.get(url).content.decode()
    answer = client.post(url, {"to_tasks": [bert.pk]})
    body = client.get(answer.url).content.decode()
    assert "Write the report" in body and "Tasks" in body
    assert people() == ["Bert Ohm"]


# ---------------------------------------------------------------- on the rail and beside the timeline


def test_the_rail_counts_my_due_tasks_with_my_promises(anna, wei):
    make_task(anna, due=due_in(anna, 0))
    make_task(anna, due=due_in(anna, 9))
    make_task(wei, actor=anna, due=due_in(wei, 0))
    with timezone.override("Europe/Berlin"):
        assert due_count(anna) == (1, False)
        late(make_task(anna, due=due_in(anna, 1, time(9))))
        assert due_count(anna) == (2, True)
        assert counters_for(anna)["day"] == (2, True)
        with CaptureQueriesContext(connection) as queries:
            counters_for(anna)
    assert len(queries) == 0  # one kept row for all counters


def test_what_is_done_with_tasks_has_the_timeline_look_again(house, anna):
    customer = make_customer(owner=anna)
    client = Client(headers={"HX-Request": "true"})
    client.force_login(anna)
    typed = {"title": "Call", "record": f"crm.customer:{customer.pk}", "person": anna.pk, "priority": "normal"}
    answer = client.post("/tasks/new/", typed)
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (200, "timeline-changed")
    wrong = client.post("/tasks/new/", {**typed, "title": ""})
    assert "HX-Trigger" not in wrong.headers
    task = Task.objects.get()
    assert client.post(f"/tasks/{task.pk}/tick/", {"record": typed["record"]}).headers["HX-Trigger"]
    assert client.post(f"/tasks/{task.pk}/undo/?record={typed['record']}").headers["HX-Trigger"]
    page = Client()
    page.force_login(anna)
    body = page.get(customer.get_absolute_url()).content.decode()
    assert 'hx-trigger="timeline-changed from:body"' in body
