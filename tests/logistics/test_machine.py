"""The machines of shipment and paper: every cell of the matrix, refused by service and by database alike."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from foundation.journal.machine import Refused, edges, perform
from foundation.journal.models import Event
from logistics import services
from logistics.models import ProofOfDelivery, Shipment
from tests.logistics.factories import bring_to, dispatch, make_carrier, make_order, make_user, plan, png, scan

pytestmark = pytest.mark.django_db
STATES = [str(value) for value in Shipment.Status.values]
POD_STATES = [str(value) for value in ProofOfDelivery.Status.values]
ALLOWED = {
    ("planned", "picked"),
    ("planned", "dispatched"),
    ("picked", "dispatched"),
    ("dispatched", "in_transit"),
    ("dispatched", "arrived"),
    ("in_transit", "arrived"),
    ("arrived", "signed"),
    ("signed", "archived"),
    ("planned", "cancelled"),
    ("picked", "cancelled"),
}
VERBS: dict[str, dict[str, Any]] = {
    "pick": {},
    "dispatch": {"at": None, "carrier": None, "waybill_number": "W1"},
    "depart": {"at": None},
    "arrive": {"at": None},
    "sign": {"at": None, "signer_name": "Frau Petersen", "has_signature": True, "reason": ""},
    "archive": {},
    "cancel": {},
}


def test_the_declared_steps_are_those_of_the_journey() -> None:
    assert {(source, target) for source, target, _verb in edges(Shipment, "status")} == ALLOWED


@pytest.mark.parametrize("state", STATES)
def test_every_verb_that_a_state_does_not_know_is_refused_and_changes_nothing(state: str) -> None:
    shipment = bring_to(state)
    known = {verb for source, _target, verb in edges(Shipment, "status") if source == state}
    events = Event.objects.count()
    for verb, values in VERBS.items():
        if verb in known:
            continue
        given = {name: timezone.now() if name == "at" else value for name, value in values.items()}
        with pytest.raises(Refused) as refusal:
            perform(Shipment, shipment.pk, verb, actor=None, **given)
        assert shipment.number in refusal.value.message
    assert Shipment.objects.get(pk=shipment.pk).status == state
    assert Event.objects.count() == events


@pytest.mark.parametrize("state", STATES)
def test_a_raw_update_cannot_jump(state: str) -> None:
    shipment = bring_to(state)
    for target in STATES:
        if (state, target) in ALLOWED or target == state:
            continue
        with pytest.raises(DatabaseError), transaction.atomic():
            Shipment.objects.filter(pk=shipment.pk).update(status=target)
    with pytest.raises(DatabaseError), transaction.atomic():
        Shipment.objects.filter(pk=shipment.pk).update(status="elsewhere")
    assert Shipment.objects.get(pk=shipment.pk).status == state


def test_a_raw_update_cannot_archive_a_paper() -> None:
    pod = bring_to("signed").pod
    for target in ("archived", "rejected", "elsewhere"):
        with pytest.raises(DatabaseError), transaction.atomic():
            ProofOfDelivery.objects.filter(pk=pod.pk).update(status=target)
    assert ProofOfDelivery.objects.get(pk=pod.pk).status == "expected"


def test_the_whole_way_leaves_one_event_for_each_step() -> None:
    order = make_order()
    shipment = bring_to("archived", order=order)
    codes = list(
        Event.objects.about(shipment).exclude(code="file.attached").order_by("id").values_list("code", flat=True)
    )
    assert codes == [
        "shipment.created",
        "shipment.picked",
        "shipment.dispatched",
        "shipment.departed",
        "shipment.arrived",
        "shipment.signed",
        "shipment.archived",
    ]
    paper = list(Event.objects.about(shipment.pod).order_by("id").values_list("code", flat=True))
    assert paper == ["pod.received", "pod.archived"]
    assert [row.customer_id for row in Event.objects.about(shipment.pod)] == [order.customer_id] * 2


def test_facts_carry_what_clocks_ask_for_and_no_names() -> None:
    shipment = bring_to("signed")
    facts = Event.objects.about(shipment).get(code="shipment.signed").facts
    expected = {
        "number": shipment.number,
        "language": "de",
        "time_zone": "Europe/Berlin",
        "tier": "key",
        "country": "DE",
    }
    assert expected.items() <= facts.items()
    assert "Petersen" not in str(facts)
    assert Event.objects.get(code="shipment.signed").private.data == {"signer_name": "Frau Petersen"}


# ---------------------------------------------------------------- conditions


@pytest.mark.parametrize(
    ("missing", "sentence", "field"),
    [
        ({"carrier": None}, "Nothing leaves without a carrier.", "carrier"),
        ({"waybill_number": "  "}, "Nothing leaves without a waybill number.", "waybill_number"),
    ],
)
def test_nothing_leaves_without_carrier_and_waybill(missing: dict[str, Any], sentence: str, field: str) -> None:
    shipment = plan()
    values = {"carrier": make_carrier(), "waybill_number": "W1", **missing}
    with pytest.raises(Refused) as refusal:
        services.dispatch_shipment(shipment.pk, actor=None, **values)
    assert (refusal.value.message, refusal.value.field) == (sentence, field)
    shipment.refresh_from_db()
    assert (shipment.status, shipment.dispatched_at) == ("planned", None)
    assert not ProofOfDelivery.objects.exists()


def test_the_database_too_refuses_to_dispatch_without_a_waybill() -> None:
    shipment = plan()
    with pytest.raises(IntegrityError), transaction.atomic():
        Shipment.objects.filter(pk=shipment.pk).update(status="dispatched", dispatched_at=timezone.now())


def test_goods_of_an_order_that_was_cancelled_meanwhile_stay_here() -> None:
    order = make_order()
    shipment = plan(order)
    type(order).objects.filter(pk=order.pk).update(status="cancelled")
    with pytest.raises(Refused, match="not confirmed, or was cancelled"):
        dispatch(shipment)
    assert Shipment.objects.get().status == "planned"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"signer_name": " ", "signature": png()}, "Say who received the goods."),
        ({"signer_name": "Frau Petersen"}, "A signature is missing"),
    ],
)
def test_a_signature_needs_a_name_and_a_hand_or_a_reason(given: dict[str, Any], sentence: str) -> None:
    shipment = bring_to("arrived")
    events = Event.objects.count()
    with pytest.raises(Refused, match=sentence):
        services.sign_shipment(shipment.pk, actor=None, **given)
    shipment.refresh_from_db()
    assert (shipment.status, shipment.signed_at, Event.objects.count()) == ("arrived", None, events)


def test_without_a_hand_a_reason_will_do() -> None:
    shipment = bring_to("arrived")
    services.sign_shipment(
        shipment.pk, actor=None, signer_name="Gate", no_signature_reason="left at the gate as agreed"
    )
    pod = ProofOfDelivery.objects.get()
    assert (pod.signature, pod.no_signature_reason) == (None, "left at the gate as agreed")


def test_nothing_closes_without_the_paper() -> None:
    shipment = bring_to("signed")
    with pytest.raises(Refused, match="Nothing closes without the proof of delivery"):
        perform(Shipment, shipment.pk, "archive", actor=None)
    with pytest.raises(Refused):
        services.archive_pod(shipment.pk, actor=None)
    services.receive_pod(shipment.pk, actor=None, scan=scan())
    with pytest.raises(Refused, match="Nothing closes without the proof of delivery"):
        perform(Shipment, shipment.pk, "archive", actor=None)
    assert Shipment.objects.get().status == "signed"
    services.archive_pod(shipment.pk, actor=None)
    assert Shipment.objects.get().status == "archived"


def test_an_unreadable_paper_is_asked_for_again_and_needs_a_new_scan() -> None:
    shipment = bring_to("signed")
    services.receive_pod(shipment.pk, actor=None, scan=scan())
    services.reject_pod(shipment.pk, actor=None, reason="the stamp cannot be read")
    with pytest.raises(Refused, match="Choose the scan"):
        services.receive_pod(shipment.pk, actor=None)
    with pytest.raises(Refused):
        services.archive_pod(shipment.pk, actor=None)
    first = ProofOfDelivery.objects.get().scan_id
    services.receive_pod(shipment.pk, actor=None, scan=scan())
    pod = ProofOfDelivery.objects.get()
    assert (pod.status, pod.rejected_reason) == ("received", "")
    assert pod.scan_id != first


def test_a_step_cannot_lie_before_the_one_before_it_nor_in_the_future() -> None:
    shipment = dispatch(plan())
    for at in (timezone.now() - timedelta(days=2), timezone.now() + timedelta(hours=2)):
        with pytest.raises(Refused):
            services.depart_shipment(shipment.pk, actor=None, at=at)
    assert Shipment.objects.get().status == "dispatched"


# ---------------------------------------------------------------- roles

RIGHT_OF = {
    "pick": ("logistics.change_shipment", "planned", lambda pk, actor: services.pick_shipment(pk, actor=actor)),
    "dispatch": (
        "logistics.dispatch_shipment",
        "planned",
        lambda pk, actor: services.dispatch_shipment(pk, actor=actor, carrier=make_carrier(), waybill_number="W"),
    ),
    "depart": (
        "logistics.dispatch_shipment",
        "dispatched",
        lambda pk, actor: services.depart_shipment(pk, actor=actor),
    ),
    "arrive": (
        "logistics.dispatch_shipment",
        "in_transit",
        lambda pk, actor: services.arrive_shipment(pk, actor=actor),
    ),
    "change_eta": (
        "logistics.dispatch_shipment",
        "dispatched",
        lambda pk, actor: services.change_eta(pk, actor=actor, eta=timezone.now(), reason="weather"),
    ),
    "sign": (
        "logistics.sign_shipment",
        "arrived",
        lambda pk, actor: services.sign_shipment(pk, actor=actor, signer_name="A", signature=png()),
    ),
    "receive": (
        "logistics.receive_pod",
        "signed",
        lambda pk, actor: services.receive_pod(pk, actor=actor, scan=scan()),
    ),
    "cancel": (
        "logistics.cancel_shipment",
        "planned",
        lambda pk, actor: services.cancel_shipment(pk, actor=actor, reason="x"),
    ),
    "track": (
        "logistics.add_trackingevent",
        "dispatched",
        lambda pk, actor: services.add_tracking_event(pk, actor=actor, at=timezone.now(), place="Hamburg"),
    ),
    "share": ("logistics.share_tracking", "dispatched", lambda pk, actor: services.make_tracking_link(pk, actor=actor)),
}


@pytest.mark.parametrize(
    "role", ["sales", "order desk", "logistics", "service", "operations", "finance", "technical", "manager"]
)
def test_each_role_may_do_exactly_what_it_was_given(role: str) -> None:
    user = make_user(role)
    for verb, (permission, state, do) in RIGHT_OF.items():
        shipment = bring_to(state)
        if user.has_perm(permission):
            do(shipment.pk, user)
            continue
        events = Event.objects.count()
        with pytest.raises(Refused) as refusal:
            do(shipment.pk, user)
        assert refusal.value.reason == "permission", verb
        assert Shipment.objects.get(pk=shipment.pk).status == state
        assert Event.objects.count() == events


@pytest.mark.parametrize("model", [Shipment, ProofOfDelivery])
def test_the_readme_draws_the_machine_as_it_is_declared(model: Any) -> None:
    text = (Path(__file__).resolve().parents[2] / "logistics" / "README.md").read_text(encoding="utf-8")
    drawn = "\n".join(f"    {source} --> {target}: {verb}" for source, target, verb in edges(model, "status"))
    assert drawn in text
