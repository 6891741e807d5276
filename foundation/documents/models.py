"""Series of document numbers: people see numbers, never keys."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.documents.patterns import PatternError, render_number


def validate_pattern(value: str) -> None:
    """Refuse a pattern without a counting place, or with a place that means nothing."""
    try:
        render_number(value, year=2026, n=1)
    except PatternError as error:
        raise ValidationError(str(error)) from error


class NumberSeries(models.Model):
    """One kind of number: how it looks, and the last one given out."""

    code = models.SlugField(
        _("series"), max_length=40, unique=True, help_text=_("What is numbered, for instance order.")
    )
    pattern = models.CharField(
        _("pattern"),
        max_length=60,
        validators=[validate_pattern],
        help_text=_("For instance SO-{year}-{n:04}. With {year} or {yy} the count begins again at 1 each year."),
    )
    year = models.PositiveSmallIntegerField(_("year of the last number"), default=0, editable=False)
    last = models.PositiveBigIntegerField(
        _("last number given"), default=0, help_text=_("May be raised, never lowered.")
    )

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        ordering = ("code",)
        default_permissions = ("view", "change")

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        """A lowered count would give out numbers a second time."""
        before = type(self).objects.filter(pk=self.pk).first() if self.pk else None
        if before and self.last < before.last:
            raise ValidationError(
                {"last": _("The last number given is %(last)d: it cannot be lowered.") % {"last": before.last}}
            )
