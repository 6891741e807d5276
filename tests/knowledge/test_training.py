"""Courses: who must take them, sessions and attendance, tests with a pass mark, certificates, the career."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from foundation.journal.machine import Refused
from foundation.knowledge.models import (
    Attempt,
    Attendance,
    Certificate,
    Course,
    Errand,
    ExamQuestion,
    KnowledgePolicy,
    Level,
    LevelNeed,
    Result,
    Standing,
)
from foundation.knowledge.plan import lines_of, shares_of, staff, state_of
from foundation.knowledge.services import career, exams, training
from foundation.knowledge.services.exams import QuestionData
from foundation.knowledge.services.reminding import remind_of_courses
from foundation.knowledge.services.training import DutyData
from foundation.notifications.models import InboxItem
from foundation.todos.models import Task

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def course(house: None) -> Course:
    return Course.objects.get(code="telephone-manners")


def right_answers(course: Course) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in exams.questions_of(training.published_exam(course)):
        if one.kind == "number":
            found[str(one.pk)] = str(one.right_number)
        elif one.kind == "truth":
            found[str(one.pk)] = "true" if one.is_true else "false"
        else:
            chosen = [str(option.pk) for option in one.options.all() if option.is_right]
            found[str(one.pk)] = chosen if one.kind == "multiple" else chosen[0]
    return found


def take(course: Course, person: Any, answers: dict[str, Any]) -> Result:
    return exams.hand_in(exams.begin_attempt(course.pk, actor=person).pk, actor=person, answers=answers)


def plan(course: Course, manager: Any, *people: Any, **values: Any) -> Any:
    begins = values.pop("begins_at", timezone.now() + DAY)
    first = {"ends_at": begins + timedelta(hours=2), "place": "Room 3", "trainer": manager, **values}
    return training.plan_session(course.pk, actor=manager, people=people, begins_at=begins, **first)


# ---------------------------------------------------------------- the test


def test_all_right_passes_and_gives_a_certificate_that_ends(course, writer):
    result = take(course, writer, right_answers(course))
    assert (result.percent, result.has_passed) == (100, True)
    certificate = Certificate.objects.get(person=writer)
    assert certificate.result == result and certificate.valid_until > timezone.localdate() + 360 * DAY


def test_below_the_pass_mark_is_kept_too_and_attempts_end(course, writer):
    wrong = dict(list(right_answers(course).items())[:3])
    for _try in range(3):
        assert take(course, writer, wrong).percent == 60
    with pytest.raises(Refused):
        exams.begin_attempt(course.pk, actor=writer)
    assert Result.objects.count() == 3 and not Certificate.objects.exists()


def test_several_choices_count_only_together_and_numbers_within_their_tolerance(course, manager, writer):
    exam = exams.begin_exam(course.pk, actor=manager)
    assert exams.begin_exam(course.pk, actor=manager).pk == exam.pk and exam.questions.count() == 5
    exam.questions.all().delete()
    text = {"text_en": "How thick?"}
    near = QuestionData("number", text, points=2, right_number=Decimal("5.5"), tolerance=Decimal("0.5"))
    exams.save_question(exam.pk, near, actor=manager)
    options = [{"text_en": name, "is_right": name in "ab"} for name in "abc"]
    exams.save_question(exam.pk, QuestionData("multiple", text, points=3, options=options), actor=manager)
    exams.set_rules(exam.pk, actor=manager, pass_percent=40, attempts=None, minutes=None)
    exams.publish_exam(exam.pk, actor=manager)
    number, several = exams.questions_of(exam)
    a, b, c = [str(one.pk) for one in several.options.all()]
    for given, chosen, points in (
        ("5", [a], 2),
        ("6.1", [a, b], 3),
        ("6", [b, a], 5),
        ("x", [a, b, c], 0),
        ("NaN", [], 0),
    ):
        assert take(course, writer, {str(number.pk): given, str(several.pk): chosen}).points == points


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (QuestionData("single", {"text_en": "?"}, options=[{"text_en": "a", "is_right": True}]), "options"),
        (QuestionData("single", {"text_en": "?"}, options=[{"text_en": "a"}, {"text_en": "b"}]), "options"),
        (QuestionData("truth", {"text_en": "?"}), "is_true"),
        (QuestionData("number", {"text_en": "?"}), "right_number"),
    ],
)
def test_a_question_without_a_right_answer_is_refused(course, manager, data, field):
    exam = exams.begin_exam(course.pk, actor=manager)
    with pytest.raises(Refused) as refused:
        exams.save_question(exam.pk, data, actor=manager)
    assert refused.value.field == field and exam.questions.count() == 5


def test_a_published_test_does_not_change_and_results_are_only_added(course, manager, writer):
    exam = training.published_exam(course)
    with pytest.raises(Refused):
        exams.set_rules(exam.pk, actor=manager, pass_percent=1, attempts=None, minutes=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        ExamQuestion.objects.filter(exam=exam).update(points=9)
    take(course, writer, {})
    for change in (lambda: Result.objects.update(percent=100), lambda: Result.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_clock_of_a_test_is_the_servers(course, writer):
    attempt = exams.begin_attempt(course.pk, actor=writer)
    assert exams.begin_attempt(course.pk, actor=writer).pk == attempt.pk
    Attempt.objects.filter(pk=attempt.pk).update(until=timezone.now() - timedelta(minutes=1))
    late = exams.hand_in(attempt.pk, actor=writer, answers=right_answers(course))
    assert late.is_late and late.percent == 100 and not late.has_passed
    with pytest.raises(Refused):
        exams.hand_in(attempt.pk, actor=writer, answers={})
    forgotten = exams.begin_attempt(course.pk, actor=writer)
    Attempt.objects.filter(pk=forgotten.pk).update(until=timezone.now() - timedelta(minutes=1))
    assert exams.begin_attempt(course.pk, actor=writer).pk != forgotten.pk
    assert Result.objects.get(attempt=forgotten).points == 0


def test_nobody_hands_in_for_somebody_else(course, writer, manager):
    attempt = exams.begin_attempt(course.pk, actor=writer)
    with pytest.raises(Refused) as refused:
        exams.hand_in(attempt.pk, actor=manager, answers=right_answers(course))
    assert refused.value.reason == "permission" and not Result.objects.exists()


# ---------------------------------------------------------------- sessions


def test_a_session_is_planned_held_and_completes_those_who_came(course, writer, reader, manager):
    training.save_course(course.pk, actor=manager, values={"needs_attendance": True}, materials=course.materials.all())
    take(course, writer, right_answers(course))
    assert not Certificate.objects.exists()
    session = plan(course, manager, writer, reader)
    assert InboxItem.objects.filter(user=writer, text__contains="Telephone manners").exists()
    with pytest.raises(Refused):
        training.hold_session(session.pk, actor=manager)
    session.begins_at, session.ends_at = timezone.now() - DAY, timezone.now() - DAY / 2
    session.save()
    with pytest.raises(Refused):
        training.hold_session(session.pk, actor=manager)
    with pytest.raises(Refused) as refused:
        training.tick_attendance(session.pk, actor=manager, ticks={reader.pk: ("absent", " ")})
    assert refused.value.field == f"reason_{reader.pk}"
    ticks = {writer.pk: ("attended", ""), reader.pk: ("absent", "ill")}
    training.tick_attendance(session.pk, actor=manager, ticks=ticks)
    training.hold_session(session.pk, actor=manager)
    assert [one.person for one in Certificate.objects.all()] == [writer]
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.filter(person=reader).update(reason="")


def test_only_those_who_plan_training_plan_it(course, writer, manager):
    with pytest.raises(Refused):
        plan(course, writer)
    with pytest.raises(Refused):
        training.add_duty(course.pk, DutyData(person_id=writer.pk), actor=writer)
    session = plan(course, manager, writer)
    with pytest.raises(Refused):
        training.cancel_session(session.pk, actor=writer)
    training.cancel_session(session.pk, actor=manager)
    with pytest.raises(Refused):
        training.tick_attendance(session.pk, actor=manager, ticks={writer.pk: ("attended", "")})
    assert session.attendances.get().state == "invited"


# ---------------------------------------------------------------- the plan


def test_who_must_take_what_until_when(course, writer, reader, manager):
    role = Group.objects.get(name="service")
    training.add_duty(course.pk, DutyData(role_id=role.pk, within_days=10), actor=manager)
    training.add_duty(course.pk, DutyData(team_id=writer.team_id, within_days=5), actor=manager)
    with pytest.raises(Refused):
        training.add_duty(course.pk, DutyData(team_id=writer.team_id), actor=manager)
    with pytest.raises(Refused):
        training.add_duty(course.pk, DutyData(role_id=role.pk, person_id=reader.pk), actor=manager)
    lines = {one.person: one for one in lines_of(staff())}
    assert set(lines) == {writer, manager} and lines[writer].due_on == timezone.localdate() + 5 * DAY
    take(course, writer, right_answers(course))
    (share,) = shares_of(lines_of(staff()))
    assert (share.passed, share.total, share.percent) == (1, 2, 50)


def test_states_of_a_line():
    today = timezone.localdate()
    ends = [Certificate(valid_until=day) for day in (None, today + 31 * DAY, today + 30 * DAY, today, today - DAY)]
    assert [state_of(None, one, today)[0] for one in ends] == ["done", "done", "expiring", "expiring", "overdue"]
    assert [state_of(today + day * DAY, None, today)[0] for day in (1, 0, -1)] == ["due", "due", "overdue"]


def test_the_days_that_count_are_an_administrators_row(course, writer, manager):
    today = timezone.localdate()
    assert KnowledgePolicy.current().review_after == 365 * DAY
    KnowledgePolicy.objects.create(review_days=90, reminder_days=2, expiring_days=10)
    assert state_of(None, Certificate(valid_until=today + 20 * DAY), today)[0] == "done"
    training.add_duty(course.pk, DutyData(person_id=writer.pk, within_days=5), actor=manager)
    assert remind_of_courses() == 0
    KnowledgePolicy.objects.get().delete()
    assert remind_of_courses() == 1
    assert KnowledgePolicy.current().expiring_days == 30


def test_the_plan_costs_the_same_for_two_and_for_twenty(course, manager, django_assert_max_num_queries):
    from tests.accounts.factories import make_user

    training.add_duty(course.pk, DutyData(team_id=manager.team_id), actor=manager)
    for number in range(20):
        make_user(f"Person {number}", team=manager.team)
    with django_assert_max_num_queries(5):
        assert len(lines_of(staff())) == 22


def test_a_course_that_falls_due_becomes_one_task_that_ends_with_the_certificate(course, writer, manager):
    training.add_duty(course.pk, DutyData(person_id=writer.pk, within_days=3), actor=manager)
    assert remind_of_courses() == 1 and remind_of_courses() == 0
    task = Task.objects.get()
    assert task.person == writer and task.subject == course and task.due_on == timezone.localdate() + 3 * DAY
    take(course, writer, right_answers(course))
    task.refresh_from_db()
    assert task.status == "done" and Errand.objects.count() == 1


def test_a_course_without_test_is_completed_by_reading(house, writer, manager, course):
    values = {"title_en": "House rules", "needs_attendance": False}
    rules = training.save_course(None, actor=manager, values=values, materials=[])
    training.confirm_read(rules.pk, actor=writer)
    training.confirm_read(rules.pk, actor=writer)
    assert Certificate.objects.filter(person=writer, course=rules).count() == 1
    with pytest.raises(Refused):
        training.confirm_read(course.pk, actor=writer)


# ---------------------------------------------------------------- the career


def test_each_level_needs_its_assessment(course, writer, manager, reader):
    trainee, representative = Level.objects.order_by("position")[:2]
    with pytest.raises(Refused) as refused:
        career.grant_level(writer, trainee.pk, actor=manager)
    assert "telephone manners" in refused.value.message
    take(course, writer, right_answers(course))
    career.grant_level(writer, trainee.pk, actor=manager)
    states = career.career_of(writer)
    assert [one.is_reached for one in states] == [True, False, False, False] and states[1].is_next
    assert [one.need.code for one in states[1].missing] == ["complaints", "three-months", "five-calls"]
    need = LevelNeed.objects.get(code="five-calls")
    for actor in (writer, reader):
        with pytest.raises(Refused):
            career.assess(writer, need.pk, actor=actor, has_passed=True)
    with pytest.raises(Refused):
        career.assess(writer, need.pk, actor=manager, has_passed=False)
    career.assess(writer, need.pk, actor=manager, has_passed=False, note="Three so far")
    career.assess(writer, need.pk, actor=manager, has_passed=True)
    assert [one.need.code for one in career.career_of(writer)[1].missing] == ["complaints", "three-months"]
    later = career.career_of(writer, today=timezone.localdate() + 100 * DAY)
    assert "three-months" not in [one.need.code for one in later[1].missing]
    with pytest.raises(Refused):
        career.grant_level(writer, Level.objects.get(code="senior").pk, actor=manager)
    assert Standing.objects.count() == 1 and representative.code == "representative"
