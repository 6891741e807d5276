"""Whom messages about goods on the way go to, what they may say, and the words that the house ships."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.people import recipient_of_contact, recipient_of_customer, recipients_of_customer
from foundation.accounts.audiences import Recipient
from foundation.journal.standing import holds_while
from foundation.notifications.defaults import Text, register_message
from foundation.notifications.manners.kinds import register_kind
from foundation.notifications.placeholders import register_event_placeholders, register_placeholders
from foundation.notifications.subjects import register_subject
from foundation.notifications.texts import Value, one_line
from foundation.ui import formats
from logistics import texts
from logistics.models import ProofOfDelivery, Shipment
from logistics.selectors import visible_shipments
from logistics.services.sharing import tracking_url
from orders.models import Order

NAMES = {
    "order_numbers": _("Numbers of the orders in the shipment"),
    "customer_name": _("Name of the customer"),
    "carrier": _("The carrier"),
    "waybill_number": _("Waybill number"),
    "destination": _("Where the goods go"),
    "eta": _("Expected arrival, in the reader's time zone"),
    "eta_day": _("Day of the expected arrival"),
    "appointment": _("Unloading appointment, or that it is to be agreed"),
    "delay_reason": _("Reason of the last delay"),
    "signed_day": _("Day on which the goods were signed for"),
    "tracking_url": _("A link to the customer's tracking page"),
}
DELAY_NAMES = {"old_eta_day": _("Day of the arrival that was expected before")}
PAPER_NAMES = {
    "carrier_contact": _("Proofs of delivery only: the carrier, with telephone and email address"),
    "waybill_number": _("Proofs of delivery only: the waybill number"),
    "pod_due": _("Proofs of delivery only: until when the paper must be back"),
}


def contact_of(shipment: Shipment) -> Recipient | None:
    """The contact of the first order in the shipment, else the customer's main contact."""
    orders = getattr(shipment, "shown_orders", None)  # the record's page has read them already
    if orders is None:
        orders = _orders(shipment).select_related("contact__customer").exclude(contact=None)[:1]
    order = next((one for one in sorted(orders, key=lambda one: one.pk) if one.contact is not None), None)
    if order is not None and order.contact.left_at is None:
        return recipient_of_contact(order.contact)
    return recipient_of_customer(shipment.customer)


def _orders(shipment: Shipment) -> Any:
    pks = shipment.lines.order_by().values("order_line__order")
    return Order.objects.filter(pk__in=pks).order_by("pk")


def values(shipment: Shipment, recipient: Recipient) -> dict[str, Value]:
    """What a message about a shipment may say. Runs in the reader's language and time zone."""
    return {
        "order_numbers": lambda: ", ".join(_orders(shipment).values_list("number", flat=True)),
        "customer_name": one_line(shipment.customer.name),
        "carrier": lambda: one_line(str(shipment.carrier or "")),
        "waybill_number": one_line(shipment.waybill_number),
        "destination": one_line(shipment.destination),
        "eta": lambda: formats.exact(shipment.eta) if shipment.eta else "",
        "eta_day": lambda: formats.weekday(shipment.eta) if shipment.eta else "",
        "appointment": lambda: (
            formats.exact(shipment.appointment_at) if shipment.appointment_at else _t("to be agreed")
        ),
        "delay_reason": lambda: str(shipment.get_delay_reason_display()) if shipment.delay_reason else "",
        "signed_day": lambda: formats.day(shipment.signed_at) if shipment.signed_at else "",
        "tracking_url": lambda: tracking_url(shipment, contact_key=recipient.key),
    }


def paper_values(pod: ProofOfDelivery, recipient: Recipient) -> dict[str, Value]:
    """What a message about the paper may say: the same as about its shipment."""
    return values(pod.shipment, recipient)


def delay_values(event: Any, subject: Any, recipient: Recipient) -> dict[str, Value]:
    """The arrival that was promised before."""
    try:
        old = date.fromisoformat(str(event.facts.get("old_eta_on")))
    except ValueError:
        return {"old_eta_day": ""}
    return {"old_eta_day": formats.weekday(old)}


def reminder_values(event: Any, subject: Any, recipient: Recipient) -> dict[str, Value]:
    """Whom to ask for the paper; empty for promises about anything else."""
    if not isinstance(subject, Shipment):
        return dict.fromkeys(PAPER_NAMES, "")
    carrier = subject.carrier
    ways = [str(carrier or ""), str(carrier.phone or "") if carrier else "", carrier.email if carrier else ""]
    pod = getattr(subject, "pod", None)
    return {
        "carrier_contact": one_line(", ".join(part for part in ways if part)),
        "waybill_number": one_line(subject.waybill_number),
        "pod_due": formats.day(pod.due_on) if pod and pod.due_on else "",
    }


def register_truth() -> None:
    """A shipment moves on: news of a stage that lies behind it is not told, and “it is late” not after a week."""
    status = Shipment.Status
    moved_on = _("The shipment has moved on meanwhile.")
    on_its_way = {status.DISPATCHED, status.IN_TRANSIT}
    holds_while(("shipment.dispatched",), Shipment, on_its_way | {status.ARRIVED}, why=moved_on)
    holds_while(("shipment.delayed",), Shipment, on_its_way | {status.PLANNED, status.PICKED}, why=moved_on)
    holds_while(("shipment.arrived",), Shipment, {status.ARRIVED}, why=moved_on)


def register() -> None:
    """Tell the notifications about this stage."""
    register_truth()
    register_kind(
        "shipment",
        nouns=("shipment", "pod"),
        names={"en": "Shipments", "de": "Sendungen", "zh-hans": "发货与运输", "zh-hant": "出貨與運輸"},
    )
    register_subject(
        Shipment,
        contact=contact_of,
        contacts=lambda shipment: recipients_of_customer(shipment.customer),
        owner=lambda shipment: shipment.owner,
        visible=visible_shipments,
    )
    register_subject(
        ProofOfDelivery,
        contact=lambda pod: contact_of(pod.shipment),
        owner=lambda pod: pod.shipment.owner,
        visible=lambda user: ProofOfDelivery.objects.filter(shipment__in=visible_shipments(user).values("pk")),
        nouns=("pod",),
    )
    register_placeholders(Shipment, values, names=NAMES)
    register_placeholders(ProofOfDelivery, paper_values, names=NAMES)
    register_event_placeholders("shipment.delayed", delay_values, names=DELAY_NAMES)
    register_event_placeholders("sla.warned", reminder_values, names=PAPER_NAMES, internal=("carrier_contact",))
    customer: tuple[tuple[str, str, dict[str, Text], int | None], ...] = (
        ("shipment-dispatched", "shipment.dispatched", texts.DISPATCHED, 7),
        ("shipment-delayed", "shipment.delayed", texts.DELAYED, 2),
        ("shipment-arrived", "shipment.arrived", texts.ARRIVED, 2),
        ("shipment-signed", "shipment.signed", texts.SIGNED, None),
    )
    for key, event, words, days in customer:
        lasts = timedelta(days=days) if days else None
        register_message(
            key, event=event, audience="customer_contact", channels=("email", "sms"), texts=words, lasts=lasts
        )
    register_message(
        "pod-reminder",
        event="sla.warned",
        audience="owner",
        channels=("inbox",),
        condition={"metric": "pod_return", "level": 70},
        texts=texts.POD_REMINDER,
    )
    register_message(
        "pod-rejected", event="pod.rejected", audience="owner", channels=("inbox",), texts=texts.POD_REJECTED
    )
