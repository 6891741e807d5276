"""From the gate to the signature."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.journal.attachments import attach, attach_bytes
from foundation.journal.machine import Refused, perform
from foundation.journal.models import Attachment, Event
from foundation.journal.services import record
from logistics.models import ProofOfDelivery, Shipment, TrackingEvent
from logistics.models.shipments import AFTER_DISPATCH, ON_THE_WAY
from orders.models import Order
from orders.services import start_delivery

# Clocks of phones and offices differ a little; a time later than this is a typing error.
CLOCK_SKEW = timedelta(minutes=5)


def _moment(at: datetime | None, field: str = "at") -> tuple[datetime, datetime | None]:
    """When it happened, and the same as the journal wants it: None when it is happening now."""
    now = timezone.now()
    if at is None or abs(now - at) < timedelta(minutes=1):
        return now, None
    if at > now + CLOCK_SKEW:
        raise Refused(_("This time lies in the future."), reason="input", field=field)
    return min(at, now), min(at, now)


def _local_day(shipment: Shipment, at: datetime) -> Any:
    """The calendar day at the customer's: promises are made in their days."""
    return timezone.localtime(at, zoneinfo.ZoneInfo(shipment.customer.time_zone or "UTC")).date()


@transaction.atomic
def dispatch_shipment(
    pk: int, *, actor: Any, carrier: Any = None, waybill_number: str = "", at: datetime | None = None, **details: Any
) -> Shipment:
    """Hand the goods to the carrier; the orders in the shipment are in delivery from now on. Raises Refused."""
    moment, occurred_at = _moment(at)
    shipment = perform(
        Shipment,
        pk,
        "dispatch",
        actor=actor,
        occurred_at=occurred_at,
        at=moment,
        carrier=carrier,
        waybill_number=waybill_number,
        **details,
    )
    due_from = shipment.eta or moment
    ProofOfDelivery.objects.get_or_create(
        shipment=shipment, defaults={"due_on": _local_day(shipment, due_from) + timedelta(days=carrier.pod_days)}
    )
    for order in Order.objects.filter(lines__shipment_lines__shipment=shipment).distinct().order_by("pk"):
        if order.status == "confirmed":
            start_delivery(order.pk, actor=actor, shipment=shipment.number)
    return shipment


def depart_shipment(pk: int, *, actor: Any, at: datetime | None = None) -> Shipment:
    """The main carriage has begun."""
    moment, occurred_at = _moment(at)
    return perform(Shipment, pk, "depart", actor=actor, occurred_at=occurred_at, at=moment)


def arrive_shipment(
    pk: int, *, actor: Any, at: datetime | None = None, appointment_at: datetime | None = None
) -> Shipment:
    """The goods are there; `appointment_at` is when they are unloaded and signed for."""
    moment, occurred_at = _moment(at)
    facts = {"appointment_at": appointment_at} if appointment_at else None
    return perform(
        Shipment,
        pk,
        "arrive",
        actor=actor,
        facts=facts,
        occurred_at=occurred_at,
        at=moment,
        appointment_at=appointment_at,
    )


@transaction.atomic
def change_eta(pk: int, *, actor: Any, eta: datetime, reason: str = "", details: str = "") -> Shipment:
    """Give goods on the way another arrival time; a later one is a delay, needs a reason, and is told to the customer."""
    if actor is not None and not actor.has_perm("logistics.dispatch_shipment"):
        raise Refused(_("You do not have the right to do this."), reason="permission")
    shipment = Shipment.objects.select_for_update(of=("self",)).get(pk=pk)
    if shipment.status not in ON_THE_WAY:
        raise Refused(
            _("%(shipment)s is “%(state)s”: only goods on the way have an expected arrival to change.")
            % {"shipment": shipment, "state": shipment.get_status_display()}
        )
    old = shipment.eta
    if eta == old:
        raise Refused(_("This is the arrival time that is known already."), reason="input", field="eta")
    is_delay = old is not None and eta > old
    if is_delay and reason not in Shipment.DelayReason.values:
        raise Refused(_("Say why it is delayed: the customer will ask."), reason="input", field="reason")
    shipment.eta = eta
    shipment.delay_reason = reason if is_delay else ""
    shipment.save(update_fields=["eta", "delay_reason"])
    facts = {
        "old_eta": old,
        "eta_on": _local_day(shipment, eta),
        "old_eta_on": _local_day(shipment, old) if old else None,
        "reason": reason,
        "delay_hours": round((eta - old).total_seconds() / 3600) if old else None,
    }
    code = "shipment.delayed" if is_delay else "shipment.rescheduled"
    record(code, shipment, actor=actor, facts=facts, private={"details": details} if details else None)
    return shipment


