"""What shipments say of themselves, so that the knowledge base shows what helps beside them."""

from __future__ import annotations

from django.utils import timezone

from foundation.knowledge.situations import Circumstances, register_circumstances
from foundation.ui import formats
from logistics.models import ProofOfDelivery, Shipment

Status, Reason = Shipment.Status, Shipment.DelayReason
REASONS: dict[str, str] = {
    Reason.BREAKDOWN: "breakdown",
    Reason.ACCIDENT: "accident",
    Reason.PAPERS: "unreadable-papers",
}
BEFORE, ON_THE_WAY = (Status.PLANNED, Status.PICKED), (Status.DISPATCHED, Status.IN_TRANSIT)


def _situations(shipment: Shipment) -> list[str]:
    if shipment.status in BEFORE:
        return ["special-loading", "short-stock", "unpaid"]
    if shipment.status in ON_THE_WAY:
        reason = [REASONS[shipment.delay_reason]] if shipment.delay_reason in REASONS else []
        is_late = bool(shipment.delay_reason) or (shipment.eta is not None and shipment.eta < timezone.now())
        return [*reason, *(["delay"] if is_late else []), "gate-quarrel" if not is_late else "loss"]
    if shipment.status == Status.ARRIVED:
        return ["short-delivered", "damaged", "refused"]
    if shipment.status == Status.SIGNED:
        pod = shipment._state.fields_cache.get("pod")  # only where the page has read it
        is_unreadable = pod is not None and pod.status == ProofOfDelivery.Status.REJECTED
        return ["unreadable-papers", "pod-overdue"] if is_unreadable else ["pod-overdue"]
    return []


def shipment_says(shipment: Shipment) -> Circumstances:
    """Where it stands, and what is going wrong."""
    return Circumstances(
        situations=_situations(shipment),
        language=shipment.customer.language,
        values={
            "customer_name": shipment.customer.name,
            "carrier": lambda: str(shipment.carrier or ""),
            "eta": lambda: formats.exact(shipment.eta) if shipment.eta else "",
        },
    )


def register() -> None:
    """Tell the knowledge base."""
    register_circumstances(Shipment, shipment_says)
