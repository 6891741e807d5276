"""What the company has decided about after-sales: one row that an administrator edits."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.ui.shelf import Shelf, follow


class AfterSalesPolicy(models.Model):
    """Numbers of the handbook."""

    warranty_months = models.PositiveSmallIntegerField(
        _("warranty in months"), default=12, help_text=_("Runs from the contract date.")
    )
    survey_after_resolution = models.BooleanField(_("ask for an opinion when a ticket is closed"), default=True)
    survey_valid_days = models.PositiveSmallIntegerField(_("days to answer a survey"), default=30)
    bad_score = models.PositiveSmallIntegerField(
        _("a survey at or below this score opens a ticket"),
        default=2,
        help_text=_("On the scale from 1 to 5; 0 never does."),
    )
    callback_after_completion = models.BooleanField(_("call the customer when an order is completed"), default=True)
    callback_after_days = models.PositiveSmallIntegerField(
        _("days from completion to the callback"), default=3, validators=[MaxValueValidator(365)]
    )
    satisfied_score = models.PositiveSmallIntegerField(_("satisfied from this score on"), default=4)

    class Meta:
        verbose_name = _("after-sales policy")
        verbose_name_plural = _("after-sales policy")
        constraints = [models.CheckConstraint(name="aftersales_policy_one_row", condition=models.Q(pk=1))]

    def __str__(self) -> str:
        return str(_("After-sales policy"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> AfterSalesPolicy:
        """The policy in force. It is shared: to change it, read the row."""
        return _shelf.get()


_shelf: Shelf[AfterSalesPolicy] = Shelf(lambda: AfterSalesPolicy.objects.get_or_create(pk=1)[0])
follow(AfterSalesPolicy)