@transaction.atomic
def add_tracking_event(
    pk: int,
    *,
    actor: Any,
    at: datetime,
    kind: str = TrackingEvent.Kind.POSITION,
    place: str = "",
    text: str = "",
    source: str = TrackingEvent.Source.MANUAL,
    external_id: str = "",
) -> TrackingEvent:
    """Keep one sighting as it was sent; the same one sent again changes nothing and answers the first."""
    if actor is not None and not actor.has_perm("logistics.add_trackingevent"):
        raise Refused(_("You do not have the right to do this."), reason="permission")
    shipment = Shipment.objects.select_for_update(of=("self",)).get(pk=pk)
    if external_id:
        known = TrackingEvent.objects.filter(shipment=shipment, source=source, external_id=external_id).first()
        if known is not None:
            return known
    if shipment.status not in AFTER_DISPATCH:
        raise Refused(_("%(shipment)s has not left yet: there is nothing to follow.") % {"shipment": shipment})
    moment, occurred_at = _moment(at)
    event = TrackingEvent.objects.create(
        shipment=shipment,
        kind=kind,
        at=moment,
        place=place.strip(),
        text=text.strip(),
        source=source,
        external_id=external_id,
        recorded_by=actor if getattr(actor, "pk", None) else None,
    )
    facts = {"place": event.place or str(event.get_kind_display()), "tracking": event.kind, "source": source}
    private = {"text": event.text} if event.text else None
    record("shipment.tracked", shipment, actor=actor, facts=facts, private=private, occurred_at=occurred_at)
    return event


@transaction.atomic
def sign_shipment(
    pk: int,
    *,
    actor: Any,
    signer_name: str,
    signature: bytes | None = None,
    no_signature_reason: str = "",
    shortages: str = "",
    damage: str = "",
    at: datetime | None = None,
    scan: UploadedFile | None = None,
    photos: list[UploadedFile] | tuple[UploadedFile, ...] = (),
) -> Shipment:
    """The consignee has the goods. `signature` is the drawn picture, a PNG. Raises Refused.

    The delivery day of every line is the day at the customer's; the proof of delivery is due from now on.
    """
    moment, occurred_at = _moment(at)
    shipment = perform(
        Shipment,
        pk,
        "sign",
        actor=actor,
        occurred_at=occurred_at,
        facts={
            "has_shortages": bool(shortages.strip()),
            "has_damage": bool(damage.strip()),
            "is_drawn": bool(signature),
        },
        private={"signer_name": signer_name.strip()},
        at=moment,
        signer_name=signer_name,
        has_signature=bool(signature) or scan is not None,
        reason=no_signature_reason,
    )
    day = _local_day(shipment, moment)
    shipment.lines.update(delivered_on=day)
    pod, _made = ProofOfDelivery.objects.select_for_update(of=("self",)).get_or_create(shipment=shipment)
    pod.signer_name, pod.no_signature_reason = signer_name.strip(), no_signature_reason.strip()
    pod.shortages, pod.damage = shortages.strip(), damage.strip()
    pod.due_on = day + timedelta(days=shipment.carrier.pod_days if shipment.carrier else 7)
    event = Event.objects.about(shipment).filter(code="shipment.signed").latest("id")
    keep = partial(attach, shipment, actor=actor, event=event)
    if signature:
        drawn = partial(attach_bytes, shipment, signature, "image/png", _("Signature"), actor=actor, event=event)
        pod.signature = _blame("signature", partial(drawn, purpose="signature"))
    if scan is not None:
        pod.scan = _blame("scan", partial(keep, scan, purpose="pod", title=_("Signed paper")))
    for photo in photos:
        _blame("photos", partial(keep, photo, purpose="photo", title=_("Photo at delivery")))
    pod.save(update_fields=["signer_name", "no_signature_reason", "shortages", "damage", "due_on", "signature", "scan"])
    return shipment


def _blame(field: str, keep: Callable[[], Attachment]) -> Attachment:
    """Take a file in; what is wrong with it is said beside the field that it came from."""
    try:
        return keep()
    except Refused as refusal:
        raise Refused(refusal.message, reason=refusal.reason, field=field) from refusal
