"""Tests of a course in versions, what people answered, and what they hold for it."""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.journal.models import ClockTimestamp
from foundation.knowledge.models.training import Course, Session
from foundation.knowledge.words import words_of


def _locked(exam: str) -> pgtrigger.Trigger:
    """Refuse to add, change or remove a question of a test that is published. `exam` is SQL with `{row}` for OLD or NEW."""
    return pgtrigger.Trigger(
        name="locked_when_published",
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        declare=[("is_locked", "boolean")],
        func=f"""
            is_locked := false;
            IF TG_OP <> 'INSERT' THEN
                SELECT EXISTS (SELECT 1 FROM knowledge_exam
                    WHERE id = ({exam.format(row="OLD")}) AND published_at IS NOT NULL) INTO is_locked;
            END IF;
            IF TG_OP <> 'DELETE' AND NOT is_locked THEN
                SELECT EXISTS (SELECT 1 FROM knowledge_exam
                    WHERE id = ({exam.format(row="NEW")}) AND published_at IS NOT NULL) INTO is_locked;
            END IF;
            IF is_locked THEN
                RAISE EXCEPTION 'locked: the test of this % is published', TG_TABLE_NAME USING ERRCODE = 'check_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,  # noqa: S608 - names of our own tables
    )


class Exam(models.Model):
    """One version of the test of a course. What is published does not change; a later version replaces it."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="exams", verbose_name=_("course"))
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    pass_percent = models.PositiveSmallIntegerField(
        _("pass mark in percent"), default=80, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    attempts = models.PositiveSmallIntegerField(
        _("attempts allowed"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_("Empty: as often as needed."),
    )  # fmt: skip
    minutes = models.PositiveSmallIntegerField(
        _("time limit in minutes"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(480)],
        help_text=_("Empty: no limit."),
    )  # fmt: skip
    published_at = models.DateTimeField(pgettext_lazy("at what time", "published"), null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = pgettext_lazy("of a course", "test")
        verbose_name_plural = pgettext_lazy("of courses", "tests")
        default_permissions = ()
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="knowledge_exam_version_once"),
            models.UniqueConstraint(
                fields=["course"], condition=Q(published_at=None), name="knowledge_exam_one_draft_of_a_course"
            ),
            models.CheckConstraint(
                name="knowledge_exam_pass_mark", condition=Q(pass_percent__gte=1, pass_percent__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} · {self.number}"


class _Asked(models.Model):
    """A text in four languages."""

    text_en = models.CharField(_("English"), max_length=400)
    text_zh_hans = models.CharField(_("Simplified Chinese"), max_length=400, blank=True)
    text_zh_hant = models.CharField(_("Traditional Chinese"), max_length=400, blank=True)
    text_de = models.CharField(_("German"), max_length=400, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """In the active language."""
        return words_of(self, "text")


@pgtrigger.register(_locked("SELECT {row}.exam_id"))
class ExamQuestion(_Asked):
    """One question of a test."""

    class Kind(models.TextChoices):
        SINGLE = "single", _("One of several")
        MULTIPLE = "multiple", _("Any of several")
        TRUE_FALSE = "truth", _("True or false")
        NUMBER = "number", _("Number")

    exam = models.ForeignKey(Exam, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in a sequence", "position"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.SINGLE)
    points = models.PositiveSmallIntegerField(_("points"), default=1, validators=[MinValueValidator(1), MaxValueValidator(100)])  # fmt: skip
    is_true = models.BooleanField(_("the statement is true"), null=True, blank=True)
    right_number = models.DecimalField(_("right number"), max_digits=14, decimal_places=4, null=True, blank=True)
    tolerance = models.DecimalField(_("may be off by"), max_digits=14, decimal_places=4, default=Decimal(0))

    class Meta:
        verbose_name = pgettext_lazy("of a test", "question")
        verbose_name_plural = pgettext_lazy("of a test", "questions")
        default_permissions = ()
        ordering = ("position", "pk")
        constraints = [
            models.CheckConstraint(
                name="knowledge_question_has_answer",
                condition=(Q(kind="truth", is_true__isnull=False) | ~Q(kind="truth"))
                & (Q(kind="number", right_number__isnull=False) | ~Q(kind="number")),
            ),
        ]


@pgtrigger.register(_locked("SELECT q.exam_id FROM knowledge_examquestion q WHERE q.id = {row}.question_id"))
class ExamOption(_Asked):
    """One of the answers to choose from."""

    question = models.ForeignKey(ExamQuestion, on_delete=models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in a sequence", "position"))
    is_right = models.BooleanField(_("is right"), default=False)

    class Meta:
        verbose_name = pgettext_lazy("of a test", "option")
        verbose_name_plural = pgettext_lazy("of a test", "options")
        default_permissions = ()
        ordering = ("position", "pk")


class Attempt(models.Model):
    """A test that somebody has begun. It ends with a result, or by its time."""

    exam = models.ForeignKey(Exam, on_delete=models.PROTECT, related_name="sittings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(_("begun"), db_default=ClockTimestamp())
    until = models.DateTimeField(_("until"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("attempt at a test")
        verbose_name_plural = _("attempts at tests")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["exam", "person"], condition=Q(ended_at=None), name="knowledge_attempt_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.exam_id}: {self.person_id}"


class Result(models.Model):
    """What one attempt came to. Only added: see the grants in the migrations."""

    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="result")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="results", verbose_name=_("course"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))  # fmt: skip
    points = models.PositiveIntegerField(_("points"))
    most_points = models.PositiveIntegerField(_("highest number of points"))
    percent = models.PositiveSmallIntegerField(_("percent"))
    has_passed = models.BooleanField(_("passed"))
    is_late = models.BooleanField(_("handed in too late"), default=False)
    answers = models.JSONField(_("answers"), default=dict)
    taken_at = models.DateTimeField(_("taken"), db_default=ClockTimestamp())

    class Meta:
        verbose_name = _("test result")
        verbose_name_plural = _("test results")
        default_permissions = ("view",)
        ordering = ("-taken_at", "-pk")
        constraints = [models.CheckConstraint(name="knowledge_result_percent", condition=Q(percent__lte=100))]
        indexes = [models.Index(fields=["person", "course", "-taken_at"], name="knowledge_result_person")]

    def __str__(self) -> str:
        return f"{self.percent} %"


class Certificate(models.Model):
    """A course that a person has completed. Only added; the newest of a course counts."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("person"))  # fmt: skip
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("course"))
    result = models.ForeignKey(Result, on_delete=models.PROTECT, null=True, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, related_name="+")
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    granted_on = models.DateField(_("completed on"))
    valid_until = models.DateField(_("valid until"), null=True)
    created_at = models.DateTimeField(_("created"), db_default=ClockTimestamp())

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        default_permissions = ("view",)
        ordering = ("-granted_on", "-pk")
        indexes = [models.Index(fields=["person", "course", "-granted_on"], name="knowledge_certificate_person")]

    def __str__(self) -> str:
        return str(self.course)
