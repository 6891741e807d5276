"""What an administrator decides about articles and training."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.ui.once import once
from foundation.ui.shelf import Shelf, follow


class KnowledgePolicy(models.Model):
    """The days that count for articles, courses and certificates: one row."""

    review_days = models.PositiveSmallIntegerField(
        _("days after which a published article is looked at again"),
        default=365,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("Whoever publishes may choose another day."),
    )
    reminder_days = models.PositiveSmallIntegerField(
        _("days before a course is due that its task is made"), default=30, validators=[MaxValueValidator(365)]
    )
    expiring_days = models.PositiveSmallIntegerField(
        _("days before its end from which a certificate counts as expiring"),
        default=30,
        validators=[MaxValueValidator(365)],
    )

    class Meta:
        verbose_name = _("rules for knowledge and training")
        verbose_name_plural = _("rules for knowledge and training")
        constraints = [models.CheckConstraint(name="knowledge_policy_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(_("Rules for knowledge and training"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> KnowledgePolicy:
        """The rules in force; the shipped ones where nobody has saved any. They are shared: to change them, read the row."""
        return once("knowledge.policy", _shelf.get)

    @property
    def review_after(self) -> timedelta:
        """How long a published article stands without another look."""
        return timedelta(days=self.review_days)


_shelf: Shelf[KnowledgePolicy] = Shelf(lambda: KnowledgePolicy.objects.filter(pk=1).first() or KnowledgePolicy(pk=1))
follow(KnowledgePolicy)
