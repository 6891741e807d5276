"""The places of customers."""

from __future__ import annotations

from urllib.parse import quote

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left, Now, Upper
from django.utils.translation import get_language, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from crm.models.customers import Customer
from crm.routes import Position
from foundation.ui import postal
from foundation.ui.places import country_name, language_of

CHINESE_MAP, CHINESE_SPOT = "https://uri.amap.com/search?keyword={}", "https://uri.amap.com/marker?position={lon},{lat}"
WORLD_MAP = "https://www.openstreetmap.org/search?query={}"
WORLD_SPOT = "https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=17/{lat}/{lon}"


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

    @property
    def written(self) -> dict[str, str]:
        """The parts that countries put in their own order."""
        return {part: getattr(self, part) for part in postal.PARTS}

    def lines(self, *, with_country: bool = True) -> list[str]:
        """The address line by line as its country writes it: from the largest part where it is written in Chinese or Japanese.

        Then its country is named in the language of those who deliver there, whoever reads it here.
        """
        found, values = postal.lines_of(self.country, self.written), self.written
        is_local = postal.is_local(self.country, values)
        land = ""
        if with_country:
            with override(language_of(self.country) if is_local else get_language()):
                land = country_name(self.country)
        if is_local:
            code, place = (found[0], found[1:]) if self.postal_code else ("", found)
            found = [" ".join(p for p in (code, land) if p), *place, self.recipient, self.contact_name]
        else:
            found = [self.recipient, self.contact_name, *found, land]
        return [line for line in found if line]

    @property
    def map_url(self) -> str:
        """Where a map shows it: in China one that opens there."""
        spot, is_china = self.position, self.country == "CN"
        if spot:
            return (CHINESE_SPOT if is_china else WORLD_SPOT).format(lat=spot.latitude, lon=spot.longitude)
        place = postal.lines_of(self.country, self.written)
        if is_china:
            return CHINESE_MAP.format(quote("".join(place[1:] if self.postal_code else place)))
        return WORLD_MAP.format(quote(", ".join([*place, country_name(self.country)])))
