"""The facts of this stage."""

from django.utils.translation import gettext_lazy as _

from foundation.journal.registry import event_type

SHIPMENT_CREATED = event_type("shipment.created", _("Shipment %(number)s planned"))
SHIPMENT_UPDATED = event_type("shipment.updated", _("Shipment details changed"))
SHIPMENT_PICKED = event_type("shipment.picked", _("Goods picked"))
SHIPMENT_DISPATCHED = event_type("shipment.dispatched", _("Loaded and dispatched, waybill %(waybill_number)s"))
SHIPMENT_DEPARTED = event_type("shipment.departed", _("In transit"))
SHIPMENT_TRACKED = event_type("shipment.tracked", _("Tracking event: %(place)s"), kind="record")
SHIPMENT_DELAYED = event_type("shipment.delayed", _("Delayed: expected on %(eta_on)s instead of %(old_eta_on)s"))
SHIPMENT_RESCHEDULED = event_type("shipment.rescheduled", _("Expected arrival changed to %(eta_on)s"))
SHIPMENT_ARRIVED = event_type("shipment.arrived", _("Arrived at the destination"))
SHIPMENT_SIGNED = event_type("shipment.signed", _("Signed for by the receiver"))
SHIPMENT_ARCHIVED = event_type("shipment.archived", _("Proof of delivery filed, shipment closed"))
SHIPMENT_CANCELLED = event_type("shipment.cancelled", _("Shipment cancelled"))
SHIPMENT_SHARED = event_type("shipment.shared", _("Tracking link made"))
SHIPMENT_UNSHARED = event_type("shipment.unshared", _("Tracking links revoked"))
POD_RECEIVED = event_type("pod.received", _("Proof of delivery received"))
POD_REJECTED = event_type("pod.rejected", _("Proof of delivery sent back as unreadable"))
POD_ARCHIVED = event_type("pod.archived", _("Proof of delivery checked and archived"))
SHIPMENT_REASSIGNED = event_type("shipment.reassigned", _("Shipment %(number)s handed over to %(owner)s"))
