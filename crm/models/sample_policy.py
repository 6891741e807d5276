"""What an administrator decides about samples and technical requests."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.ui.shelf import Shelf, follow


class DecidedBy(models.TextChoices):
    """How we heard of a customer's decision."""

    LINK = "link", pgettext_lazy("decision heard by", "Customer's page")
    PHONE = "phone", pgettext_lazy("decision heard by", "Phone")
    EMAIL = "email", pgettext_lazy("decision heard by", "Email")
    CHAT = "chat", pgettext_lazy("decision heard by", "Chat")
    MEETING = "meeting", pgettext_lazy("decision heard by", "In person")


class SamplePolicy(models.Model):
    """How samples and drawings are followed up and released: one row."""

    days_on_the_way = models.PositiveSmallIntegerField(
        _("days after the dispatch on which we ask whether samples have come"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("Counted anew from the receipt, once it is noted."),
    )
    follow_up_days = models.PositiveSmallIntegerField(
        _("days after the receipt, or after drawings went out, on which we ask for the decision"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    link_days = models.PositiveSmallIntegerField(
        _("days for which a customer's link opens"),
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
    )
    needs_release = models.BooleanField(
        _("drawings are released by a second person"),
        default=True,
        help_text=_("Off: what the technical team submits may go to the customer at once."),
    )

    class Meta:
        verbose_name = _("rules for samples and technical requests")
        verbose_name_plural = _("rules for samples and technical requests")
        constraints = [models.CheckConstraint(name="crm_samplepolicy_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(_("Rules for samples and technical requests"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> SamplePolicy:
        """The rules in force. They are shared: to change them, read the row."""
        return _shelf.get()


_shelf: Shelf[SamplePolicy] = Shelf(lambda: SamplePolicy.objects.get_or_create(pk=1)[0])
follow(SamplePolicy)
