"""What may go into a shipment."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.db import connection, connections

from foundation.journal.machine import Refused
from foundation.journal.models import Event
from logistics import services
from logistics.models import Shipment, ShipmentLine
from logistics.selectors import open_lines
from tests.logistics.factories import make_carrier, make_customer, make_order, plan

pytestmark = pytest.mark.django_db


def nothing_happened() -> bool:
    """No shipment, no line, no event about one."""
    return not (
        Shipment.objects.exists()
        or ShipmentLine.objects.exists()
        or Event.objects.filter(code="shipment.created").exists()
    )


@pytest.mark.parametrize("status", ["draft", "cancelled", "delivered"])
def test_only_confirmed_orders_can_be_shipped(status: str) -> None:
    order = make_order(status=status)
    with pytest.raises(Refused, match="Only confirmed orders can be shipped") as refusal:
        plan(order)
    assert order.number in refusal.value.message
    assert nothing_happened()


def test_more_than_ordered_is_refused_with_what_is_left() -> None:
    order = make_order(quantities=(100,))
    line = order.lines.get()
    plan(order, part=Decimal(70))
    with pytest.raises(Refused, match="30.5 is more than the 30 m2 that are still to be shipped") as refusal:
        services.plan_shipment(actor=None, quantities={line.pk: Decimal("30.5")})
    assert refusal.value.field == f"line_{line.pk}"
    assert Shipment.objects.count() == 1
    plan(order, part=Decimal(30))
    assert open_lines([order])[0].remaining == 0


def test_a_cancelled_shipment_gives_its_goods_back() -> None:
    order = make_order(quantities=(100,))
    services.cancel_shipment(plan(order).pk, actor=None, reason="wrong carrier")
    assert open_lines([order])[0].remaining == 100
    plan(order)


@pytest.mark.parametrize("quantity", [Decimal(0), Decimal(-1)])
def test_nothing_and_less_than_nothing_are_refused(quantity: Decimal) -> None:
    line = make_order().lines.first()
    with pytest.raises(Refused):
        services.plan_shipment(actor=None, quantities={line.pk: quantity})
    assert nothing_happened()


def test_goods_of_two_customers_do_not_travel_together() -> None:
    lines = [make_order().lines.first(), make_order().lines.first()]
    with pytest.raises(Refused, match="one customer only"):
        services.plan_shipment(actor=None, quantities={line.pk: Decimal(1) for line in lines})
    assert nothing_happened()


def test_one_shipment_carries_several_orders_of_a_customer() -> None:
    customer = make_customer()
    orders = [make_order(customer), make_order(customer)]
    quantities = {line.pk: line.quantity for order in orders for line in order.lines.all()}
    shipment = services.plan_shipment(actor=None, quantities=quantities, mode="ocean")
    assert shipment.lines.count() == 4
    event = Event.objects.about(shipment).get()
    assert event.facts["orders"] == [order.number for order in orders]
    for order in orders:
        assert list(Shipment.objects.search(order.number)) == [shipment]


def test_a_line_knows_its_promise_and_its_share_of_the_weight() -> None:
    order = make_order(quantities=(100,))
    line = plan(order, part=Decimal(25)).lines.get()
    assert (line.promised_on.isoformat(), line.weight_kg, line.currency) == ("2026-12-10", Decimal(200), "EUR")


def test_details_change_until_the_signature_and_say_what_changed() -> None:
    shipment = plan()
    carrier = make_carrier()
    services.update_shipment(shipment.pk, actor=None, carrier=carrier, container_number="MSKU 123")
    event = Event.objects.about(shipment).latest("id")
    assert (event.code, event.facts["changed"]) == ("shipment.updated", ["carrier", "container_number"])
    services.update_shipment(shipment.pk, actor=None, carrier=carrier)
    assert Event.objects.about(shipment).latest("id") == event
    assert list(Shipment.objects.search("MSKU123")) == [shipment]


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_ship_the_same_goods_at_once_one_is_told() -> None:
    order = make_order(quantities=(100,))
    line = order.lines.get()
    ready = threading.Barrier(2)
    outcomes: list[str] = []

    def ship() -> None:
        ready.wait()
        try:
            services.plan_shipment(actor=None, quantities={line.pk: Decimal(60)})
            outcomes.append("planned")
        except Refused as refusal:
            outcomes.append(refusal.message)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ship) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=len)[0] == "planned"
    assert "60 is more than the 40 m2" in sorted(outcomes, key=len)[1]
    assert Shipment.objects.count() == 1
    connection.close()
