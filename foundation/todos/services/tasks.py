"""Tasks: asked for, changed, handed over, put off, done, taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.journal.machine import Refused, perform
from foundation.journal.services import record
from foundation.lists.pages.mentioning import read_note
from foundation.todos import events
from foundation.todos.due import Due, move_to, set_due, set_reminder, today_of, zone_of
from foundation.todos.models import Task
from foundation.todos.selectors import look_again, may_change, may_see, may_see_record
from foundation.todos.services.series import (
    Repetition,
    end_series,
    follow_on,
    set_repetition,
    take_back_following,
)


@dataclass(frozen=True)
class Wish:
    """What a task says, as somebody wrote it."""

    title: str
    due: Due | None = None
    note: str = ""
    priority: str = Task.Priority.NORMAL
    remind_minutes: int | None = None
    repetition: Repetition | None = None


@transaction.atomic
def create_task(wish: Wish, *, actor: Any, person: Any, subject: models.Model | None = None) -> Task:
    """Ask `person`, who may be the actor, to do something, on a record or on none.

    Raises Refused for a person who has left or may not see the record, for a mention that leads nowhere, and for a
    repetition without a day.
    """
    task = Task(title=wish.title, person=person, asked_by=actor if getattr(actor, "pk", None) else None)
    if subject is not None:
        task.subject = subject
        task.customer_id = getattr(subject, "customer_ref", lambda: None)()
        look_again(subject)
    task.priority, task.remind_minutes = wish.priority, wish.remind_minutes
    _refuse_unfit(task, person)
    set_due(task, wish.due)
    set_repetition(task, wish.repetition)
    mentioned = _set_note(task, wish.note)
    task.save()
    facts = {"asked_by_id": task.asked_by_id, "is_repeated": False, "mentioned_ids": mentioned}
    record(events.CREATED, task, actor=actor, facts=facts, private=_words(task, with_note=bool(mentioned)))
    return task


@transaction.atomic
def change_task(pk: int, wish: Wish, *, actor: Any) -> Task:
    """Write the task anew; nothing happens when nothing differs. Raises Refused."""
    task = _open(pk, actor)
    before = _values(task)
    moved = wish.due is None or task.due_on is None or _is_moved(task, wish.due)
    task.title, task.priority = wish.title, wish.priority
    reminds = task.remind_minutes != wish.remind_minutes
    task.remind_minutes = wish.remind_minutes
    if moved:
        set_due(task, wish.due)
    elif reminds:
        set_reminder(task)
    known = {pk for _start, _end, pk in task.note_mentions}
    mentioned = [pk for pk in _set_note(task, wish.note) if pk not in known]
    if wish.repetition != repetition_of(task) or task.due_on is None:
        set_repetition(task, wish.repetition)
        before.pop("series_id", None)
    changed = [name for name, value in before.items() if getattr(task, name) != value]
    if not changed and "series_id" in before:
        return task
    task.save()
    facts = {"fields": changed, "mentioned_ids": mentioned}
    record(events.CHANGED, task, actor=actor, facts=facts, private=_words(task, with_note=bool(mentioned)))
    return task


CHANGEABLE = ("title", "note", "priority", "due_at", "remind_minutes", "series_id")


def _values(task: Task) -> dict[str, Any]:
    return {name: getattr(task, name) for name in CHANGEABLE}


def _is_moved(task: Task, due: Due) -> bool:
    planned = Task(person=task.person)
    set_due(planned, due)
    return (planned.due_at, planned.due_time) != (task.due_at, task.due_time)


def repetition_of(task: Task) -> Repetition | None:
    """How the task comes again."""
    one = task.series
    return None if one is None else Repetition(one.unit, one.every, one.until, one.times, one.waits_for_day)


@transaction.atomic
def assign_task(pk: int, *, actor: Any, person: Any) -> Task:
    """Hand the task to somebody else; nothing happens when it is theirs already. Raises Refused."""
    task = _open(pk, actor)
    if task.person_id == person.pk:
        return task
    _refuse_unfit(task, person)
    facts = {"from_id": task.person_id, "asked_by_id": task.asked_by_id}
    move_to(task, person)
    task.save()
    record(events.ASSIGNED, task, actor=actor, facts=facts, private={**_words(task), "person": str(person)})
    return task


@transaction.atomic
def reassign_task(pk: int, *, actor: Any, owner: Any, was_owner: int | None) -> Task:
    """Hand the task over with the rest of somebody's work; the hand-over asks who may, and tells everybody once.

    Raises Refused when it is settled or another person's by now, or when `owner` may not see its record.
    """
    task = Task.objects.select_for_update(of=("self",)).select_related("person").get(pk=pk)
    if not task.is_open:
        raise Refused(_("%(record)s is done: there is nothing to hand over.") % {"record": task})
    if task.person_id != was_owner:
        raise Refused(_("%(record)s belongs to %(owner)s by now.") % {"record": task, "owner": task.person})
    _refuse_unfit(task, owner)
    move_to(task, owner)
    task.save()
    facts = {"from_id": was_owner, "asked_by_id": task.asked_by_id}
    record(events.REASSIGNED, task, actor=actor, facts=facts, private={**_words(task), "person": str(owner)})
    return task


@transaction.atomic
def postpone_task(pk: int, *, actor: Any, to: date) -> Task:
    """Put the task off to another day, at the same time of the day. Raises Refused for a day that has passed."""
    task = _open(pk, actor)
    if to < today_of(task.person):
        raise Refused(_("This day has passed already."), reason="input", field="to")
    facts = {"was_on": task.due_on, "asked_by_id": task.asked_by_id}
    set_due(task, Due(to, task.due_time, zone_of(task.person)))
    task.save()
    record(events.POSTPONED, task, actor=actor, facts=facts, private=_words(task))
    return task


@transaction.atomic
def finish_task(pk: int, *, actor: Any) -> Task:
    """There is nothing left to do; what repeats comes again. Raises Refused."""
    task = _mine(pk, actor)
    facts = {"asked_by_id": task.asked_by_id}
    done = perform(Task, pk, "finish", actor=actor, facts=facts, private=_words(task), at=timezone.now())
    if done.series_id is not None:
        follow_on(done, actor=actor)
    return done


@transaction.atomic
def reopen_task(pk: int, *, actor: Any) -> Task:
    """It was not done after all; what followed it in its series is taken back. Raises Refused."""
    task = _mine(pk, actor)
    if task.series_id is not None and not task.is_open:
        take_back_following(task, actor=actor)
    opened = perform(
        Task, pk, "reopen", actor=actor, facts={"asked_by_id": task.asked_by_id}, private=_words(task)
    )  # fmt: skip
    set_reminder(opened)
    opened.overdue_at = None
    opened.save(update_fields=["remind_at", "reminded_at", "overdue_at"])
    return opened


@transaction.atomic
def cancel_task(pk: int, *, actor: Any, reason: str, ends_series: bool = False) -> Task:
    """It need not be done; what repeats comes again unless the series ends with it. Raises Refused."""
    task = _mine(pk, actor)
    gone = perform(
        Task,
        pk,
        "cancel",
        actor=actor,
        facts={"asked_by_id": task.asked_by_id, "is_repeated": False},
        private={**_words(task), "reason": reason},
    )
    if gone.series_id is not None and ends_series:
        end_series(gone)
    elif gone.series_id is not None:
        follow_on(gone, actor=actor)
    return gone


# ---------------------------------------------------------------- what every change asks


def _mine(pk: int, actor: Any) -> Task:
    """The task, locked; Refused unless the actor may change it. None is the system."""
    task = Task.objects.select_for_update(of=("self",)).select_related("person", "asked_by", "series").get(pk=pk)
    if actor is not None and not may_change(actor, task):
        raise Refused(_("You do not have the right to do this."), reason="permission")
    return task


def _open(pk: int, actor: Any) -> Task:
    task = _mine(pk, actor)
    if not task.is_open:
        raise Refused(_("“%(task)s” is settled already. Reopen it first.") % {"task": task})
    return task


def _refuse_unfit(task: Task, person: Any) -> None:
    if not person.is_active:
        message = _("%(person)s does not work here any more.") % {"person": person}
        raise Refused(message, reason="input", field="person")
    if task.content_type_id is not None and not may_see_record(person, task.content_type_id, task.object_id or 0):
        message = _("%(person)s may not see this record, and could not do the task.") % {"person": person}
        raise Refused(message, reason="input", field="person")


def _set_note(task: Task, note: str) -> list[int]:
    """Keep the note with its mentions; answers whom it names."""
    blind = ""
    if task.content_type_id is None:  # nobody else's door leads to it
        blind = _(
            "%(people)s may not see a task that is on no record. Write the name without @, or note it on a record."
        )
    said = read_note(note, lambda person: may_see(person, task), field="note", blind=blind)
    task.note, task.note_mentions = said.text, [list(one) for one in said.spans]
    return said.user_ids


def _words(task: Task, *, with_note: bool = False) -> dict[str, Any]:
    """The personal part of an event; the note stands there for those whom it names."""
    note = {"text": task.note, "mentions": task.note_mentions} if with_note else {}
    return {"title": task.title, **note}
