"""The steps of a service career, the assessment that each needs, and where people stand."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.journal.models import ClockTimestamp
from foundation.knowledge.models.training import Course
from foundation.knowledge.words import Named, words_of


class Level(Named):
    """One step of the career; an administrator's row."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    about_en = models.TextField(_("what is done on it, English"), blank=True)
    about_zh_hans = models.TextField(_("what is done on it, Simplified Chinese"), blank=True)
    about_zh_hant = models.TextField(_("what is done on it, Traditional Chinese"), blank=True)
    about_de = models.TextField(_("what is done on it, German"), blank=True)
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in a sequence", "position"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("career level")
        verbose_name_plural = _("career levels")
        default_permissions = ("view", "add", "change")
        ordering = ("position", "pk")

    @property
    def about(self) -> str:
        """In the active language."""
        return words_of(self, "about")


class LevelNeed(Named):
    """What somebody must have for a level: a completed course, time on the level before, or an assessment."""

    class Kind(models.TextChoices):
        COURSE = "course", _("a completed course")
        MONTHS = "months", _("months on the level before")
        ASSESSMENT = "assessment", _("an assessment by the manager")

    level = models.ForeignKey(Level, on_delete=models.CASCADE, related_name="needs", verbose_name=_("level"))
    code = models.SlugField(_("code"), max_length=60)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("course")
    )
    months = models.PositiveSmallIntegerField(
        _("months"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in a sequence", "position"), default=0)

    class Meta:
        verbose_name = _("requirement of a level")
        verbose_name_plural = _("requirements of levels")
        default_permissions = ("view", "add", "change", "delete")
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(fields=["level", "code"], name="knowledge_need_once"),
            models.CheckConstraint(
                name="knowledge_need_is_whole",
                condition=Q(kind="course", course__isnull=False, months=None)
                | Q(kind="months", course=None, months__isnull=False)
                | Q(kind="assessment", course=None, months=None),
            ),
        ]


class Assessment(models.Model):
    """A manager's judgement of one requirement. Only added; the newest counts."""

    need = models.ForeignKey(LevelNeed, on_delete=models.PROTECT, related_name="assessments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    has_passed = models.BooleanField(_("passed"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField(_("assessed"), db_default=ClockTimestamp())

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="knowledge_assessed_by_another", condition=~Q(by=models.F("person"))),
        ]
        indexes = [models.Index(fields=["person", "need", "-id"], name="knowledge_assessment_newest")]

    def __str__(self) -> str:
        return f"{self.need_id}: {self.person_id}"


class Standing(models.Model):
    """A level that somebody was given. Only added; the newest counts."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="standings")
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+", verbose_name=_("level"))
    since_on = models.DateField(_("since"))
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("note"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=ClockTimestamp())

    class Meta:
        verbose_name = _("level of a person")
        verbose_name_plural = _("levels of people")
        default_permissions = ("view",)
        indexes = [models.Index(fields=["person", "-id"], name="knowledge_standing_newest")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.level}"
