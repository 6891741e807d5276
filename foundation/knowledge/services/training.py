"""Courses and their sessions: planned, people invited, attendance ticked; what somebody completes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.journal.machine import Refused, perform
from foundation.journal.services import record
from foundation.knowledge import events
from foundation.knowledge.models import Article, Attendance, Certificate, Course, Duty, Errand, Exam, Result, Session
from foundation.todos.models import Task
from foundation.todos.services.tasks import finish_task

MANAGE = "knowledge.manage_training"


@dataclass(frozen=True)
class DutyData:
    """Who must take a course, as a form gives it: one of role, team and person."""

    role_id: int | None = None
    team_id: int | None = None
    person_id: int | None = None
    until_on: date | None = None
    within_days: int = 30


def demand_right(actor: Any) -> None:
    """Raise Refused unless the actor plans training. None is the system."""
    if actor is not None and not actor.has_perm(MANAGE):
        raise Refused(_("You do not have the right to do this."), reason="permission")


@transaction.atomic
def save_course(
    pk: int | None, *, actor: Any, values: Mapping[str, Any], materials: Iterable[Article], code: str = ""
) -> Course:
    """A course, new or changed, with its materials. Raises Refused."""
    demand_right(actor)
    course = (
        Course.objects.select_for_update().get(pk=pk) if pk else Course(code=code or _free_code(values["title_en"]))
    )
    for name, value in values.items():
        setattr(course, name, value)
    course.save()
    course.materials.set(materials)
    record(events.COURSE_CHANGED if pk else events.COURSE_CREATED, course, actor=actor)
    return course


def _free_code(title: str) -> str:
    base = slugify(title)[:50] or "course"
    taken = set(Course.objects.filter(code__startswith=base).values_list("code", flat=True))
    return next(code for n in range(1, 10_000) if (code := base if n == 1 else f"{base}-{n}") not in taken)


@transaction.atomic
def add_duty(course_id: int, data: DutyData, *, actor: Any) -> Duty:
    """Somebody must take the course from now on. Raises Refused where they must already, or nobody is named."""
    demand_right(actor)
    whom = {"role_id": data.role_id, "team_id": data.team_id, "person_id": data.person_id}
    if sum(value is not None for value in whom.values()) != 1:
        raise Refused(_("Choose a role, a team or a person, and only one of them."), reason="input", field="role")
    course = Course.objects.select_for_update().get(pk=course_id)
    if course.duties.filter(**whom).exists():
        raise Refused(_("They must take this course already."), reason="input", field="role")
    duty = Duty.objects.create(course=course, until_on=data.until_on, within_days=data.within_days, **whom)
    record(events.COURSE_CHANGED, course, actor=actor)
    return duty


@transaction.atomic
def remove_duty(course_id: int, duty_id: int, *, actor: Any) -> None:
    """They need not take it any more; what they have completed stays."""
    demand_right(actor)
    course = Course.objects.select_for_update().get(pk=course_id)
    deleted, _rows = course.duties.filter(pk=duty_id).delete()
    if deleted:
        record(events.COURSE_CHANGED, course, actor=actor)


# ---------------------------------------------------------------- sessions


@transaction.atomic
def plan_session(course_id: int, *, actor: Any, people: Sequence[User] = (), **values: Any) -> Session:
    """A session, with the people who are invited to it. Raises Refused."""
    demand_right(actor)
    _refuse_backwards(values["begins_at"], values["ends_at"])
    session = Session(course=Course.objects.get(pk=course_id), **values)
    session.save()
    record(events.PLANNED, session, actor=actor)
    _invite(session, people, actor)
    return session


@transaction.atomic
def change_session(pk: int, *, actor: Any, people: Sequence[User] | None = None, **values: Any) -> Session:
    """Move it, or change what is said about it; whoever is invited hears of another time or place. Raises Refused."""
    demand_right(actor)
    session = _open(pk)
    _refuse_backwards(values["begins_at"], values["ends_at"])
    is_moved = any(getattr(session, name) != values[name] for name in ("begins_at", "ends_at", "place"))
    for name, value in values.items():
        setattr(session, name, value)
    session.save()
    if is_moved:
        record(events.RESCHEDULED, session, actor=actor)
    if people is not None:
        wanted = {one.pk for one in people}
        session.attendances.filter(state=Attendance.State.INVITED).exclude(person__in=wanted).delete()
        _invite(session, people, actor)
    return session


def _refuse_backwards(begins_at: datetime, ends_at: datetime) -> None:
    if ends_at <= begins_at:
        raise Refused(_("It ends before it begins."), reason="input", field="ends_at")


def _open(pk: int) -> Session:
    session = Session.objects.select_for_update(of=("self",)).select_related("course").get(pk=pk)
    if session.status != Session.Status.PLANNED:
        raise Refused(_("This session is over, or has been cancelled."))
    return session


def _invite(session: Session, people: Sequence[User], actor: Any) -> None:
    known = set(session.attendances.values_list("person", flat=True))
    new = [one for one in people if one.pk not in known]
    Attendance.objects.bulk_create(Attendance(session=session, person=one) for one in new)
    if new:
        record(events.INVITED, session, actor=actor, facts={"person_ids": [one.pk for one in new]})


@transaction.atomic
def tick_attendance(pk: int, *, actor: Any, ticks: Mapping[int, tuple[str, str]]) -> Session:
    """Note who came: person → state and reason. Raises Refused for an absence without a reason, and after the session."""
    session = _locked(pk)
    if actor is not None and actor.pk != session.trainer_id:
        demand_right(actor)
    if session.status == Session.Status.CANCELLED:
        raise Refused(_("This session has been cancelled."))
    now = timezone.now()
    changed = []
    for row in session.attendances.select_related("person"):
        state, reason = ticks.get(row.person_id, (row.state, row.reason))
        reason = reason.strip()[:200] if state == Attendance.State.ABSENT else ""
        if state == Attendance.State.ABSENT and not reason:
            message = _("Why was %(person)s absent?") % {"person": row.person}
            raise Refused(message, reason="input", field=f"reason_{row.person_id}")
        if (state, reason) != (row.state, row.reason):
            row.state, row.reason, row.ticked_by, row.ticked_at = state, reason, actor, now
            row.save(update_fields=["state", "reason", "ticked_by", "ticked_at"])
            changed.append(row)
    if changed:
        record(events.TICKED, session, actor=actor, facts={"person_ids": [row.person_id for row in changed]})
    if session.status == Session.Status.HELD:
        _complete_all(session)
    return session


def _locked(pk: int) -> Session:
    return Session.objects.select_for_update(of=("self",)).select_related("course").get(pk=pk)


@transaction.atomic
def hold_session(pk: int, *, actor: Any) -> Session:
    """It took place: whoever attended has come a step further. Raises Refused while somebody is not ticked."""
    session = _locked(pk)
    if session.begins_at > timezone.now():
        raise Refused(_("It has not begun yet."), reason="condition")
    if session.attendances.filter(state=Attendance.State.INVITED).exists():
        raise Refused(_("Tick first who came."), reason="condition")
    done = perform(Session, pk, "hold", actor=actor)
    _complete_all(done)
    return done


def _complete_all(session: Session) -> None:
    for row in session.attendances.filter(state=Attendance.State.ATTENDED).select_related("person"):
        complete_if_done(row.person, session.course)


@transaction.atomic
def cancel_session(pk: int, *, actor: Any) -> Session:
    """It does not take place. Raises Refused."""
    return perform(Session, pk, "cancel", actor=actor)


# ---------------------------------------------------------------- what somebody completes


def published_exam(course: Course) -> Exam | None:
    """The test that counts now."""
    return course.exams.filter(published_at__isnull=False).order_by("-number").first()


@transaction.atomic
def complete_if_done(person: Any, course: Course) -> Certificate | None:
    """A certificate, once everything that the course asks for has been done since the last one."""
    User.objects.select_for_update().filter(pk=person.pk).order_by("pk").first()  # two ways to complete at once
    last = Certificate.objects.filter(person=person, course=course).order_by("-granted_on", "-pk").first()
    result = session = None
    exam = published_exam(course)
    if exam is None and not course.needs_attendance:
        return None
    if exam is not None:
        passed = Result.objects.filter(person=person, course=course, has_passed=True)
        result = (passed.filter(taken_at__gt=last.created_at) if last else passed).order_by("-pk").first()
        if result is None:
            return None
    if course.needs_attendance:
        came = Attendance.objects.filter(
            person=person, state="attended", session__course=course, session__status="held"
        )
        row = (came.filter(session__ends_at__gt=last.created_at) if last else came).select_related("session").first()
        if row is None:
            return None
        session = row.session
    return _grant(person, course, result=result, session=session)


@transaction.atomic
def confirm_read(course_id: int, *, actor: Any) -> Certificate:
    """Of a course without test and attendance, somebody says that they have read the materials. Raises Refused."""
    course = Course.objects.get(pk=course_id)
    if published_exam(course) is not None or course.needs_attendance:
        raise Refused(_("This course is completed by its test or by attending a session."), reason="condition")
    last = Certificate.objects.filter(person=actor, course=course).order_by("-granted_on", "-pk").first()
    if last is not None and (last.valid_until is None or last.granted_on == timezone.localdate()):
        return last
    return _grant(actor, course)


def _grant(person: Any, course: Course, *, result: Result | None = None, session: Session | None = None) -> Certificate:
    today = timezone.localdate()
    until = today + relativedelta(months=course.repeat_months) if course.repeat_months else None
    certificate = Certificate.objects.create(
        person=person, course=course, result=result, session=session, granted_on=today, valid_until=until
    )
    record(events.COMPLETED, course, actor=person, facts={"person_id": person.pk, "valid_until": until})
    for task_id in Errand.objects.filter(person=person, course=course, task__status=Task.Status.OPEN).values_list("task", flat=True):  # fmt: skip
        finish_task(task_id, actor=None)
    return certificate
