"""What quotes and orders have in common: lines, cost items, and the lock that falls when they leave the draft."""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders.models.incoterms import CostKind

NOT_NEGATIVE = MinValueValidator(Decimal(0))


def locked_with(parent: str, key: str, *, origin: str = "''") -> pgtrigger.Trigger:
    """Refuse, in the database, to change or remove a row whose `parent` has left the draft.

    `origin` is the parent's column that marks imported history, which may be corrected by a later import.
    """
    return pgtrigger.Trigger(
        name="locked_after_draft",
        operation=pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        declare=[("is_open", "boolean")],
        func=f"""
            SELECT status = 'draft' OR {origin} <> '' INTO is_open FROM {parent} WHERE id = OLD.{key};
            IF NOT is_open THEN
                RAISE EXCEPTION 'locked: % % has left the draft', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,  # noqa: S608 - names of our own tables
    )


class Line(models.Model):
    """One line of goods. A draft may lack what a review asks for."""

    position = models.PositiveSmallIntegerField(pgettext_lazy("line", "position"))
    product = models.ForeignKey(
        "catalog.Product", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    description = models.CharField(_("description"), max_length=250, blank=True)
    specification = models.CharField(_("specification"), max_length=500, blank=True)
    brand = models.CharField(_("brand"), max_length=120, blank=True)
    hs_code = models.CharField(_("HS code"), max_length=16, blank=True)
    quantity = models.DecimalField(
        _("quantity"),
        max_digits=14,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.001"))],
    )
    unit = models.CharField(_("unit"), max_length=12, blank=True)
    unit_price = models.DecimalField(
        _("unit price"), max_digits=14, decimal_places=4, null=True, blank=True, validators=[NOT_NEGATIVE]
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, default=Decimal(0), editable=False)

    class Meta:
        abstract = True
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return f"{self.position}. {self.description}"


class CostItem(models.Model):
    """One part of a delivered price besides the goods."""

    kind = models.CharField(_("cost"), max_length=20, choices=CostKind.choices)
    amount = models.DecimalField(
        _("amount"), max_digits=14, decimal_places=2, default=Decimal(0), validators=[NOT_NEGATIVE]
    )

    class Meta:
        abstract = True
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.amount}"  # type: ignore[attr-defined]
