"""What customers answered: structured, belonging to the version that was asked, added and never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.models.questionnaires import Option, Question, QuestionnaireVersion
from foundation.ui import formats


class Response(models.Model):
    """A questionnaire answered once by one customer. The application adds it and never changes it."""

    version = models.ForeignKey(
        QuestionnaireVersion, on_delete=models.PROTECT, related_name="responses", verbose_name=_("version")
    )
    customer = models.ForeignKey(
        "crm.Customer", on_delete=models.PROTECT, related_name="responses", verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        "crm.Contact", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("contact")
    )
    language = models.CharField(_("language"), max_length=10, default="en")
    answered_at = models.DateTimeField(_("answered"), db_default=Now())
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("asked by")
    )

    class Meta:
        verbose_name = _("answered questionnaire")
        verbose_name_plural = _("answered questionnaires")
        default_permissions = ("view", "add")
        indexes = [
            # results of a period
            models.Index(fields=["version", "-answered_at"], name="crm_response_version"),
            models.Index(fields=["customer", "-answered_at"], name="crm_response_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.version} #{self.pk}"


class Answer(models.Model):
    """One answer; a question with several chosen options has one row for each. Added and never changed."""

    response = models.ForeignKey(
        Response, on_delete=models.PROTECT, related_name="answers", verbose_name=_("answered questionnaire")
    )
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers", verbose_name=_("question"))
    option = models.ForeignKey(
        Option, on_delete=models.PROTECT, null=True, related_name="answers", verbose_name=_("option")
    )
    number = models.DecimalField(_("number"), max_digits=16, decimal_places=4, null=True)
    day = models.DateField(_("day"), null=True)
    text = models.TextField(_("text"), blank=True)
    attachment = models.ForeignKey(
        "journal.Attachment", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("file")
    )

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        default_permissions = ("view", "add")
        constraints = [
            models.UniqueConstraint(
                fields=["response", "question", "option"], nulls_distinct=False, name="crm_answer_once"
            ),
            models.CheckConstraint(
                name="crm_answer_says_something",
                condition=Q(option__isnull=False)
                | Q(number__isnull=False)
                | Q(day__isnull=False)
                | ~Q(text="")
                | Q(attachment__isnull=False),
            ),
        ]
        indexes = [
            # the bars of a question
            models.Index(fields=["question", "option", "number"], name="crm_answer_counted"),
        ]

    def __str__(self) -> str:
        return self.said

    @property
    def said(self) -> str:
        """The answer in words, in the active language."""
        if self.option is not None:
            return self.option.text
        if self.number is not None:
            number = formats.number(self.number.normalize() if self.number % 1 else int(self.number))
            return f"{number} / {self.question.scale_max}" if self.question.kind == "scale" else number
        if self.day is not None:
            return formats.day(self.day)
        return self.text
