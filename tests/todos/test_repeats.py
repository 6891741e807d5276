"""On which days a task comes again, and that there are never two open ones."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.calendars.models import Calendar
from foundation.calendars.services import create_calendar
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.todos.due import Due
from foundation.todos.models import Series, Task, TaskPolicy
from foundation.todos.repeats import UNITS, Repeat, instant
from foundation.todos.services import tasks
from foundation.todos.services.series import Repetition, make_waiting
from foundation.todos.services.tasks import Wish
from tests.todos.factories import repeating

BERLIN = ZoneInfo("Europe/Berlin")
# the machine may be busy
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
days = st.dates(date(2020, 1, 1), date(2040, 12, 31))


# ---------------------------------------------------------------- the arithmetic


@unhurried
@given(unit=st.sampled_from(UNITS), first=days, every=st.integers(1, 60), after=days)
def test_the_next_day_is_later_and_the_same_for_every_day_before_it(unit, first, every, after):
    repeat = Repeat(unit, first, every)
    found = repeat.after(after)
    assert found > after and found >= first
    if unit != "working_days" and after >= first:
        between = after + (found - after) // 2
        assert repeat.after(max(between, after)) == found or between >= found


@unhurried
@given(first=days, every=st.integers(1, 24), steps=st.integers(1, 40))
def test_a_month_keeps_its_day_or_ends_with_its_last_one(first, every, steps):
    repeat, day = Repeat("monthly", first, every), first
    for step in range(1, steps + 1):
        day = repeat.after(day)
        months = first.year * 12 + first.month - 1 + step * every
        assert (day.year, day.month) == (months // 12, months % 12 + 1)
        assert day.day == min(first.day, monthrange(day.year, day.month)[1])


def test_the_31st_comes_back_after_a_short_month():
    repeat = Repeat("monthly", date(2027, 1, 31))
    found = [date(2027, 1, 31)]
    for _step in range(4):
        found.append(repeat.after(found[-1]))
    assert [f"{day:%m-%d}" for day in found] == ["01-31", "02-28", "03-31", "04-30", "05-31"]


@unhurried
@given(first=days, every=st.integers(1, 9), weeks=st.integers(0, 200))
def test_weeks_keep_their_weekday(first, every, weeks):
    found = Repeat("weekly", first, every).after(first + timedelta(weeks=weeks))
    assert found.weekday() == first.weekday()
    assert (found - first).days % (7 * every) == 0


def test_working_days_skip_what_is_closed():
    friday = date(2026, 11, 27)
    assert Repeat("working_days", friday).after(friday) == date(2026, 11, 30)
    assert Repeat("working_days", friday, 3).after(friday) == date(2026, 12, 2)
    assert Repeat("working_days", friday).after(friday, is_working=lambda day: day.day == 9) == date(2026, 12, 9)
    assert Repeat("working_days", friday).after(friday, is_working=lambda day: False) is None


@unhurried
@given(
    unit=st.sampled_from(UNITS),
    first=days,
    every=st.integers(1, 9),
    length=st.integers(0, 400),
    times=st.integers(1, 9),
)
def test_it_ends_after_its_day_and_after_its_number(unit, first, every, length, times):
    until = first + timedelta(days=length)
    repeat, day, made = Repeat(unit, first, every, until, times), first, 1
    while (day := repeat.after(day, made=made)) is not None:
        made += 1
        assert day <= until
    assert made <= times


@settings(unhurried, max_examples=60)
@given(day=days, at=st.none() | st.times().map(lambda t: t.replace(microsecond=0)))
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Pacific/Apia"])
def test_the_moment_shows_the_wall_clock_again_or_lies_in_the_hour_that_was_left_out(zone, day, at):
    moment = instant(day, at, ZoneInfo(zone))
    shown = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    wanted = datetime.combine(day, at) if at is not None else datetime.combine(day + timedelta(days=1), time(0))
    assert moment.tzinfo is UTC
    assert shown == wanted or timedelta(0) < shown - wanted <= timedelta(hours=1)
    assert instant(day + timedelta(days=1), at, ZoneInfo(zone)) > moment


def test_the_clock_stands_still_over_the_changes_of_summer_time():
    assert instant(date(2026, 3, 28), time(9), BERLIN) == datetime(2026, 3, 28, 8, tzinfo=UTC)
    assert instant(date(2026, 3, 29), time(9), BERLIN) == datetime(2026, 3, 29, 7, tzinfo=UTC)
    assert instant(date(2026, 3, 29), time(2, 30), BERLIN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert instant(date(2026, 10, 25), time(2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(("unit", "every"), [("yearly", 1), ("daily", 0)])
def test_nonsense_is_no_repetition(unit, every):
    with pytest.raises(ValueError):
        Repeat(unit, date(2026, 1, 1), every)


# ---------------------------------------------------------------- series


@pytest.mark.django_db
class TestSeries:
    """With the database."""

    def open_ones(self) -> list[Task]:
        return list(Task.objects.open())

    def test_the_next_one_is_made_when_the_current_one_is_done(self, anna):
        with time_machine.travel(datetime(2026, 3, 27, 9, tzinfo=UTC), tick=False):
            task = repeating(anna, "daily", date(2026, 3, 28), time(9), every=1)
            tasks.finish_task(task.pk, actor=anna)
            (following,) = self.open_ones()
        assert following.due_on == date(2026, 3, 29)
        assert following.due_at == datetime(2026, 3, 29, 7, tzinfo=UTC)
        assert (following.position, following.title, following.series_id) == (2, task.title, task.series_id)
        created = Event.objects.about(following).get()
        assert (created.code, created.facts["is_repeated"]) == ("task.created", True)

    def test_what_was_missed_is_not_made_up_for(self, anna):
        with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=False):
            task = repeating(anna, "weekly", date(2026, 3, 2))
        with time_machine.travel(datetime(2026, 3, 18, 9, tzinfo=UTC), tick=False):
            tasks.finish_task(task.pk, actor=anna)
            assert [one.due_on for one in self.open_ones()] == [date(2026, 3, 23)]

    def test_postponing_moves_one_task_and_not_the_series(self, anna):
        with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=False):
            task = repeating(anna, "weekly", date(2026, 3, 2))
            tasks.postpone_task(task.pk, actor=anna, to=date(2026, 3, 5))
            tasks.finish_task(task.pk, actor=anna)
            assert [one.due_on for one in self.open_ones()] == [date(2026, 3, 9)]

    def test_it_ends_with_its_number(self, anna):
        task = repeating(anna, "daily", times=2)
        tasks.finish_task(task.pk, actor=anna)
        (last,) = self.open_ones()
        tasks.finish_task(last.pk, actor=anna)
        assert self.open_ones() == []
        assert Series.objects.get().next_at is None

    def test_on_its_day_the_next_one_waits_for_the_round(self, anna):
        with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=False):
            task = repeating(anna, "weekly", date(2026, 3, 2), time(15), waits_for_day=True)
            tasks.finish_task(task.pk, actor=anna)
            assert self.open_ones() == []
            assert Series.objects.get().next_at == datetime(2026, 3, 8, 23, tzinfo=UTC)
            assert make_waiting() == 0
        with time_machine.travel(datetime(2026, 3, 8, 23, 0, 1, tzinfo=UTC), tick=False):
            assert make_waiting() == 1
            assert make_waiting() == 0
        assert [one.due_on for one in self.open_ones()] == [date(2026, 3, 9)]

    def test_reopening_takes_the_following_one_back(self, anna):
        task = repeating(anna, "daily")
        tasks.finish_task(task.pk, actor=anna)
        (following,) = self.open_ones()
        tasks.reopen_task(task.pk, actor=anna)
        assert self.open_ones() == [task]
        assert Task.objects.get(pk=following.pk).status == "cancelled"
        tasks.finish_task(task.pk, actor=anna)
        (again,) = self.open_ones()
        assert (again.position, again.due_on) == (2, following.due_on)

    def test_reopening_is_refused_once_a_later_one_is_done(self, anna):
        task = repeating(anna, "daily")
        tasks.finish_task(task.pk, actor=anna)
        tasks.finish_task(self.open_ones()[0].pk, actor=anna)
        third = self.open_ones()
        with pytest.raises(Refused):
            tasks.reopen_task(task.pk, actor=anna)
        assert self.open_ones() == third
        assert Task.objects.get(pk=task.pk).status == "done"

    @pytest.mark.parametrize("ends", [True, False])
    def test_cancelling_one_may_end_the_series(self, anna, ends):
        task = repeating(anna, "daily")
        tasks.cancel_task(task.pk, actor=anna, reason="Holiday", ends_series=ends)
        assert len(self.open_ones()) == (0 if ends else 1)

    def test_the_database_refuses_a_second_open_one(self, anna):
        task = repeating(anna, "daily")
        task.pk, task.position = None, 2
        with pytest.raises(IntegrityError), transaction.atomic():
            task.save(force_insert=True)
        assert len(self.open_ones()) == 1

    def test_the_task_of_somebody_who_left_comes_to_whoever_asked(self, anna, wei):
        task = tasks.create_task(
            Wish("Report", due=Due(date(2027, 1, 4)), repetition=Repetition("weekly")), actor=anna, person=wei
        )
        type(wei).objects.filter(pk=wei.pk).update(is_active=False)
        tasks.finish_task(task.pk, actor=anna)
        assert [one.person for one in self.open_ones()] == [anna]

    def test_the_companys_calendar_says_what_a_working_day_is(self, anna):
        plan = {"tz": "Asia/Shanghai", "weekly": {"6": [["09:00", "12:00"]]}}
        create_calendar(actor=None, code="saturdays", name="Saturdays", plan=plan)
        TaskPolicy(calendar=Calendar.objects.get(code="saturdays")).save()
        with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=False):
            task = repeating(anna, "working_days", date(2026, 3, 2))
            tasks.finish_task(task.pk, actor=anna)
        assert [one.due_on for one in self.open_ones()] == [date(2026, 3, 7)]

    @pytest.mark.parametrize(
        ("wish", "field"),
        [
            (Wish("x", repetition=Repetition("daily")), "due_on"),
            (Wish("x", due=Due(date(2027, 1, 4)), repetition=Repetition("daily", until=date(2027, 1, 3))), "until"),
        ],
    )
    def test_a_repetition_that_cannot_be_is_refused(self, anna, wish, field):
        with pytest.raises(Refused) as refused:
            tasks.create_task(wish, actor=anna, person=anna)
        assert refused.value.field == field
        assert not Task.objects.exists() and not Series.objects.exists()

    def test_a_changed_repetition_counts_from_the_task_on(self, anna):
        with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=False):
            task = repeating(anna, "daily", date(2026, 3, 2))
            wish = Wish(task.title, due=Due(date(2026, 3, 4)), repetition=Repetition("weekly"))
            tasks.change_task(task.pk, wish, actor=anna)
            tasks.finish_task(task.pk, actor=anna)
            (following,) = self.open_ones()
            assert following.due_on == date(2026, 3, 11)
            tasks.change_task(following.pk, Wish("Once", due=Due(date(2026, 3, 11))), actor=anna)
            tasks.finish_task(following.pk, actor=anna)
            assert self.open_ones() == []
