"""What the company wants to reach."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


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
