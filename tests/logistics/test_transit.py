"""From the gate to the filed paper."""

from __future__ import annotations

import threading
import zoneinfo
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone, translation

from foundation.journal.machine import Refused
from foundation.journal.models import Attachment, Event
from logistics import services
from logistics.models import ProofOfDelivery, Shipment, TrackingEvent
from orders.models import Order
from tests.logistics.factories import bring_to, dispatch, make_order, make_user, plan, png, scan

pytestmark = pytest.mark.django_db


def test_dispatch_puts_the_order_into_delivery_and_expects_a_paper() -> None:
    order = make_order()
    eta = datetime(2027, 1, 10, 23, 30, tzinfo=UTC)
    shipment = dispatch(plan(order), eta=eta)
    order.refresh_from_db()
    pod = ProofOfDelivery.objects.get()
    assert order.status == "in_delivery"
    # 23:30 UTC is the 11th in Hamburg, and the carrier has a week.
    assert (pod.status, pod.due_on) == ("expected", date(2027, 1, 18))
    assert Event.objects.about(shipment).latest("id").facts["eta"].startswith("2027-01-10T23:30")


def test_an_order_is_delivered_when_the_last_paper_is_filed() -> None:
    order = make_order(quantities=(100,))
    first, second = plan(order, part=Decimal(60)), plan(order, part=Decimal(40))
    for shipment in (first, second):
        order.refresh_from_db()
        assert order.status != "delivered"
        dispatch(shipment)
        services.arrive_shipment(shipment.pk, actor=None)
        services.sign_shipment(shipment.pk, actor=None, signer_name="A", signature=png())
        services.receive_pod(shipment.pk, actor=None, scan=scan())
        services.archive_pod(shipment.pk, actor=None)
    assert Order.objects.get().status == "delivered"


def test_if_the_order_refuses_the_goods_do_not_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise Refused("The order is on hold.")

    monkeypatch.setattr("logistics.services.transit.start_delivery", refuse)
    shipment = plan()
    with pytest.raises(Refused, match="on hold"):
        dispatch(shipment)
    shipment.refresh_from_db()
    assert (shipment.status, shipment.waybill_number) == ("planned", "")
    assert not Event.objects.filter(code="shipment.dispatched").exists()
    assert not ProofOfDelivery.objects.exists()


def test_two_steps_in_one_minute_are_entered_by_the_minute_and_a_step_before_the_last_is_refused() -> None:
    shipment = dispatch(plan())
    minute = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=1)
    left = minute + timedelta(seconds=58)
    Shipment.objects.filter(pk=shipment.pk).update(status="in_transit", departed_at=left)
    with time_machine.travel(minute + timedelta(seconds=63)):  # the form said this minute, which has just ended
        with pytest.raises(Refused, match="step before"):
            services.arrive_shipment(shipment.pk, actor=None, at=minute - timedelta(minutes=1))
        services.arrive_shipment(shipment.pk, actor=None, at=minute)
    shipment.refresh_from_db()
    assert (shipment.status, shipment.arrived_at) == ("arrived", left)


# ---------------------------------------------------------------- arrival time


def test_a_later_arrival_is_a_delay_with_a_reason() -> None:
    shipment = dispatch(plan(), eta=datetime(2027, 1, 10, 8, tzinfo=UTC))
    services.change_eta(
        shipment.pk, actor=None, eta=datetime(2027, 1, 12, 20, tzinfo=UTC), reason="customs", details="broker Mr Li"
    )
    event = Event.objects.about(shipment).latest("id")
    assert event.code == "shipment.delayed"
    facts = {"reason": "customs", "delay_hours": 60, "eta_on": "2027-01-12", "old_eta_on": "2027-01-10"}
    assert facts.items() <= event.facts.items()
    assert "Li" not in str(event.facts)
    assert Shipment.objects.get().delay_reason == "customs"


