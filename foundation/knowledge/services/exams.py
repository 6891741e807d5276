"""Tests: built as a draft, published, taken against the clock, graded once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.journal.machine import Refused
from foundation.journal.services import record
from foundation.knowledge import events
from foundation.knowledge.grading import Grade, grade
from foundation.knowledge.models import Attempt, Certificate, Course, Exam, ExamOption, ExamQuestion, Result
from foundation.knowledge.services.training import complete_if_done, demand_right, published_exam
from foundation.knowledge.words import COLUMNS

GRACE = timedelta(seconds=30)
MOST_QUESTIONS = 60
COPIED = ("position", "kind", "points", "is_true", "right_number", "tolerance", *(f"text_{one}" for one in COLUMNS))


@dataclass(frozen=True)
class QuestionData:
    """A question as a form gives it; options as texts by column with `is_right`."""

    kind: str
    texts: Mapping[str, str]
    points: int = 1
    is_true: bool | None = None
    right_number: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    options: Sequence[Mapping[str, Any]] = field(default_factory=list)


@transaction.atomic
def begin_exam(course_id: int, *, actor: Any) -> Exam:
    """A draft to work on: the one that is there, or a copy of the published one. Raises Refused."""
    demand_right(actor)
    course = Course.objects.select_for_update().get(pk=course_id)
    draft = course.exams.filter(published_at=None).first()
    if draft is not None:
        return draft
    last = course.exams.order_by("-number").first()
    kept = {name: getattr(last, name) for name in ("pass_percent", "attempts", "minutes")} if last else {}
    draft = Exam.objects.create(course=course, number=(last.number if last else 0) + 1, **kept)
    for old in last.questions.prefetch_related("options") if last else ():
        copy = ExamQuestion.objects.create(exam=draft, **{name: getattr(old, name) for name in COPIED})
        texts = ("position", "is_right", *(f"text_{one}" for one in COLUMNS))
        ExamOption.objects.bulk_create(
            ExamOption(question=copy, **{name: getattr(one, name) for name in texts}) for one in old.options.all()
        )
    return draft


@transaction.atomic
def set_rules(exam_id: int, *, actor: Any, pass_percent: int, attempts: int | None, minutes: int | None) -> Exam:
    """Pass mark, attempts and time of a draft. Raises Refused for a published test."""
    exam = _draft(exam_id, actor)
    exam.pass_percent, exam.attempts, exam.minutes = pass_percent, attempts, minutes
    exam.save(update_fields=["pass_percent", "attempts", "minutes"])
    return exam


@transaction.atomic
def save_question(exam_id: int, data: QuestionData, *, actor: Any, pk: int | None = None) -> ExamQuestion:
    """Add a question at the end of the draft, or change one. Raises Refused for what has no right answer."""
    exam = _draft(exam_id, actor)
    _refuse_unanswerable(data)
    if pk is None:
        if exam.questions.count() >= MOST_QUESTIONS:
            raise Refused(_("A test has at most %(count)s questions.") % {"count": MOST_QUESTIONS}, reason="input")
        last = exam.questions.order_by("-position").first()
        question = ExamQuestion(exam=exam, position=(last.position if last else 0) + 1)
    else:
        found = exam.questions.filter(pk=pk).first()
        if found is None:
            raise Refused(_("Somebody has removed this question meanwhile."))
        question = found
    for name, text in data.texts.items():
        setattr(question, name, text)
    question.kind, question.points = data.kind, data.points
    question.is_true = data.is_true if data.kind == "truth" else None
    question.right_number = data.right_number if data.kind == "number" else None
    question.tolerance = data.tolerance if data.kind == "number" else Decimal(0)
    question.save()
    question.options.all().delete()
    if data.kind in ("single", "multiple"):
        ExamOption.objects.bulk_create(
            ExamOption(question=question, position=place, **one) for place, one in enumerate(data.options, start=1)
        )
    return question


def _refuse_unanswerable(data: QuestionData) -> None:
    right = sum(bool(one.get("is_right")) for one in data.options)
    if data.kind in ("single", "multiple") and len(data.options) < 2:
        raise Refused(_("Give at least two answers to choose from."), reason="input", field="options")
    if data.kind == "single" and right != 1:
        raise Refused(_("Mark exactly one answer as right."), reason="input", field="options")
    if data.kind == "multiple" and right < 1:
        raise Refused(_("Mark at least one answer as right."), reason="input", field="options")
    if data.kind == "truth" and data.is_true is None:
        raise Refused(_("Say whether the statement is true."), reason="input", field="is_true")
    if data.kind == "number" and data.right_number is None:
        raise Refused(_("Give the right number."), reason="input", field="right_number")


@transaction.atomic
def remove_question(exam_id: int, pk: int, *, actor: Any) -> None:
    """Take a question out of a draft."""
    _draft(exam_id, actor).questions.filter(pk=pk).delete()


@transaction.atomic
def publish_exam(exam_id: int, *, actor: Any) -> Exam:
    """From now on it is this test that counts; nothing of it changes. Raises Refused for one without questions."""
    exam = _draft(exam_id, actor)
    if not exam.questions.exists():
        raise Refused(_("A test needs at least one question."), reason="condition")
    exam.published_at, exam.published_by = timezone.now(), actor
    exam.save(update_fields=["published_at", "published_by"])
    record(events.EXAM_PUBLISHED, exam.course, actor=actor, facts={"exam": exam.number})
    return exam


def _draft(exam_id: int, actor: Any) -> Exam:
    demand_right(actor)
    exam = Exam.objects.select_for_update(of=("self",)).select_related("course").get(pk=exam_id)
    if exam.published_at is not None:
        raise Refused(_("This test is published: begin a new version of it."))
    return exam


# ---------------------------------------------------------------- taking it


def attempts_left(exam: Exam, person: Any) -> int | None:
    """How often this person may still try, counted since their last certificate; None without a limit."""
    if exam.attempts is None:
        return None
    last = Certificate.objects.filter(person=person, course=exam.course_id).order_by("-granted_on", "-pk").first()
    tried = Attempt.objects.filter(exam=exam, person=person)
    if last is not None:
        tried = tried.filter(begun_at__gt=last.created_at)
    return max(0, exam.attempts - tried.filter(ended_at__isnull=False).count())


@transaction.atomic
def begin_attempt(course_id: int, *, actor: Any) -> Attempt:
    """The attempt that runs, or a new one. Raises Refused without a test, without attempts left, or for a retired course."""
    course = Course.objects.select_for_update().get(pk=course_id)
    exam = published_exam(course)
    if exam is None or not course.is_active:
        raise Refused(_("There is no test to take at the moment."), reason="condition")
    for one in Attempt.objects.filter(exam__course=course, person=actor, ended_at=None):
        if one.exam_id == exam.pk and not is_over(one):
            return one
        _end_unfinished(one)
    if attempts_left(exam, actor) == 0:
        raise Refused(_("You have used all your attempts. Talk to your manager."), reason="condition")
    now = timezone.now()
    until = now + timedelta(minutes=exam.minutes) if exam.minutes else None
    try:
        with transaction.atomic():
            return Attempt.objects.create(exam=exam, person=actor, begun_at=now, until=until)
    except IntegrityError:  # begun in another window
        return Attempt.objects.get(exam=exam, person=actor, ended_at=None)


def is_over(attempt: Attempt) -> bool:
    """Whether its time is up."""
    return attempt.until is not None and timezone.now() > attempt.until + GRACE


def _end_unfinished(attempt: Attempt) -> None:
    """An attempt that nobody handed in counts as one, with nothing right."""
    most = sum(attempt.exam.questions.values_list("points", flat=True))
    _write(attempt, Grade(0, most, frozenset()), {}, is_late=True)


def questions_of(exam: Exam) -> list[ExamQuestion]:
    """The questions with their options. Two queries."""
    return list(exam.questions.prefetch_related("options"))


@transaction.atomic
def hand_in(attempt_id: int, *, actor: Any, answers: Mapping[str, Any]) -> Result:
    """Grade the answers and keep the result for good. Raises Refused for an attempt that has ended, or of somebody else."""
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("exam__course").get(pk=attempt_id)
    if attempt.person_id != actor.pk:
        raise Refused(_("You do not have the right to do this."), reason="permission")
    if attempt.ended_at is not None:
        raise Refused(_("This test has been handed in already."))
    result = _write(attempt, grade(questions_of(attempt.exam), answers), dict(answers), is_late=is_over(attempt))
    facts = {"percent": result.percent, "has_passed": result.has_passed, "person_id": actor.pk}
    record(events.TAKEN, attempt.exam.course, actor=actor, facts=facts)
    if result.has_passed:
        complete_if_done(actor, attempt.exam.course)
    return result


def _write(attempt: Attempt, graded: Grade, answers: dict[str, Any], *, is_late: bool) -> Result:
    attempt.ended_at = timezone.now()
    attempt.save(update_fields=["ended_at"])
    return Result.objects.create(
        attempt=attempt,
        course=attempt.exam.course,
        person_id=attempt.person_id,
        points=graded.points,
        most_points=graded.most,
        percent=graded.percent,
        has_passed=not is_late and graded.percent >= attempt.exam.pass_percent,
        is_late=is_late,
        answers=answers,
    )
