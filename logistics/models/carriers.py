"""Who carries the goods."""

from __future__ import annotations

from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

PLACE = "{number}"


def validate_tracking_pattern(value: str) -> None:
    """Refuse an address that is not https, or that says nothing about where the number goes."""
    if not value.startswith("https://") or value.count(PLACE) != 1 or set(value.replace(PLACE, "")) & set("{}"):
        raise ValidationError(
            _("Give an address that begins with https:// and has {number} where the waybill number goes.")
        )


class Carrier(models.Model):
    """A company that carries goods for us, and how long it may take to bring the signed paper back."""

    class Kind(models.TextChoices):
        FORWARDER = "forwarder", _("Freight forwarder")
        OCEAN = "ocean", _("Shipping line")
        AIR = "air", _("Airline")
        ROAD = "road", _("Haulier")
        RAIL = "rail", _("Railway")
        COURIER = "courier", _("Courier")

    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.FORWARDER)
    contact_name = models.CharField(_("contact"), max_length=120, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    email = models.EmailField(_("email address"), blank=True)
    tracking_url_pattern = models.CharField(
        _("tracking address"),
        max_length=300,
        blank=True,
        validators=[validate_tracking_pattern],
        help_text=_("The carrier's own tracking page, with {number} where the waybill number goes."),
    )
    pod_days = models.PositiveSmallIntegerField(
        _("days for the proof of delivery"),
        default=7,
        validators=[MaxValueValidator(365)],
        help_text=_("Days after the signature within which the signed paper must be back."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    external_ref = models.CharField(_("external reference"), max_length=120, blank=True)
    import_source = models.CharField(_("import source"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("carrier")
        verbose_name_plural = _("carriers")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["import_source", "external_ref"],
                name="logistics_carrier_external",
                condition=~Q(external_ref=""),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def tracking_url(self, number: str) -> str:
        """The carrier's page for one waybill number; empty when there is no pattern or no number."""
        if not (self.tracking_url_pattern and number):
            return ""
        return self.tracking_url_pattern.replace(PLACE, quote(number, safe=""))
