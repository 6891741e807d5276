"""Where goods were seen: kept as sent, never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.journal.models import ClockTimestamp
from logistics.models.shipments import Shipment


class TrackingEvent(models.Model):
    """One sighting, as somebody or something sent it. The application's role may only read and insert here."""

    class Kind(models.TextChoices):
        PICKED_UP = "picked_up", _("Collected")
        DEPARTED = "departed", _("Departed")
        POSITION = "position", _("On its way")
        CUSTOMS = "customs", _("In customs")
        HELD = "held", _("Held up")
        OUT_FOR_DELIVERY = "out_for_delivery", _("Out for delivery")
        ARRIVED = "arrived", _("Arrived")

    class Source(models.TextChoices):
        MANUAL = "manual", _("Entered by hand")
        DRIVER = "driver", _("Driver")
        CARRIER = "carrier", _("Carrier")
        GPS = "gps", _("GPS box")
        SCAN = "scan", _("Scan")

    shipment = models.ForeignKey(
        Shipment, on_delete=models.PROTECT, related_name="tracking_events", verbose_name=_("shipment")
    )
    kind = models.CharField(_("kind of event"), max_length=20, choices=Kind.choices, default=Kind.POSITION)
    at = models.DateTimeField(_("at"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    text = models.CharField(_("report in words"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices, default=Source.MANUAL)
    external_id = models.CharField(_("identifier at the source"), max_length=120, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded at"), db_default=ClockTimestamp())

    class Meta:
        verbose_name = _("tracking event")
        verbose_name_plural = _("tracking events")
        default_permissions = ("view", "add")
        constraints = [
            # a carrier that sends the same event again adds nothing
            models.UniqueConstraint(
                fields=["shipment", "source", "external_id"],
                name="logistics_tracking_once",
                condition=~Q(external_id=""),
            ),
        ]
        indexes = [
            # the shipment's sightings, newest first
            models.Index(fields=["shipment", "-at", "-id"], name="logistics_tracking_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.place}".strip()
