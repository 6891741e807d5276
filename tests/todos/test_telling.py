"""The round that reminds and tells what is overdue: each task once, whatever happens."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from time import monotonic

import pytest
from django.db import connection
from django.utils import timezone

from config.schedule import SCHEDULE
from foundation.journal import standing
from foundation.journal.models import Event
from foundation.notifications.models import InboxItem
from foundation.notifications.wording import word_pending
from foundation.todos.models import Series, Task
from foundation.todos.services import tasks, telling
from foundation.todos.services.series import make_waiting
from foundation.todos.services.telling import tell_due
from foundation.todos.tasks import ring, run_round
from tests.support.defaults import load_defaults
from tests.todos.factories import colleague, due_in, late, make_task, repeating


def reminding(person, **values) -> Task:
    """A task whose reminder is due and that is not."""
    task = make_task(person, due=due_in(person, 2, time(12)), remind_minutes=30, **values)
    Task.objects.filter(pk=task.pk).update(remind_at=timezone.now() - timedelta(minutes=1))
    return task


def worded() -> None:
    """What the round told is put into words by the worker that delivers."""
    word_pending(until=monotonic() + 20)


def told(code: str) -> list[int]:
    return list(Event.objects.filter(code=code).order_by("pk").values_list("object_id", flat=True))


@pytest.mark.django_db
class TestOneRound:
    """By itself."""

    def test_what_is_due_is_told_once_and_reaches_its_person(self, house, anna, wei):
        task = reminding(wei, actor=anna, title="Call the port")
        make_task(anna, due=due_in(anna, 2), remind_minutes=30)
        assert tell_due() == 1
        assert tell_due() == 0
        assert told("task.reminded") == [task.pk]
        worded()
        assert "Reminder: Call the port" in InboxItem.objects.filter(user=wei).values_list("text", flat=True)
        found = Task.objects.get(pk=task.pk)
        assert found.remind_at is None and found.reminded_at is not None
        assert Event.objects.get(code="task.reminded").customer_id is None

    def test_the_reminder_goes_also_to_somebody_who_gave_the_task_to_themselves(self, house, anna):
        reminding(anna, title="My own")
        tell_due()
        worded()
        assert InboxItem.objects.get(user=anna).text == "Reminder: My own"

    def test_what_is_overdue_is_told_to_both(self, house, anna, wei):
        task = late(make_task(wei, actor=anna, title="Count", due=due_in(wei)))
        assert tell_due() == 1
        assert told("task.overdue") == [task.pk]
        worded()
        assert "Overdue: Count" in InboxItem.objects.filter(user=wei).values_list("text", flat=True)
        assert InboxItem.objects.get(user=anna).text == "Not done yet: Count"
        assert tell_due() == 0

    def test_after_a_long_stop_a_task_is_told_as_overdue_only(self, anna):
        task = late(reminding(anna), hours=5)
        assert tell_due() == 1
        assert (told("task.reminded"), told("task.overdue")) == ([], [task.pk])
        assert tell_due() == 0

    def test_settled_tasks_are_left_alone(self, anna):
        task = late(reminding(anna))
        tasks.finish_task(task.pk, actor=anna)
        assert tell_due() == 0

    def test_a_postponed_task_reminds_and_grows_overdue_again(self, anna):
        task = late(make_task(anna, due=due_in(anna), remind_minutes=10))
        tell_due()
        moved = tasks.postpone_task(task.pk, actor=anna, to=timezone.localdate() + timedelta(days=3))
        assert moved.overdue_at is None and moved.remind_at is not None
        late(moved)
        assert tell_due() == 1
        assert told("task.overdue") == [task.pk, task.pk]

    def test_one_that_cannot_be_told_waits_and_does_not_keep_the_others(self, anna, monkeypatch):
        sick, well = late(make_task(anna, due=due_in(anna))), late(make_task(anna, due=due_in(anna)))
        record = telling.record_found

        def failing(source, params, **more):
            if params["code"] == "task.overdue" and params["only"] in (None, sick.pk):
                raise RuntimeError("no")
            return record(source, params, **more)

        monkeypatch.setattr(telling, "record_found", failing)
        assert tell_due() == 1
        assert told("task.overdue") == [well.pk]
        assert Task.objects.get(pk=sick.pk).retry_at > timezone.now()
        assert tell_due() == 0
        monkeypatch.undo()
        Task.objects.filter(pk=sick.pk).update(retry_at=timezone.now())
        assert tell_due() == 1

    def test_the_round_goes_on_until_nothing_is_left(self, anna, monkeypatch):
        monkeypatch.setattr(telling.tell_due, "__defaults__", (2,))
        for _n in range(5):
            late(make_task(anna, due=due_in(anna)))
        assert run_round() == 5

    def test_beat_rings_every_minute(self):
        (bell,) = [one for one in SCHEDULE.values() if one["task"] == ring.name]
        assert bell["schedule"] == 60

    @pytest.mark.parametrize("count", [2, 20])
    def test_a_round_asks_the_same_questions_for_two_and_for_twenty(self, anna, count, django_assert_max_num_queries):
        for _n in range(count):
            late(make_task(anna, due=due_in(anna)))
        tell_due()
        Task.objects.update(overdue_at=None)
        with django_assert_max_num_queries(12):
            assert tell_due() == count


@pytest.mark.django_db
def test_a_new_task_that_is_done_or_anothers_by_then_stands_in_no_digest(house, anna, wei, maria):
    done, moved, open_still = (make_task(wei, actor=anna, title=title) for title in ("A", "B", "C"))
    tasks.finish_task(done.pk, actor=wei)
    tasks.assign_task(moved.pk, actor=anna, person=maria)
    given = Event.objects.filter(code="task.created").order_by("pk")
    found = standing.settled(given)
    assert sorted(Event.objects.get(pk=pk).object_id for pk in found) == [done.pk, moved.pk]
    assert standing.over(given) == {}
    assert open_still.is_open


# ---------------------------------------------------------------- races


def in_thread(work):
    try:
        return work()
    finally:
        connection.close()


def until_quiet() -> int:
    return sum(tell_due(3) for _round in range(20))


@pytest.mark.django_db(transaction=True)
def test_four_rounds_at_once_tell_each_task_once():
    load_defaults()
    anna = colleague("Anna Berg")
    pks = [reminding(anna).pk for _n in range(20)] + [late(make_task(anna, due=due_in(anna))).pk for _n in range(20)]
    with ThreadPoolExecutor(4) as pool:
        counts = [job.result() for job in [pool.submit(in_thread, until_quiet) for _n in range(4)]]
    counts.append(until_quiet())
    events = Counter(
        Event.objects.filter(code__in=["task.reminded", "task.overdue"]).values_list("object_id", flat=True)
    )
    assert events == Counter(pks)
    assert sum(counts) == 40
    worded()
    assert InboxItem.objects.filter(user=anna).count() == 40


@pytest.mark.django_db(transaction=True)
def test_two_who_finish_at_once_make_one_following_task():
    anna = colleague("Anna Berg")
    task = repeating(anna, "daily")

    def finish() -> bool:
        try:
            tasks.finish_task(task.pk, actor=anna)
        except tasks.Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = [job.result() for job in [pool.submit(in_thread, finish) for _n in range(2)]]
    assert sorted(done) == [False, True]
    assert Task.objects.open().count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_once_make_one_waiting_task():
    anna = colleague("Anna Berg")
    task = repeating(anna, "daily", waits_for_day=True)
    tasks.finish_task(task.pk, actor=anna)
    Series.objects.update(next_at=timezone.now() - timedelta(minutes=1))
    with ThreadPoolExecutor(2) as pool:
        made = [job.result() for job in [pool.submit(in_thread, make_waiting) for _n in range(2)]]
    assert sorted(made) == [0, 1]
    assert Task.objects.open().count() == 1
