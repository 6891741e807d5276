"""What the company wants to reach."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.journal.models import ClockTimestamp


class FigureTarget(models.Model):
    """The goal of one figure, as an administrator set it."""

    figure = models.CharField(_("figure"), max_length=60, unique=True)
    value = models.DecimalField(_("target"), max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = _("target of a figure")
        verbose_name_plural = _("targets of figures")
        ordering = ("figure",)
        permissions = [("view_figures", "Can see the company's figures")]

    def __str__(self) -> str:
        return f"{self.figure}: {self.value}"


class ParetoPolicy(models.Model):
    """Where the classes of customers end: one row that an administrator edits."""

    a_percent = models.PositiveSmallIntegerField(
        _("class A makes this share of the revenue, in percent"),
        default=80,
        validators=[MinValueValidator(1), MaxValueValidator(98)],
    )
    b_percent = models.PositiveSmallIntegerField(
        _("class A and B make this share, in percent"),
        default=95,
        validators=[MinValueValidator(2), MaxValueValidator(99)],
    )

    class Meta:
        verbose_name = _("classes of customers by revenue")
        verbose_name_plural = _("classes of customers by revenue")
        constraints = [
            models.CheckConstraint(name="kpi_paretopolicy_one_row", condition=models.Q(pk=1)),
            models.CheckConstraint(
                name="kpi_paretopolicy_in_order",
                condition=models.Q(b_percent__gt=models.F("a_percent")),
                violation_error_message=_("The second share must be larger than the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.a_percent} / {self.b_percent}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> ParetoPolicy:
        """The shares in force."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class DailyFigure(models.Model):
    """What a figure counted on one day of the company's zone. Written by the refresh only; days without rows have none."""

    figure = models.CharField(max_length=60)
    day = models.DateField()
    # hits, or the exact sum of a mean's parts: quotients of numeric(14, 4) have at most 24 places
    numerator = models.DecimalField(max_digits=60, decimal_places=30)
    denominator = models.BigIntegerField()

    class Meta:
        verbose_name = _("figure of a day")
        verbose_name_plural = _("figures of days")
        default_permissions = ()
        constraints = [
            # also what the pages read: one figure, a stretch of days
            models.UniqueConstraint(fields=["figure", "day"], name="kpi_daily_once"),
            models.CheckConstraint(name="kpi_daily_counts_rows", condition=models.Q(denominator__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.day}"


class RollUp(models.Model):
    """A figure whose days are counted, and what they were counted by: definition, zone and settings, as a digest."""

    figure = models.CharField(max_length=60, unique=True)
    basis = models.CharField(max_length=64)
    counted_at = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        verbose_name = _("counted figure")
        verbose_name_plural = _("counted figures")
        default_permissions = ()

    def __str__(self) -> str:
        return self.figure


class Touch(models.Model):
    """A change that may move a figure's days, noted by a trigger in the transaction that made it.

    It names the day, the moment, or the record (`ref`) whose days are to be counted again. Rows are only added, and
    removed by the refresh that has counted what they name.
    """

    source = models.CharField(max_length=60)
    day = models.DateField(null=True)
    moment = models.DateTimeField(null=True)
    ref = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("touched day")
        verbose_name_plural = _("touched days")
        default_permissions = ()
        # has anything touched this figure?
        indexes = [models.Index(fields=["source"], name="kpi_touch_source")]

    def __str__(self) -> str:
        return f"{self.source} {self.day or self.moment or self.ref}"
