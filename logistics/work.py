"""What somebody has on the way."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from foundation.accounts.work import WorkKind, reassign_owned, register_work
from logistics.models import Shipment

CLOSED = (Shipment.Status.ARCHIVED, Shipment.Status.CANCELLED)


def register() -> None:
    """Offer shipments that are not filed for handing over."""
    register_work(
        WorkKind(
            "shipments",
            _("Shipments"),
            lambda: Shipment.objects.exclude(status__in=CLOSED),
            partial(reassign_owned, Shipment, event="shipment.reassigned", closed=CLOSED),
            needs="logistics.change_shipment",
            order=40,
        )
    )
