"""Tasks that come again: the next one is made when the current one is settled, or on its day. Never two open ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.journal.machine import Refused, perform
from foundation.journal.services import record
from foundation.todos import events
from foundation.todos.due import Due, reminder_time, set_due, today_of, zone_of
from foundation.todos.models import Series, Task, TaskPolicy
from foundation.todos.repeats import IsWorking, instant, weekdays
from foundation.todos.selectors import lender_of

BATCH = 100


@dataclass(frozen=True)
class Repetition:
    """What somebody chose."""

    unit: str
    every: int = 1
    until: date | None = None
    times: int | None = None
    waits_for_day: bool = False


def working_days() -> IsWorking:
    """What the company's calendar calls a working day."""
    chosen = TaskPolicy.current().calendar
    if chosen is None or chosen.current is None:
        return weekdays
    return lambda day: bool(chosen.current.business().spans_on(day))  # type: ignore[union-attr]


def set_repetition(task: Task, wanted: Repetition | None) -> None:
    """Let the open task come again like this, or not any more. Raises Refused; the caller saves the task."""
    if wanted is None:
        task.series, task.position, task.scheduled_on = None, 1, None
        return
    if task.due_on is None:
        raise Refused(_("A task that repeats needs a day."), reason="input", field="due_on")
    if wanted.until is not None and wanted.until < task.due_on:
        raise Refused(_("The repetition ends before the task is due."), reason="input", field="until")
    if wanted.times is not None and wanted.times < task.position:
        raise Refused(_("It has come more often already."), reason="input", field="times")
    series = _locked(task) if task.series_id is not None else Series()
    if (series.unit, series.every) != (wanted.unit, wanted.every):
        series.first_on = task.scheduled_on = task.due_on
    series.unit, series.every, series.until, series.times = wanted.unit, wanted.every, wanted.until, wanted.times
    series.waits_for_day = wanted.waits_for_day
    series.save()
    task.series = series


def _locked(task: Task) -> Series:
    assert task.series_id is not None
    return Series.objects.select_for_update().get(pk=task.series_id)


def follow_on(task: Task, *, actor: Any) -> Task | None:
    """Make the task that comes after this settled one, or note when that is to be done. The caller holds the transaction."""
    series = _locked(task)
    task = _with_people(task.pk)
    day = _next_day(series, task)
    series.next_at, series.after = None, task
    made = None
    if day is not None:
        following = _following(series, task, day)
        begins = _begins(following)
        if series.waits_for_day and begins > timezone.now():
            series.next_at = begins
        else:
            made = _make(following, actor=actor)
    series.save(update_fields=["next_at", "after"])
    return made


def _with_people(pk: int) -> Task:
    return Task.objects.select_related("person", "asked_by").get(pk=pk)


def _next_day(series: Series, task: Task) -> date | None:
    """Later than the task's own day and never in the past: what was missed meanwhile is not made up for."""
    assert task.scheduled_on is not None and task.due_on is not None
    yesterday = today_of(task.person) - timedelta(days=1)
    return series.repeat.after(
        max(task.scheduled_on, task.due_on, yesterday), made=task.position, is_working=working_days()
    )


def _following(series: Series, task: Task, day: date) -> Task:
    following = Task(
        title=task.title,
        note=task.note,
        note_mentions=task.note_mentions,
        priority=task.priority,
        person=_heir(task),
        asked_by=task.asked_by,
        content_type_id=task.content_type_id,
        object_id=task.object_id,
        customer_id=task.customer_id,
        remind_minutes=task.remind_minutes,
        series=series,
        position=task.position + 1,
        scheduled_on=day,
    )
    set_due(following, Due(day, task.due_time, zone_of(following.person)))
    return following


def _heir(task: Task) -> Any:
    """The same person, or whoever lent it to them and is back; whoever asked for it once that person has left."""
    if (lender := lender_of(task)) is not None and lender.is_active:
        return lender
    if task.person.is_active or task.asked_by is None or not task.asked_by.is_active:
        return task.person
    return task.asked_by


def _begins(task: Task) -> datetime:
    """The beginning of the task's day, or its reminder, whatever comes first."""
    assert task.due_on is not None
    begins = instant(task.due_on, time(0), zone_of(task.person))
    return begins if task.remind_minutes is None else min(begins, reminder_time(task))


def _make(task: Task, *, actor: Any) -> Task:
    task.save()
    record(
        events.CREATED,
        task,
        actor=actor,
        facts={"asked_by_id": task.asked_by_id, "is_repeated": True},
        private={"title": task.title},
    )
    return task


def take_back_following(task: Task, *, actor: Any) -> None:
    """Before a settled task of a series opens again: the open one that followed it goes. Raises Refused if it is done.

    The caller holds the transaction.
    """
    series = _locked(task)
    later = Task.objects.filter(series=series).exclude(pk=task.pk)
    if later.filter(position__gt=task.position, status=Task.Status.DONE).exists():
        raise Refused(_("A later task of this series is done already."), reason="condition")
    for following in later.filter(status=Task.Status.OPEN):
        perform(
            Task,
            following.pk,
            "cancel",
            actor=actor,
            facts={"asked_by_id": following.asked_by_id, "is_repeated": True},
            private={"title": following.title},
        )
    series.next_at = None
    series.save(update_fields=["next_at"])


def make_waiting(limit: int = BATCH) -> int:
    """Make the tasks whose day has come; returns how many. Safe to run any number of times at once."""
    made = 0
    with transaction.atomic():
        due = Series.objects.filter(next_at__lte=timezone.now(), after__isnull=False).order_by("next_at", "pk")
        for series in due.select_for_update(skip_locked=True)[:limit]:
            assert series.after_id is not None
            settled = _with_people(series.after_id)
            day = _next_day(series, settled)
            series.next_at = None
            series.save(update_fields=["next_at"])
            if day is not None and not Task.objects.open().filter(series=series).exists():
                _make(_following(series, settled, day), actor=None)
                made += 1
    return made


def end_series(task: Task) -> None:
    """This task is the last one of its series. The caller holds the transaction."""
    series = _locked(task)
    series.times, series.next_at = task.position, None
    series.save(update_fields=["times", "next_at"])
