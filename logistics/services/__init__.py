"""Every change of this stage: one function, one transaction, one event."""

from logistics.services.planning import cancel_shipment, pick_shipment, plan_shipment, update_shipment
from logistics.services.pods import archive_pod, receive_pod, reject_pod
from logistics.services.sharing import make_tracking_link, revoke_tracking_links
from logistics.services.transit import (
    add_tracking_event,
    arrive_shipment,
    change_eta,
    depart_shipment,
    dispatch_shipment,
    sign_shipment,
)

__all__ = [
    "add_tracking_event",
    "archive_pod",
    "arrive_shipment",
    "cancel_shipment",
    "change_eta",
    "depart_shipment",
    "dispatch_shipment",
    "make_tracking_link",
    "pick_shipment",
    "plan_shipment",
    "receive_pod",
    "reject_pod",
    "revoke_tracking_links",
    "sign_shipment",
    "update_shipment",
]
