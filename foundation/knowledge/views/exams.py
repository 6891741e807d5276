"""Tests: taken by staff against the clock, built by those who plan training."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.journal.machine import Refused
from foundation.knowledge.forms.training import QuestionForm, RulesForm, exam_answers
from foundation.knowledge.grading import grade
from foundation.knowledge.models import Attempt, Course, Exam, ExamQuestion, Result
from foundation.knowledge.services import exams
from foundation.knowledge.services.training import MANAGE
from foundation.ui import parts
from foundation.ui.submissions import submit_once


def _course(pk: int) -> Course:
    return get_object_or_404(Course, pk=min(pk, 2**63 - 1))


def _crumbs(course: Course) -> list[parts.Crumb]:
    return [parts.Crumb(str(course), course.get_absolute_url())]


@login_required
@require_POST
@submit_once
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the test, or go on with the attempt that runs."""
    course = _course(pk)
    try:
        attempt = exams.begin_attempt(course.pk, actor=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(course.get_absolute_url())
    return redirect("knowledge:exam-take", attempt.pk)


@login_required
@submit_once
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions; handed in once."""
    rows = Attempt.objects.select_related("exam__course").filter(person=request.user.pk)
    attempt = get_object_or_404(rows, pk=min(pk, 2**63 - 1))
    course = attempt.exam.course
    if attempt.ended_at is not None and request.method != "POST":
        return redirect("knowledge:exam-result", attempt.pk)
    questions = exams.questions_of(attempt.exam)
    if request.method == "POST":
        try:
            exams.hand_in(attempt.pk, actor=request.user, answers=exam_answers(request.POST, questions))
        except Refused as refusal:
            messages.error(request, refusal.message)
        return redirect("knowledge:exam-result", attempt.pk)
    left = int((attempt.until - timezone.now()).total_seconds()) if attempt.until else None
    context = {
        "title": course.title, "course": course, "attempt": attempt, "questions": questions, "left": left, "crumbs": _crumbs(course),
    }  # fmt: skip
    return render(request, "knowledge/take.html", context)


@login_required
@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """What it came to: which questions were right, never what would have been the right answer."""
    rows = Result.objects.select_related("attempt__exam__course", "person")
    found = get_object_or_404(rows, attempt=min(pk, 2**63 - 1))
    if found.person_id != request.user.pk and not request.user.has_perm(MANAGE):
        raise Http404
    questions = exams.questions_of(found.attempt.exam)
    right = grade(questions, found.answers).right
    context = {
        "title": _("Result: %(course)s") % {"course": found.course},
        "course": found.attempt.exam.course,
        "result": found,
        "exam": found.attempt.exam,
        "questions": [(one, one.pk in right) for one in questions],
        "left": exams.attempts_left(found.attempt.exam, found.person),
        "is_mine": found.person_id == request.user.pk,
        "crumbs": _crumbs(found.attempt.exam.course),
    }
    return render(request, "knowledge/result.html", context)


# ---------------------------------------------------------------- building


@login_required
@permission_required(MANAGE, raise_exception=True)
@submit_once
def build(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft of a course's test: its rules and its questions."""
    course = _course(pk)
    exam = course.exams.filter(published_at=None).first()
    if request.method == "POST":
        return _act(request, course, exam)
    last = course.exams.filter(published_at__isnull=False).first()
    shown = exam or last
    context = {
        "title": _("Test: %(course)s") % {"course": course},
        "course": course,
        "exam": exam,
        "last": last,
        "rules": _rules(exam) if exam else None,
        "questions": exams.questions_of(shown) if shown else [],
        "crumbs": _crumbs(course),
    }
    return render(request, "knowledge/build.html", context)


def _rules(exam: Exam) -> RulesForm:
    names = ("pass_percent", "attempts", "minutes")
    return RulesForm(initial={name: getattr(exam, name) for name in names})


def _act(request: HttpRequest, course: Course, exam: Exam | None) -> HttpResponse:
    """Begin a version, keep its rules, take a question out, publish."""
    verb = request.POST.get("do", "")
    try:
        if verb == "begin" or exam is None:
            exams.begin_exam(course.pk, actor=request.user)
        elif verb == "publish":
            exams.publish_exam(exam.pk, actor=request.user)
            messages.success(request, _("The test is published."))
        elif verb.startswith("remove-") and verb[7:].isdigit():
            exams.remove_question(exam.pk, int(verb[7:][:18]), actor=request.user)
        else:
            rules = RulesForm(request.POST)
            if rules.is_valid():
                exams.set_rules(exam.pk, actor=request.user, **rules.cleaned_data)
                messages.success(request, _("The rules are kept."))
            else:
                messages.error(request, _("Check pass mark, attempts and time."))
    except Refused as refusal:
        if refusal.reason == "permission":
            raise PermissionDenied from refusal
        messages.error(request, refusal.message)
    return redirect("knowledge:exam-build", course.pk)


@login_required
@permission_required(MANAGE, raise_exception=True)
@submit_once
def question(request: HttpRequest, pk: int, question_pk: int | None = None) -> HttpResponse:
    """A question of the draft, new or changed."""
    course = _course(pk)
    exam = get_object_or_404(Exam, course=course.pk, published_at=None)
    known: Any = None
    if question_pk is not None:
        known = get_object_or_404(ExamQuestion.objects.prefetch_related("options"), exam=exam.pk, pk=question_pk)
    bound = request.method == "POST"
    form = QuestionForm(request.POST if bound else None, question=known)
    if bound and form.is_valid():
        try:
            exams.save_question(exam.pk, form.question, actor=request.user, pk=question_pk)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The question is kept."))
            return redirect("knowledge:exam-build", course.pk)
    context = {"title": _("Question"), "form": form, "course": course, "crumbs": _crumbs(course)}
    return render(request, "knowledge/question.html", context, status=422 if bound else 200)