def test_a_delay_without_a_reason_is_refused() -> None:
    eta = datetime(2027, 1, 10, 8, tzinfo=UTC)
    shipment = dispatch(plan(), eta=eta)
    events = Event.objects.count()
    for reason in ("", "because"):
        with pytest.raises(Refused, match="Say why it is delayed"):
            services.change_eta(shipment.pk, actor=None, eta=eta + timedelta(days=1), reason=reason)
    with pytest.raises(Refused, match="known already"):
        services.change_eta(shipment.pk, actor=None, eta=eta, reason="customs")
    assert (Shipment.objects.get().eta, Event.objects.count()) == (eta, events)


def test_an_earlier_arrival_is_no_delay() -> None:
    shipment = dispatch(plan(), eta=datetime(2027, 1, 10, 8, tzinfo=UTC))
    services.change_eta(shipment.pk, actor=None, eta=datetime(2027, 1, 9, 8, tzinfo=UTC))
    assert Event.objects.about(shipment).latest("id").code == "shipment.rescheduled"


@pytest.mark.parametrize("state", ["planned", "arrived", "signed", "archived", "cancelled"])
def test_only_goods_on_the_way_have_an_arrival_to_change(state: str) -> None:
    shipment = bring_to(state)
    with pytest.raises(Refused, match="only goods on the way"):
        services.change_eta(shipment.pk, actor=None, eta=timezone.now() + timedelta(days=9), reason="weather")
    assert not Event.objects.filter(code="shipment.delayed").exists()


# ---------------------------------------------------------------- sightings


def test_the_same_sighting_sent_again_changes_nothing() -> None:
    shipment = dispatch(plan())
    sent = {"at": timezone.now(), "place": "Suez", "source": "carrier", "external_id": "evt-1"}
    first = services.add_tracking_event(shipment.pk, actor=None, **sent)
    for _again in range(5):
        assert services.add_tracking_event(shipment.pk, actor=None, **{**sent, "place": "changed"}) == first
    assert TrackingEvent.objects.get().place == "Suez"
    assert Event.objects.filter(code="shipment.tracked").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_sighting_on_twenty_threads_is_kept_once() -> None:
    shipment = dispatch(plan())
    at = timezone.now()

    def send() -> None:
        try:
            services.add_tracking_event(shipment.pk, actor=None, at=at, place="Suez", source="gps", external_id="1")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert TrackingEvent.objects.count() == 1
    assert Event.objects.filter(code="shipment.tracked").count() == 1


def test_sightings_in_any_order_move_nothing_backwards() -> None:
    shipment = bring_to("arrived")
    services.add_tracking_event(
        shipment.pk, actor=None, at=timezone.now() - timedelta(days=3), kind="departed", place="Ningbo"
    )
    assert Shipment.objects.get().status == "arrived"
    assert TrackingEvent.objects.get().at < timezone.now() - timedelta(days=2)


def test_what_has_not_left_cannot_be_followed() -> None:
    shipment = plan()
    with pytest.raises(Refused, match="has not left yet"):
        services.add_tracking_event(shipment.pk, actor=None, at=timezone.now(), place="Ningbo")
    assert not TrackingEvent.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE logistics_trackingevent SET place = 'elsewhere'",
        "DELETE FROM logistics_trackingevent",
        "TRUNCATE logistics_trackingevent",
        "ALTER TABLE logistics_trackingevent ADD COLUMN x int",
        "DROP TABLE logistics_trackingevent",
    ],
)
def test_the_application_can_neither_change_nor_remove_a_sighting(statement: str) -> None:
    shipment = dispatch(plan())
    services.add_tracking_event(shipment.pk, actor=None, at=timezone.now(), place="Suez")
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(statement)
    assert TrackingEvent.objects.get().place == "Suez"


# ---------------------------------------------------------------- the signature


