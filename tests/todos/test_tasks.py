"""Tasks: asked for, changed, handed over, put off, done and taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from foundation.accounts.models import User
from foundation.journal.machine import Refused, edges
from foundation.journal.models import Event
from foundation.notifications.models import InboxItem, Message
from foundation.todos.due import Due
from foundation.todos.models import Task, TaskPolicy
from foundation.todos.selectors import due_items, due_today, visible_tasks
from foundation.todos.services import tasks
from foundation.todos.services.tasks import Wish
from tests.crm.factories import make_customer
from tests.todos.factories import due_in, make_task

pytestmark = pytest.mark.django_db

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")


def codes(task: Task) -> list[str]:
    return list(Event.objects.about(task).order_by("pk").values_list("code", flat=True))


# ---------------------------------------------------------------- making


def test_a_task_without_a_time_is_due_when_the_day_of_its_person_ends(anna, wei):
    task = make_task(wei, actor=anna, due=Due(date(2026, 12, 1), None, BERLIN))
    assert task.due_at == datetime(2026, 12, 1, 16, tzinfo=UTC)
    assert (task.due_on, task.due_time) == (date(2026, 12, 1), None)


def test_a_time_is_the_writers_and_one_moment_for_both(anna, wei):
    task = make_task(wei, actor=anna, due=Due(date(2026, 12, 1), time(18), BERLIN))
    assert task.due_at == datetime(2026, 12, 1, 17, tzinfo=UTC)
    assert (task.due_on, task.due_time) == (date(2026, 12, 2), time(1))


def test_the_event_carries_whose_it_is_and_keeps_the_words_apart(anna, wei):
    task = make_task(wei, actor=anna, title="Ask Mr Petersen")
    event = Event.objects.about(task).get()
    assert (event.code, event.actor_id) == ("task.created", anna.pk)
    assert event.facts["owner_id"] == wei.pk and event.facts["asked_by_id"] == anna.pk
    assert "Petersen" not in str(event.facts)
    assert event.private.data == {"title": "Ask Mr Petersen"}


def test_a_reminder_counts_from_the_time_or_from_the_beginning_of_the_days_work(anna):
    with_time = make_task(anna, due=due_in(anna, 3, time(15)), remind_minutes=30)
    assert with_time.remind_at == with_time.due_at - timedelta(minutes=30)
    whole_day = make_task(anna, due=due_in(anna, 3), remind_minutes=60)
    assert whole_day.remind_at.astimezone(BERLIN).time() == time(8)
    TaskPolicy(day_begins=time(7)).save()
    assert make_task(anna, due=due_in(anna, 3), remind_minutes=60).remind_at.astimezone(BERLIN).time() == time(6)


def test_a_reminder_whose_time_has_passed_reminds_nobody(anna):
    assert make_task(anna, due=due_in(anna, 0, time(0, 1)), remind_minutes=30).remind_at is None
    assert make_task(anna, remind_minutes=30).remind_at is None


def test_who_may_not_see_the_record_cannot_be_given_a_task_on_it(house, anna, stranger):
    customer = make_customer(owner=anna)
    with pytest.raises(Refused) as refused:
        make_task(stranger, actor=anna, subject=customer)
    assert (refused.value.field, refused.value.reason) == ("person", "input")
    assert "Otto Fremd" in refused.value.message
    assert not Task.objects.exists() and not Event.objects.filter(code="task.created").exists()
    assert make_task(stranger, actor=anna).person == stranger


def test_who_has_left_gets_no_task(anna, wei):
    User.objects.filter(pk=wei.pk).update(is_active=False)
    wei.refresh_from_db()
    with pytest.raises(Refused) as refused:
        make_task(wei, actor=anna)
    assert refused.value.field == "person"
    assert not Task.objects.exists()


# ---------------------------------------------------------------- the machine


@pytest.mark.parametrize(
    ("state", "verb", "then"),
    [
        ("open", "finish", "done"),
        ("open", "cancel", "cancelled"),
        ("done", "reopen", "open"),
        ("cancelled", "reopen", "open"),
        ("done", "finish", None),
        ("done", "cancel", None),
        ("cancelled", "finish", None),
        ("cancelled", "cancel", None),
        ("open", "reopen", None),
    ],
)
def test_every_verb_in_every_state(anna, state, verb, then):
    task = make_task(anna)
    verbs = {
        "finish": lambda: tasks.finish_task(task.pk, actor=anna),
        "reopen": lambda: tasks.reopen_task(task.pk, actor=anna),
        "cancel": lambda: tasks.cancel_task(task.pk, actor=anna, reason="Not needed"),
    }
    if state != "open":
        verbs["finish" if state == "done" else "cancel"]()
    before = codes(task)
    if then is None:
        with pytest.raises(Refused):
            verbs[verb]()
        assert Task.objects.get().status == state
        assert codes(task) == before
    else:
        verbs[verb]()
        found = Task.objects.get()
        assert found.status == then
        assert (found.done_at is not None) == (then == "done")
        assert codes(task) == [
            *before,
            {"finish": "task.done", "reopen": "task.reopened", "cancel": "task.cancelled"}[verb],
        ]


def test_the_database_knows_the_machine_too(anna):
    task = make_task(anna)
    tasks.finish_task(task.pk, actor=anna)
    with pytest.raises(DatabaseError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(status="cancelled", done_at=None)
    assert Task.objects.get().status == "done"
    assert edges(Task, "status") == [
        ("cancelled", "open", "reopen"),
        ("done", "open", "reopen"),
        ("open", "cancelled", "cancel"),
        ("open", "done", "finish"),
    ]


@pytest.mark.parametrize("verb", ["change", "assign", "postpone", "finish", "cancel"])
def test_only_the_person_the_asker_and_those_above_may_change_it(anna, wei, maria, stranger, verb):
    task = make_task(wei, actor=anna)

    def act(actor: User) -> None:
        {
            "change": lambda: tasks.change_task(task.pk, Wish("Other words"), actor=actor),
            "assign": lambda: tasks.assign_task(task.pk, actor=actor, person=anna),
            "postpone": lambda: tasks.postpone_task(task.pk, actor=actor, to=timezone.localdate() + timedelta(days=9)),
            "finish": lambda: tasks.finish_task(task.pk, actor=actor),
            "cancel": lambda: tasks.cancel_task(task.pk, actor=actor, reason="No"),
        }[verb]()

    before = Task.objects.values().get(), codes(task)
    with pytest.raises(Refused) as refused:
        act(stranger)
    assert refused.value.reason == "permission"
    assert (Task.objects.values().get(), codes(task)) == before
    act(maria)
    assert len(codes(task)) == 2


# ---------------------------------------------------------------- changing


def test_changing_nothing_records_nothing(anna):
    wish = Wish("Call", due=due_in(anna, 2, time(9)), note="Twice", remind_minutes=15)
    task = make_task(anna, **wish.__dict__)
    tasks.change_task(task.pk, wish, actor=anna)
    assert codes(task) == ["task.created"]


def test_a_change_names_its_fields_and_moves_the_reminder(anna):
    task = make_task(anna, title="Call", due=due_in(anna, 2, time(9)), remind_minutes=15)
    changed = tasks.change_task(
        task.pk, Wish("Call again", due=due_in(anna, 4, time(10)), remind_minutes=60), actor=anna
    )
    assert Event.objects.get(code="task.changed").facts["fields"] == ["title", "due_at", "remind_minutes"]
    assert changed.remind_at == changed.due_at - timedelta(hours=1)


def test_a_settled_task_is_not_changed(anna):
    task = make_task(anna, title="Call")
    tasks.finish_task(task.pk, actor=anna)
    with pytest.raises(Refused):
        tasks.change_task(task.pk, Wish("Other"), actor=anna)
    assert Task.objects.get().title == "Call"


def test_postponing_keeps_the_time_of_the_day_and_refuses_the_past(anna):
    task = make_task(anna, due=due_in(anna, 1, time(16, 30)))
    today = timezone.now().astimezone(BERLIN).date()
    tasks.postpone_task(task.pk, actor=anna, to=today + timedelta(days=5))
    found = Task.objects.get()
    assert found.due_at.astimezone(BERLIN).time() == time(16, 30)
    assert found.due_on == today + timedelta(days=5)
    with pytest.raises(Refused) as refused:
        tasks.postpone_task(task.pk, actor=anna, to=today - timedelta(days=1))
    assert refused.value.field == "to"
    assert Task.objects.get().due_on == found.due_on


def test_handed_over_to_another_zone_a_moment_stays_and_a_day_becomes_theirs(anna, wei):
    timed = make_task(anna, due=Due(date(2026, 12, 1), time(20), BERLIN))
    whole = make_task(anna, due=Due(date(2026, 12, 1), None, BERLIN))
    moment = timed.due_at
    moved = tasks.assign_task(timed.pk, actor=anna, person=wei)
    assert (moved.due_at, moved.due_on, moved.due_time) == (moment, date(2026, 12, 2), time(3))
    assert tasks.assign_task(whole.pk, actor=anna, person=wei).due_at == datetime(2026, 12, 1, 16, tzinfo=UTC)
    assert codes(timed) == ["task.created", "task.assigned"]
    tasks.assign_task(timed.pk, actor=anna, person=wei)
    assert codes(timed) == ["task.created", "task.assigned"]


# ---------------------------------------------------------------- who sees what


def test_the_door_opens_for_the_person_the_asker_and_the_team(anna, wei, maria, stranger):
    task = make_task(wei, actor=anna)
    for person, sees in ((wei, True), (anna, True), (maria, True), (stranger, False)):
        assert visible_tasks(person).filter(pk=task.pk).exists() is sees, person


def test_my_day_has_what_is_due_before_midnight(anna, wei):
    with timezone.override(BERLIN):
        today, late = make_task(anna, due=due_in(anna, 0)), make_task(anna, due=due_in(anna, -2))
        make_task(anna, due=due_in(anna, 1))
        make_task(anna)
        make_task(wei, actor=anna, due=due_in(wei, 0))
        done = make_task(anna, due=due_in(anna, 0))
        tasks.finish_task(done.pk, actor=anna)
        assert due_today(anna) == [late, today]


def test_a_calendar_gets_title_address_and_moment(anna):
    task = make_task(anna, title="Fair", due=due_in(anna, 1, time(9)))
    make_task(anna, due=due_in(anna, 40))
    now = timezone.now()
    (item,) = due_items(anna, now, now + timedelta(days=30))
    assert (item.title, item.url, item.when, item.has_time) == ("Fair", task.get_absolute_url(), task.due_at, True)
    assert (item.pk, item.day) == (task.pk, task.due_on)


# ---------------------------------------------------------------- who is told


def inbox(person: User) -> list[str]:
    return list(InboxItem.objects.filter(user=person).order_by("pk").values_list("text", flat=True))


def test_people_are_told_what_others_do_and_not_what_they_do_themselves(house, anna, wei):
    own = make_task(anna, title="Mine")
    tasks.finish_task(own.pk, actor=anna)
    assert inbox(anna) == []
    task = make_task(wei, actor=anna, title="Send samples", due=due_in(wei, 2))
    assert inbox(wei) == ["New task: Send samples"]
    assert Message.objects.get(user_id=wei.pk).channel == "email"
    tasks.finish_task(task.pk, actor=wei)
    assert inbox(anna) == ["Done: Send samples"]
    tasks.reopen_task(task.pk, actor=anna)
    assert inbox(wei)[-1] == "Open again: Send samples"
    tasks.cancel_task(task.pk, actor=anna, reason="Sold out")
    assert inbox(wei)[-1] == "Need not be done: Send samples"
    assert inbox(anna) == ["Done: Send samples"]
