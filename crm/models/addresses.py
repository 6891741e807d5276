"""The places of customers."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left, Now, Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from phonenumber_field.modelfields import PhoneNumberField

from crm.models.customers import Customer
from crm.routes import Position
from foundation.ui.places import country_name


class Address(models.Model):
    """A place of a customer's, written as its country writes it."""

    class Kind(models.TextChoices):
        OFFICE = "office", _("Office")
        DELIVERY = "delivery", _("Delivery (consignee)")
        BILLING = "billing", pgettext_lazy("address", "Billing")

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="addresses", verbose_name=_("customer")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.OFFICE)
    recipient = models.CharField(_("company or recipient"), max_length=200, blank=True)
    contact_name = models.CharField(_("contact on site"), max_length=120, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(_("province or state"), max_length=80, blank=True)
    city = models.CharField(_("city"), max_length=120)
    district = models.CharField(_("district"), max_length=120, blank=True)
    street = models.CharField(_("street and number"), max_length=250)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    is_default = models.BooleanField(_("the usual one of its kind"), default=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ("kind", "-is_default", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind"], condition=Q(is_default=True), name="crm_address_one_default"
            ),
            models.CheckConstraint(
                name="crm_address_position_whole",
                condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
            ),
        ]
        indexes = [
            # who else is in this city, and in this postcode area
            models.Index("country", Upper("city"), name="crm_address_city"),
            models.Index("country", Left("postal_code", 3), name="crm_address_area", condition=~Q(postal_code="")),
        ]

    def __str__(self) -> str:
        return ", ".join(self.lines(with_country=False))

    @property
    def position(self) -> Position | None:
        """Where it lies on the globe, if anybody has said so."""
        if self.latitude is None or self.longitude is None:
            return None
        return Position(float(self.latitude), float(self.longitude))

    def lines(self, *, with_country: bool = True) -> list[str]:
        """The address line by line, from the largest part in Chinese-writing countries, from the smallest elsewhere."""
        big_first = self.country in ("CN", "TW", "HK", "MO") and any(
            "\u4e00" <= c <= "\u9fff" for c in self.city + self.street
        )
        land = country_name(self.country) if with_country else ""
        if big_first:
            place = "".join(
                p for p in (self.region, self.city if self.city != self.region else "", self.district, self.street) if p
            )
            found = [" ".join(p for p in (self.postal_code, land) if p), place, self.recipient, self.contact_name]
        else:
            if self.country in ("US", "CA", "AU", "CN", "GB", "IN"):
                town = ", ".join(p for p in (self.city, " ".join(q for q in (self.region, self.postal_code) if q)) if p)
            else:
                town = " ".join(p for p in (self.postal_code, self.city) if p) + (
                    f", {self.region}" if self.region else ""
                )
            found = [self.recipient, self.contact_name, self.street, self.district, town, land]
        return [line for line in found if line]
