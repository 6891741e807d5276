"""The verbs behind the buttons of a shipment's page; the paper's verbs stand there too, because it has no page of its own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.journal.machine import actions
from foundation.ui.forms import ReasonForm
from logistics import forms, services
from logistics.models import ProofOfDelivery, Shipment
from logistics.models.shipments import AFTER_DISPATCH, ON_THE_WAY


def _pod_is(*states: str) -> Any:
    def check(shipment: Shipment, user: Any) -> bool:
        pod = getattr(shipment, "pod", None)
        return shipment.status == "signed" and pod is not None and pod.status in states

    return check


def _is_open(shipment: Shipment, user: Any) -> bool:
    return shipment.status not in ("signed", "archived", "cancelled")


def _on_the_way(shipment: Shipment, user: Any) -> bool:
    return shipment.status in ON_THE_WAY


def _can_be_followed(shipment: Shipment, user: Any) -> bool:
    return shipment.status in AFTER_DISPATCH and shipment.status not in ("signed", "archived")


def register() -> None:
    """Put the services behind the buttons, in the order in which they are shown."""
    for name, service, form in (
        ("pick", services.pick_shipment, None),
        ("dispatch", services.dispatch_shipment, forms.DispatchForm),
        ("depart", services.depart_shipment, forms.DepartForm),
        ("arrive", services.arrive_shipment, forms.ArriveForm),
        ("sign", services.sign_shipment, forms.SignForm),
        ("cancel", services.cancel_shipment, ReasonForm),
    ):
        actions.register(Shipment, name, service=service, form=form, wants_context=form is not None)
    _register_papers()
    _register_following()


def _register_papers() -> None:
    actions.add(
        Shipment,
        "receive_pod",
        label=_("Enter the proof of delivery"),
        service=services.receive_pod,
        form=forms.PodForm,
        permission="logistics.receive_pod",
        available=_pod_is(ProofOfDelivery.Status.EXPECTED, ProofOfDelivery.Status.REJECTED),
        primary=True,
        wants_context=True,
    )
    actions.add(
        Shipment,
        "archive_pod",
        label=_("Check and archive"),
        service=services.archive_pod,
        permission="logistics.archive_pod",
        available=_pod_is(ProofOfDelivery.Status.RECEIVED),
        primary=True,
        done=_("The proof of delivery is filed and the shipment is closed."),
    )
    actions.add(
        Shipment,
        "reject_pod",
        label=_("Unreadable: ask again"),
        service=services.reject_pod,
        form=forms.RejectForm,
        permission="logistics.archive_pod",
        available=_pod_is(ProofOfDelivery.Status.RECEIVED),
        wants_context=True,
    )


def _register_following() -> None:
    actions.add(
        Shipment,
        "track",
        label=_("Add tracking event"),
        service=services.add_tracking_event,
        form=forms.TrackingForm,
        permission="logistics.add_trackingevent",
        available=_can_be_followed,
        wants_context=True,
    )
    actions.add(
        Shipment,
        "change_eta",
        label=_("Change expected arrival"),
        service=services.change_eta,
        form=forms.EtaForm,
        permission="logistics.dispatch_shipment",
        available=_on_the_way,
        wants_context=True,
    )
    actions.add(
        Shipment,
        "details",
        label=_("Edit details"),
        service=services.update_shipment,
        form=forms.DetailsForm,
        permission="logistics.change_shipment",
        available=_is_open,
        wants_context=True,
    )
