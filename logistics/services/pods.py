"""The signed paper comes back, is checked, and closes the shipment and its orders."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.journal.attachments import attach
from foundation.journal.machine import Refused, perform
from logistics.models import ProofOfDelivery, Shipment
from logistics.selectors import fully_delivered
from orders.models import Order
from orders.services import complete_delivery


def _pod_of(shipment_pk: int) -> ProofOfDelivery:
    # Always the shipment before its paper: the order in which signing locks them.
    shipment = Shipment.objects.select_for_update(of=("self",)).get(pk=shipment_pk)
    pod = ProofOfDelivery.objects.filter(shipment=shipment).first()
    if pod is None:
        raise Refused(_("%(shipment)s has not left yet: no proof of delivery is expected.") % {"shipment": shipment})
    return pod


@transaction.atomic
def receive_pod(pk: int, *, actor: Any, scan: UploadedFile | None = None) -> ProofOfDelivery:
    """The signed paper of shipment `pk` is back: keep its scan, or the one that was made at the door."""
    if actor is not None and not actor.has_perm("logistics.receive_pod"):
        raise Refused(_("You do not have the right to do this."), reason="permission")
    pod = _pod_of(pk)
    if scan is None and (pod.scan is None or pod.status == ProofOfDelivery.Status.REJECTED):
        raise Refused(_("Choose the scan of the signed paper."), reason="input", field="scan")
    kept = pod.scan
    if scan is not None:
        try:
            kept = attach(pod.shipment, scan, actor=actor, purpose="pod", title=_("Signed paper"))
        except Refused as refusal:
            raise Refused(refusal.message, reason=refusal.reason, field="scan") from refusal
    return perform(ProofOfDelivery, pod.pk, "receive", actor=actor, at=timezone.now(), scan=kept)


@transaction.atomic
def reject_pod(pk: int, *, actor: Any, reason: str) -> ProofOfDelivery:
    """The scan of shipment `pk` is unreadable: the carrier is asked for the paper again."""
    pod = _pod_of(pk)
    return perform(ProofOfDelivery, pod.pk, "reject", actor=actor, private={"reason": reason}, reason=reason)


@transaction.atomic
def archive_pod(pk: int, *, actor: Any) -> Shipment:
    """File the checked paper of shipment `pk`; this closes the shipment, and each order that is now complete."""
    pod = _pod_of(pk)
    perform(ProofOfDelivery, pod.pk, "archive", actor=actor, at=timezone.now())
    shipment = perform(Shipment, pk, "archive", actor=actor)
    orders = Order.objects.select_for_update(of=("self",)).filter(
        pk__in=shipment.lines.values_list("order_line__order_id", flat=True)
    )
    for order in orders.order_by("pk"):
        if order.status == "in_delivery" and fully_delivered(order):
            complete_delivery(order.pk, actor=actor, shipment=shipment.number)
    return shipment