def test_a_signature_dates_the_delivery_in_the_customers_day() -> None:
    shipment = bring_to("arrived")
    at = timezone.now() - timedelta(seconds=90)
    Shipment.objects.filter(pk=shipment.pk).update(arrived_at=at - timedelta(hours=1))
    services.sign_shipment(
        shipment.pk, actor=None, signer_name=" Frau Petersen ", signature=png(), shortages="2 boxes", damage="", at=at
    )
    day = at.astimezone(zoneinfo.ZoneInfo("Europe/Berlin")).date()
    assert set(shipment.lines.values_list("delivered_on", flat=True)) == {day}
    pod = ProofOfDelivery.objects.get()
    assert (pod.signer_name, pod.shortages, pod.is_clean, pod.due_on) == (
        "Frau Petersen",
        "2 boxes",
        False,
        day + timedelta(days=7),
    )
    event = Event.objects.get(code="shipment.signed")
    assert event.occurred_at == at
    assert event.facts["has_shortages"] is True
    assert pod.signature.event == event
    assert pod.signature.media_type == "image/png"


def test_the_day_is_the_customers_even_across_midnight() -> None:
    shipment = bring_to("arrived")
    with time_machine.travel(datetime(2030, 3, 1, 23, 15, tzinfo=UTC), tick=False):
        services.sign_shipment(shipment.pk, actor=None, signer_name="A", signature=png())
    assert shipment.lines.first().delivered_on == date(2030, 3, 2)


def test_on_time_is_a_question_of_days() -> None:
    line = bring_to("arrived").lines.first()
    assert line.was_on_time is None
    line.promised_on = line.delivered_on = date(2026, 12, 10)
    assert line.was_on_time is True
    line.delivered_on = date(2026, 12, 11)
    assert line.was_on_time is False


@pytest.mark.parametrize(
    "hostile", [b"", b"<svg onload=alert(1)>", b"MZ\x90", b"%PDF-1.4 nothing", b"\x89PNG\r\n\x1a\n broken"]
)
def test_a_hostile_file_is_refused_with_a_sentence_and_nothing_is_signed(hostile: bytes) -> None:
    shipment = bring_to("arrived")
    events = Event.objects.count()
    for name, given in (
        ("scan", {"scan": scan("pod.png", hostile)}),
        ("photos", {"signature": png(), "photos": [scan("pod.png", hostile)]}),
    ):
        with pytest.raises(Refused) as refusal:
            services.sign_shipment(shipment.pk, actor=None, signer_name="A", **given)
        assert refusal.value.reason == "input"
        assert refusal.value.field == name
        assert refusal.value.message.endswith(".")
    with pytest.raises(Refused):
        services.sign_shipment(shipment.pk, actor=None, signer_name="A", signature=hostile or b"x")
    assert Shipment.objects.get().status == "arrived"
    assert ProofOfDelivery.objects.get().signer_name == ""
    assert not Attachment.objects.exists()
    assert Event.objects.count() == events


def test_a_hostile_scan_leaves_the_paper_expected() -> None:
    shipment = bring_to("signed")
    files = Attachment.objects.count()
    with pytest.raises(Refused) as refusal:
        services.receive_pod(shipment.pk, actor=None, scan=scan("pod.pdf", b"<html><script>alert(1)</script>"))
    assert refusal.value.field == "scan"
    assert ProofOfDelivery.objects.get().status == "expected"
    assert Attachment.objects.count() == files


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_take_the_signature_at_once_one_wins_and_the_other_is_told_who() -> None:
    shipment = bring_to("arrived")
    people = [make_user("logistics", language="en"), make_user("logistics", language="en")]
    ready = threading.Barrier(2)
    won: list[Any] = []
    told: list[tuple[Any, str]] = []

    def take(person: Any) -> None:
        ready.wait()
        try:
            with translation.override("en"):
                services.sign_shipment(shipment.pk, actor=person, signer_name=person.name, signature=png())
            won.append(person)
        except Refused as refusal:
            told.append((person, refusal.message))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == len(told) == 1
    assert won[0].name in told[0][1]
    assert ProofOfDelivery.objects.get().signer_name == won[0].name
    assert Event.objects.filter(code="shipment.signed").count() == 1
    assert Attachment.objects.filter(purpose="signature").count() == 1
