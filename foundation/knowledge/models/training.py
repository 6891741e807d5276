"""Courses: who must learn what until when, at which sessions, and who came."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.accounts.models import Team
from foundation.accounts.roles import role_label
from foundation.journal.machine import guarded, transition
from foundation.journal.models import ClockTimestamp, Subject
from foundation.journal.states import StateField
from foundation.knowledge.models.articles import Article
from foundation.knowledge.words import COLUMNS, Named, in_all_languages, words_of
from foundation.lists.search import Searchable, SearchableManager, SearchableQuerySet, search_index
from foundation.todos.models import Task
from foundation.ui.addresses import record_url


class Course(Named, Subject, Searchable):
    """Something to be learnt: its materials, its sessions, its test."""

    SEARCH_FIELDS = ("code", *(f"title_{column}" for column in COLUMNS))
    record_icon = "academic-cap"

    code = models.SlugField(_("code"), max_length=60, unique=True)
    about_en = models.TextField(_("what is learnt, English"), blank=True)
    about_zh_hans = models.TextField(_("what is learnt, Simplified Chinese"), blank=True)
    about_zh_hant = models.TextField(_("what is learnt, Traditional Chinese"), blank=True)
    about_de = models.TextField(_("what is learnt, German"), blank=True)
    materials = models.ManyToManyField(Article, blank=True, related_name="courses", verbose_name=_("materials"))
    needs_attendance = models.BooleanField(_("somebody must have attended a session"), default=False)
    repeat_months = models.PositiveSmallIntegerField(
        _("to be repeated after so many months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("Empty: once is enough."),
    )
    is_active = models.BooleanField(_("in use"), default=True)
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in a sequence", "position"), default=0)
    created_at = models.DateTimeField(_("created"), db_default=ClockTimestamp(), editable=False)

    objects = SearchableManager.from_queryset(SearchableQuerySet)()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        default_permissions = ("view", "add", "change")
        permissions = [
            ("manage_training", _("Can plan courses, sessions and tests, and see everybody's results")),
        ]
        ordering = ("position", "title_en", "pk")
        indexes = [search_index("knowledge_course")]

    @property
    def about(self) -> str:
        """In the active language."""
        return words_of(self, "about")

    def get_absolute_url(self) -> str:
        """The course's page."""
        return record_url("knowledge:course", self.pk)

    def customer_ref(self) -> int | None:
        """Nobody's."""
        return None

    def journal_facts(self) -> dict[str, Any]:
        """What it is called."""
        return {"title": in_all_languages(self, "title")}

    def search_texts(self) -> list[str]:
        """Titles in every language."""
        return [self.code.replace("-", " "), *(getattr(self, f"title_{column}") for column in COLUMNS)]


class Duty(models.Model):
    """Who must take a course: a role, a team or one person; within so many days of joining, or until a day."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="duties", verbose_name=_("course"))
    role = models.ForeignKey(
        Group, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("role")
    )
    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("person")
    )  # fmt: skip
    until_on = models.DateField(_("until the day"), null=True, blank=True)
    within_days = models.PositiveSmallIntegerField(
        _("days after joining or after the plan was made"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
        help_text=_("Counts where no day is given."),
    )
    created_at = models.DateTimeField(_("created"), db_default=ClockTimestamp(), editable=False)

    class Meta:
        verbose_name = _("who must take a course")
        verbose_name_plural = _("who must take courses")
        default_permissions = ()
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                name="knowledge_duty_of_one",
                condition=Q(role__isnull=False, team=None, person=None)
                | Q(role=None, team__isnull=False, person=None)
                | Q(role=None, team=None, person__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["course", "role", "team", "person"], nulls_distinct=False, name="knowledge_duty_once"
            ),
        ]

    def __str__(self) -> str:
        return self.whom

    @property
    def whom(self) -> str:
        """The role, the team or the person, in words."""
        if self.role_id is not None and self.role is not None:
            return role_label(self.role.name)
        return str(self.team or self.person)


@guarded("status")
class Session(Subject):
    """A course held at one time in one place."""

    class Status(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("training session", "Planned")
        HELD = "held", pgettext_lazy("training session", "Held")
        CANCELLED = "cancelled", pgettext_lazy("training session", "Cancelled")

    PATH = (Status.PLANNED, Status.HELD)
    READ_WITH = ("course", "trainer")
    record_icon = "academic-cap"

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("course"))
    status = StateField(_("status"), choices=Status.choices, default=Status.PLANNED, editable=False)
    begins_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200)
    trainer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("trainer")
    )  # fmt: skip
    outside_trainer = models.CharField(_("trainer from outside"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    note = models.CharField(_("note"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=ClockTimestamp(), editable=False)

    class Meta:
        verbose_name = _("training session")
        verbose_name_plural = _("training sessions")
        default_permissions = ("view",)
        ordering = ("-begins_at", "-pk")
        constraints = [
            models.CheckConstraint(name="knowledge_session_ends_later", condition=Q(ends_at__gt=F("begins_at"))),
        ]
        indexes = [models.Index(fields=["-begins_at"], name="knowledge_session_newest")]

    def __str__(self) -> str:
        return self.course.title

    def get_absolute_url(self) -> str:
        """The session's page."""
        return record_url("knowledge:session", self.pk)

    def customer_ref(self) -> int | None:
        """Nobody's."""
        return None

    def journal_facts(self) -> dict[str, Any]:
        """Which course, when."""
        return {
            "title": in_all_languages(self.course, "title"),
            "course_id": self.course_id,
            "begins_at": self.begins_at,
            "owner_id": self.trainer_id,
        }

    @transition(
        status,
        source=Status.PLANNED,
        target=Status.HELD,
        label=pgettext_lazy("training session", "It was held"),
        permission="knowledge.manage_training",
        event="training_session.held",
        primary=True,
    )
    def hold(self) -> None:
        """Attendance is complete."""

    @transition(
        status,
        source=Status.PLANNED,
        target=Status.CANCELLED,
        label=pgettext_lazy("training session", "Cancel the session"),
        permission="knowledge.manage_training",
        event="training_session.cancelled",
        danger=True,
    )
    def cancel(self) -> None:
        """It does not take place."""


class Attendance(models.Model):
    """One person at one session."""

    class State(models.TextChoices):
        INVITED = "invited", pgettext_lazy("attendance", "Invited")
        ATTENDED = "attended", pgettext_lazy("attendance", "Attended")
        ABSENT = "absent", pgettext_lazy("attendance", "Absent")

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendances")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.INVITED)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    ticked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ticked_at = models.DateTimeField(_("ticked"), null=True)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        default_permissions = ()
        ordering = ("person__name", "pk")
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="knowledge_attendance_once"),
            models.CheckConstraint(name="knowledge_absent_has_reason", condition=~Q(state="absent") | ~Q(reason="")),
        ]
        indexes = [models.Index(fields=["person", "state"], name="knowledge_attendance_person")]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.person_id} {self.state}"


class Errand(models.Model):
    """The task by which somebody is reminded of a course; one for each day on which it falls due."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="errands")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    due_on = models.DateField(_("due on"))
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("reminder of a course")
        verbose_name_plural = _("reminders of courses")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["course", "person", "due_on"], name="knowledge_errand_once"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id}: {self.person_id}"
