"""How a reception goes: the steps, what happened in them, and who signed in."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models.appointments import Worded
from crm.models.receptions import Reception
from foundation.journal.models import Attachment, ClockTimestamp


class ReceptionStep(Worded):
    """One step of every reception and how long it usually takes; an administrator's row."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    planned_minutes = models.PositiveSmallIntegerField(
        _("planned minutes"), default=10, validators=[MinValueValidator(1), MaxValueValidator(480)]
    )
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in a sequence", "position"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("step of receptions")
        verbose_name_plural = _("steps of receptions")
        ordering = ("position", "pk")


class StepRun(models.Model):
    """One step of one reception, with the server's time of its beginning and its end."""

    reception = models.ForeignKey(Reception, on_delete=models.CASCADE, related_name="steps")
    step = models.ForeignKey(ReceptionStep, on_delete=models.SET_NULL, null=True, related_name="+")
    own_text = models.CharField(_("text"), max_length=200)
    planned_minutes = models.PositiveSmallIntegerField(_("planned minutes"))
    position = models.PositiveSmallIntegerField(default=0)
    began_at = models.DateTimeField(_("began"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ticked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("step of a reception")
        verbose_name_plural = _("steps of a reception")
        default_permissions = ()
        ordering = ("position", "pk")
        constraints = [
            models.CheckConstraint(
                name="crm_steprun_ends_later",
                condition=Q(ended_at=None) | Q(began_at__isnull=False, ended_at__gte=F("began_at")),
            ),
            # nobody is in two places
            models.UniqueConstraint(
                fields=["reception"],
                name="crm_steprun_one_at_a_time",
                condition=Q(began_at__isnull=False, ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """What is done in it, in the reader's language."""
        return self.step.text if self.step is not None else self.own_text

    @property
    def is_running(self) -> bool:
        """Begun and not ended."""
        return self.began_at is not None and self.ended_at is None

    def minutes(self, now: datetime | None = None) -> int:
        """Whole minutes that it took, or has taken until now."""
        if self.began_at is None:
            return 0
        until = self.ended_at or now or timezone.now()
        return max(0, int((until - self.began_at).total_seconds() // 60))

    @property
    def over_by(self) -> int:
        """Minutes by which it has run over its plan."""
        return max(0, self.minutes() - self.planned_minutes)


class ReceptionVisitor(models.Model):
    """The visitor form: who came, how they liked it, and their signature, drawn on the screen."""

    class Rating(models.TextChoices):
        SATISFIED = "satisfied", _("Satisfied")
        AVERAGE = "average", pgettext_lazy("rating", "Average")
        DISSATISFIED = "dissatisfied", _("Dissatisfied")

    reception = models.ForeignKey(Reception, on_delete=models.PROTECT, related_name="visitors")
    name = models.CharField(_("name"), max_length=120)
    company = models.CharField(_("company"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("email"), blank=True)
    has_consented = models.BooleanField(_("consent"), default=False)
    rating = models.CharField(_("rating of the host"), max_length=12, choices=Rating.choices, blank=True)
    impression = models.CharField(_("impression"), max_length=500, blank=True)
    assessment = models.CharField(_("assessment"), max_length=500, blank=True)
    suggestions = models.CharField(_("suggestions"), max_length=500, blank=True)
    signature = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(_("signed"), db_default=ClockTimestamp())
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("visitor")
        verbose_name_plural = _("visitors")
        default_permissions = ()
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name
