"""What customers say about us."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.journal.machine import guarded, transition
from foundation.journal.models import Subject
from foundation.journal.states import StateField
from foundation.ui.addresses import record_url


class SurveyQuestion(models.Model):
    """A question that an administrator words in every language; scale answers go from 1 (bad) to 5 (good)."""

    class Kind(models.TextChoices):
        SCALE = "scale", _("Scale from 1 to 5")
        TEXT = "text", _("Free text")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.SCALE)
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in a sequence", "position"), default=0)
    text_en = models.CharField(_("English"), max_length=200)
    text_zh_hans = models.CharField(_("Simplified Chinese"), max_length=200, blank=True)
    text_zh_hant = models.CharField(_("Traditional Chinese"), max_length=200, blank=True)
    text_de = models.CharField(_("German"), max_length=200, blank=True)
    is_overall = models.BooleanField(_("counts as overall satisfaction"), default=False)
    is_required = models.BooleanField(_("required"), default=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("survey question")
        verbose_name_plural = _("survey questions")
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["is_overall"], condition=Q(is_overall=True), name="aftersales_one_overall_question"
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The question in the active language, in English where nobody has translated it."""
        column = f"text_{(get_language() or 'en').replace('-', '_')}"
        return getattr(self, column, "") or self.text_en


@guarded("status")
class Survey(Subject):
    """One customer asked once."""

    class Status(models.TextChoices):
        REQUESTED = "requested", _("Asked")
        ANSWERED = "answered", _("Answered")

    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    status = StateField(_("status"), choices=Status.choices, default=Status.REQUESTED, editable=False)
    customer = models.ForeignKey(
        "crm.Customer", on_delete=models.PROTECT, null=True, related_name="surveys", verbose_name=_("customer")
    )
    ticket = models.ForeignKey(
        "aftersales.Ticket", on_delete=models.PROTECT, null=True, related_name="surveys", verbose_name=_("ticket")
    )
    language = models.CharField(_("language"), max_length=10, default="en")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("owner")
    )
    score = models.PositiveSmallIntegerField(_("overall satisfaction"), null=True, editable=False)
    requested_at = models.DateTimeField(_("asked"), db_default=Now(), editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)

    PATH = ("requested", "answered")
    record_icon = "star"

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                name="aftersales_survey_answered_has_score",
                condition=~Q(status="answered") | Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="aftersales_survey_score_one_to_five",
                condition=Q(score__isnull=True) | Q(score__gte=1, score__lte=5),
            ),
        ]
        indexes = [
            models.Index(fields=["answered_at"], name="aftersales_survey_answered", condition=Q(status="answered")),
            models.Index(fields=["customer", "-requested_at"], name="aftersales_survey_customer"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The survey's page."""
        return record_url("aftersales:survey", self.pk)

    def journal_facts(self) -> dict[str, Any]:
        """What rules may ask about this survey."""
        return {
            "number": self.number,
            "language": self.language,
            "owner_id": self.owner_id,
            "ticket": self.ticket.number if self.ticket else "",
            "score": self.score,
        }

    @transition(
        status,
        source=Status.REQUESTED,
        target=Status.ANSWERED,
        label=pgettext_lazy("survey", "Answer"),
        event="survey.answered",
    )
    def answer(self, *, at: Any, score: int | None) -> None:
        """The customer has spoken."""
        self.answered_at = at
        self.score = score


class SurveyAnswer(models.Model):
    """One answer, with the question as it was worded."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="answers", verbose_name=_("survey"))
    question = models.ForeignKey(SurveyQuestion, on_delete=models.PROTECT, related_name="+", verbose_name=_("question"))
    wording = models.CharField(_("question as asked"), max_length=200)
    score = models.PositiveSmallIntegerField(_("score"), null=True)
    text = models.TextField(_("text"), blank=True)

    class Meta:
        verbose_name = _("survey answer")
        verbose_name_plural = _("survey answers")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["survey", "question"], name="aftersales_one_answer_per_question"),
            models.CheckConstraint(
                name="aftersales_answer_score_one_to_five",
                condition=Q(score__isnull=True) | Q(score__gte=1, score__lte=5),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wording}: {self.score or self.text}"
