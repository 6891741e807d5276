"""Who carries the goods, what is on the way, where it was seen, and the signed paper that must come back."""

from logistics.models.carriers import Carrier
from logistics.models.pods import ProofOfDelivery
from logistics.models.shipments import Shipment, ShipmentLine
from logistics.models.tracking import TrackingEvent

__all__ = ["Carrier", "ProofOfDelivery", "Shipment", "ShipmentLine", "TrackingEvent"]
