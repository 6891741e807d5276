"""The Incoterms rules of three editions, and which party bears which cost under each."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

EDITION = 2020


class CostKind(models.TextChoices):
    """The parts of a delivered price, in the order in which the goods travel."""

    GOODS = "goods", _("Goods")
    INLAND_HAULAGE = "inland_haulage", _("Inland haulage to the port")
    EXPORT_CLEARANCE = "export_clearance", _("Export clearance")
    MAIN_CARRIAGE = "main_carriage", _("Main carriage")
    INSURANCE = "insurance", _("Cargo insurance")
    DUTY_TAXES = "duty_taxes", _("Import clearance, duty and taxes")
    DELIVERY = "delivery", _("Delivery to the door")


class Payer(models.TextChoices):
    SELLER = "seller", _("Seller")
    BUYER = "buyer", _("Buyer")


class Incoterm(models.Model):
    """One rule of one edition: CIF of 2020. Forms offer the current edition, imported history knows older ones."""

    class Transport(models.TextChoices):
        ANY = "any", _("Any mode of transport")
        SEA = "sea", _("Sea and inland waterway")

    code = models.CharField(_("code"), max_length=3)
    edition = models.PositiveSmallIntegerField(_("edition"))
    name = models.CharField(_("name"), max_length=80)
    transport = models.CharField(_("transport"), max_length=4, choices=Transport.choices)
    place_means = models.CharField(
        _("the named place is"), max_length=120, blank=True, help_text=_("For instance: port of destination.")
    )

    class Meta:
        verbose_name = _("Incoterms rule")
        verbose_name_plural = _("Incoterms rules")
        ordering = ("-edition", "code")
        constraints = [models.UniqueConstraint(fields=["code", "edition"], name="orders_incoterm_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.edition}"


class IncotermCost(models.Model):
    """Who bears one kind of cost under one rule."""

    incoterm = models.ForeignKey(Incoterm, on_delete=models.CASCADE, related_name="costs", verbose_name=_("rule"))
    kind = models.CharField(_("cost"), max_length=20, choices=CostKind.choices)
    payer = models.CharField(_("borne by"), max_length=6, choices=Payer.choices)

    class Meta:
        verbose_name = _("cost under a rule")
        verbose_name_plural = _("costs under a rule")
        constraints = [models.UniqueConstraint(fields=["incoterm", "kind"], name="orders_incotermcost_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.payer}"
