"""The training plan: who must take which course until when, and how they stand. A handful of queries for everybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from foundation.accounts.models import User
from foundation.knowledge.models import Certificate, Course, Duty, KnowledgePolicy

DONE, EXPIRING, DUE, OVERDUE = "done", "expiring", "due", "overdue"


@dataclass(frozen=True)
class Line:
    """One person and one course that they must take, or have taken."""

    person: Any
    course: Course
    due_on: date | None
    certificate: Certificate | None
    state: str

    @property
    def is_passed(self) -> bool:
        """Whether it counts today."""
        return self.state in (DONE, EXPIRING)


def state_of(
    due_on: date | None, certificate: Certificate | None, today: date, *, soon: timedelta | None = None
) -> tuple[str, date | None]:
    """How somebody stands with a course, and the day that counts: of the duty, or the end of the certificate."""
    if certificate is not None:
        until = certificate.valid_until
        soon = soon if soon is not None else expires_soon()
        if until is None or until >= today:
            return (EXPIRING if until is not None and until - today <= soon else DONE), until
        return OVERDUE, until
    return (OVERDUE if due_on is not None and due_on < today else DUE), due_on


def expires_soon() -> timedelta:
    """How long before its end a certificate counts as expiring."""
    return timedelta(days=KnowledgePolicy.current().expiring_days)


def staff() -> QuerySet[User]:
    """Everybody who works here, with team and roles."""
    people = User.objects.filter(is_active=True).select_related("team", "manager").prefetch_related("groups")
    return people.order_by("name", "pk")


def lines_of(
    people: Iterable[Any], *, course_ids: Iterable[int] | None = None, today: date | None = None
) -> list[Line]:
    """Everything that these people must take, and what they hold besides; by person, then course. Three queries."""
    people = list(people)
    today = today or timezone.localdate()
    duties = Duty.objects.filter(course__is_active=True).select_related("course")
    held = Certificate.objects.filter(person__in=[one.pk for one in people]).select_related("course")
    if course_ids is not None:
        wanted = list(course_ids)
        duties, held = duties.filter(course__in=wanted), held.filter(course__in=wanted)
    newest = {
        (one.person_id, one.course_id): one
        for one in held.order_by("person_id", "course_id", "-granted_on", "-pk").distinct("person_id", "course_id")
    }
    due, courses = _due_days(people, list(duties))
    for (person_id, course_id), certificate in newest.items():
        due.setdefault((person_id, course_id), None)
        courses.setdefault(course_id, certificate.course)
    by_pk = {one.pk: one for one in people}
    lines, soon = [], expires_soon()
    for (person_id, course_id), day in due.items():
        certificate_ = newest.get((person_id, course_id))
        state, counts = state_of(day, certificate_, today, soon=soon)
        lines.append(Line(by_pk[person_id], courses[course_id], counts, certificate_, state))
    places = {one.pk: place for place, one in enumerate(people)}
    lines.sort(key=lambda one: (places[one.person.pk], one.course.position, one.course.pk))
    return lines


def _due_days(people: list[Any], duties: list[Duty]) -> tuple[dict[tuple[int, int], date | None], dict[int, Course]]:
    due: dict[tuple[int, int], date | None] = {}
    courses: dict[int, Course] = {}
    for duty in duties:
        courses[duty.course_id] = duty.course
        for person in people:
            if not _is_meant(duty, person):
                continue
            day, known = _day_of(duty, person), due.get((person.pk, duty.course_id))
            due[person.pk, duty.course_id] = min(day, known) if known is not None else day
    return due, courses


def _is_meant(duty: Duty, person: Any) -> bool:
    if duty.person_id is not None:
        return bool(duty.person_id == person.pk)
    if duty.team_id is not None:
        return bool(duty.team_id == person.team_id)
    return any(group.pk == duty.role_id for group in person.groups.all())


def _day_of(duty: Duty, person: Any) -> date:
    if duty.until_on is not None:
        return duty.until_on
    joined = getattr(person, "date_joined", None) or duty.created_at
    return timezone.localdate(max(duty.created_at, joined)) + timedelta(days=duty.within_days)


@dataclass(frozen=True)
class Share:
    """How many of those who must have a course hold it today."""

    course: Course
    passed: int
    total: int
    overdue: int

    @property
    def percent(self) -> int:
        """Whole percent."""
        return round(100 * self.passed / self.total) if self.total else 0


def shares_of(lines: Iterable[Line]) -> list[Share]:
    """The figures of each course, from the same lines that the page lists."""
    grouped: dict[int, list[Line]] = {}
    for line in lines:
        grouped.setdefault(line.course.pk, []).append(line)
    found = [
        Share(
            group[0].course,
            sum(one.is_passed for one in group),
            len(group),
            sum(one.state == OVERDUE for one in group),
        )
        for group in grouped.values()
    ]
    return sorted(found, key=lambda one: (one.course.position, one.course.pk))
