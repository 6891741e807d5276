"""Units of quantity, and what a pack of a product holds."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models.names import Named

SMALLEST = MinValueValidator(0.000001)


class Unit(Named):
    """A unit: its code is what lines store. `factor` converts to the dimension's base unit; counted packs have none."""

    class Dimension(models.TextChoices):
        COUNT = "count", _("Count")
        PACK = "pack", _("Pack (its content depends on the product)")
        LENGTH = "length", _("Length")
        AREA = "area", _("Area")
        VOLUME = "volume", _("Volume")
        MASS = "mass", _("Mass")
        TIME = "time", _("Time")

    code = models.SlugField(_("code"), max_length=12, unique=True)
    symbol = models.CharField(_("symbol"), max_length=12, help_text=_("As it stands behind a number: m², kg."))
    symbol_de = models.CharField(_("symbol in German"), max_length=12, blank=True)
    symbol_zh_hans = models.CharField(_("symbol in Simplified Chinese"), max_length=12, blank=True)
    symbol_zh_hant = models.CharField(_("symbol in Traditional Chinese"), max_length=12, blank=True)
    dimension = models.CharField(_("dimension"), max_length=8, choices=Dimension.choices)
    factor = models.DecimalField(
        _("factor"),
        max_digits=18,
        decimal_places=9,
        null=True,
        blank=True,
        validators=[SMALLEST],
        help_text=_("How many of the dimension's base unit (piece, m, m², m³, kg, hour) one is; empty for packs."),
    )
    is_active = models.BooleanField(_("offered in forms"), default=True)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ("dimension", "code")
        constraints = [
            models.CheckConstraint(
                name="catalog_unit_factor_unless_pack",
                condition=Q(dimension="pack", factor__isnull=True)
                | (~Q(dimension="pack") & Q(factor__isnull=False, factor__gt=0)),
            )
        ]

    def symbol_in(self, language: str) -> str:
        """What stands behind a number in `language`."""
        return str(getattr(self, f"symbol_{language.replace('-', '_')}", "") or self.symbol)


class Pack(models.Model):
    """What one pack of a product holds: 1 box = 2.232 m²."""

    product = models.ForeignKey(
        "catalog.Product", on_delete=models.CASCADE, related_name="packs", verbose_name=_("product")
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("pack"))
    quantity = models.DecimalField(
        _("holds"),
        max_digits=14,
        decimal_places=6,
        validators=[SMALLEST],
        help_text=_("How much of the product's own unit one such pack holds."),
    )

    class Meta:
        verbose_name = _("pack")
        verbose_name_plural = _("packs")
        constraints = [
            models.UniqueConstraint(fields=["product", "unit"], name="catalog_pack_once"),
            models.CheckConstraint(name="catalog_pack_holds_something", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.quantity.normalize():f}"
