"""The numbers behind stock, finder and alternatives: one row that an administrator edits."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.ui.shelf import Shelf, follow


class CataloguePolicy(models.Model):
    """One row."""

    allows_negative_stock = models.BooleanField(
        _("stock may fall below zero"), default=False, help_text=_("Where goods leave before their receipt is entered.")
    )
    number_band_percent = models.PositiveSmallIntegerField(
        _("how far a number may be off and still be near, per cent"),
        default=40,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
        help_text=_("A floor of 4 mm is 20 % off 5 mm. What is further off is neither found nor an alternative."),
    )
    price_band_percent = models.PositiveSmallIntegerField(
        _("how much dearer or cheaper an alternative may be, per cent"),
        default=25,
        validators=[MinValueValidator(1), MaxValueValidator(500)],
    )
    budget_over_percent = models.PositiveSmallIntegerField(
        _("how far over the budget the finder still shows, per cent"),
        default=15,
        validators=[MaxValueValidator(500)],
    )
    same_class_or_higher = models.BooleanField(
        _("alternatives have the same class or a higher one"),
        default=True,
        help_text=_("For all attributes that are asked as “at least”."),
    )
    most_alternatives = models.PositiveSmallIntegerField(
        _("how many alternatives are named"), default=4, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )

    class Meta:
        verbose_name = _("catalogue policy")
        verbose_name_plural = _("catalogue policy")
        constraints = [models.CheckConstraint(name="catalog_policy_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(_("Catalogue policy"))

    @classmethod
    def current(cls) -> CataloguePolicy:
        """The rules in force. They are shared: to change them, read the row."""
        return _shelf.get()


_shelf: Shelf[CataloguePolicy] = Shelf(lambda: CataloguePolicy.objects.filter(pk=1).first() or CataloguePolicy(pk=1))
follow(CataloguePolicy)
