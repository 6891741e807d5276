"""What the products of a family are told apart by: thickness, use class, fire class, sound reduction."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from catalog.models.names import Named
from catalog.models.products import Family, Product
from foundation.ui import formats

LONGEST_TEXT = 200


class Attribute(Named):
    """One attribute of a family: an administrator's row."""

    class Kind(models.TextChoices):
        NUMBER = "number", pgettext_lazy("kind of value", "Number")
        CHOICE = "choice", _("One of several")
        TEXT = "text", pgettext_lazy("kind of value", "Text")
        TRUTH = "truth", _("Yes or no")

    class Asked(models.TextChoices):
        NOT = "", _("Not asked")
        EXACT = "exact", _("Exactly this, or one of these")
        LEAST = "least", _("At least this")
        RANGE = "range", _("From – to")

    family = models.ForeignKey(
        Family, on_delete=models.CASCADE, related_name="attributes", verbose_name=_("product family")
    )
    code = models.SlugField(_("code"), max_length=40, help_text=_("The same code means the same in every family."))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    unit = models.CharField(_("unit"), max_length=12, blank=True, help_text=_("As it stands behind a number: mm, dB."))
    asked = models.CharField(
        _("in the finder"),
        max_length=8,
        choices=Asked.choices,
        blank=True,
        help_text=_("Numbers: at least or from – to. Choices: exactly or at least, in the order of their options."),
    )
    is_required = models.BooleanField(_("obligatory"), default=False)
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in a sequence", "position"), default=0)

    class Meta:
        verbose_name = _("attribute")
        verbose_name_plural = _("attributes of products")
        ordering = ("family", "position", "pk")
        constraints = [
            models.UniqueConstraint(fields=["family", "code"], name="catalog_attribute_once"),
            models.CheckConstraint(
                name="catalog_attribute_asked_as_its_kind_can",
                condition=Q(asked="")
                | Q(kind="number", asked__in=("least", "range"))
                | Q(kind="choice", asked__in=("exact", "least"))
                | Q(kind="truth", asked="exact"),
                violation_error_message=_("This kind of attribute cannot be asked in this way."),
            ),
        ]

    def say(self, value: Any) -> str:
        """A value of this attribute as the reader writes it."""
        if value is None or value == "":
            return ""
        if self.kind == self.Kind.NUMBER:
            return formats.quantity(Decimal(value), self.unit)
        if self.kind == self.Kind.TRUTH:
            return str(_("yes") if value else _("no"))
        return str(value)


class AttributeOption(Named):
    """One of the values that a choice may have. Their order is their rank: a later one is more."""

    attribute = models.ForeignKey(
        Attribute, on_delete=models.CASCADE, related_name="options", verbose_name=_("attribute")
    )
    code = models.SlugField(_("code"), max_length=40)
    position = models.PositiveSmallIntegerField(
        pgettext_lazy("place in a sequence", "position"), default=0, help_text=_("A later option counts as more.")
    )

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering = ("attribute", "position", "pk")
        constraints = [models.UniqueConstraint(fields=["attribute", "code"], name="catalog_option_once")]


class ProductValue(models.Model):
    """What one product has of one attribute."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="values", verbose_name=_("product"))
    attribute = models.ForeignKey(
        Attribute, on_delete=models.PROTECT, related_name="values", verbose_name=_("attribute")
    )
    number = models.DecimalField(
        pgettext_lazy("kind of value", "number"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    option = models.ForeignKey(
        AttributeOption, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("option")
    )
    text = models.CharField(_("text"), max_length=LONGEST_TEXT, blank=True)
    truth = models.BooleanField(_("yes or no"), null=True, blank=True)

    class Meta:
        verbose_name = _("value of an attribute")
        verbose_name_plural = _("values of attributes")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["product", "attribute"], name="catalog_value_once"),
            models.CheckConstraint(
                name="catalog_value_is_one_thing",
                condition=Q(number__isnull=False, option=None, text="", truth=None)
                | Q(number=None, option__isnull=False, text="", truth=None)
                | (Q(number=None, option=None, truth=None) & ~Q(text=""))
                | Q(number=None, option=None, text="", truth__isnull=False),
            ),
        ]
        indexes = [
            # the finder: products of a family within a range, or with an option
            models.Index(
                fields=["attribute", "number"], name="catalog_value_number", condition=Q(number__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.attribute.say(self.value)

    @property
    def value(self) -> Any:
        """The number, the option, the text, or yes or no."""
        if self.number is not None:
            return self.number
        return self.option if self.option_id else self.text or self.truth

    def label_in(self, language: str = "") -> str:
        """The attribute's name in a language."""
        return self.attribute.name_in(language or get_language() or "en")
