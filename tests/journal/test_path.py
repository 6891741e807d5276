"""The path of a record ticks what was done, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from crm.models import Call
from foundation.journal.machine import perform
from foundation.journal.path import state_path
from foundation.journal.timeline import timeline
from logistics import services
from logistics.models import Shipment
from orders.models import Order
from tests.logistics.factories import bring_to, dispatch, make_order, make_user, plan

pytestmark = pytest.mark.django_db


def path(obj: Any) -> list[tuple[str, str]]:
    return [(step.value, step.when) for step in state_path(obj)]


def test_a_station_that_was_left_out_is_not_ticked() -> None:
    shipment = dispatch(plan())
    services.arrive_shipment(shipment.pk, actor=None)
    shipment.refresh_from_db()
    assert path(shipment) == [
        ("planned", "done"),
        ("picked", "skipped"),
        ("dispatched", "done"),
        ("in_transit", "skipped"),
        ("arrived", "current"),
        ("signed", "future"),
        ("archived", "future"),
    ]
    assert [step.note for step in state_path(shipment) if step.when == "skipped"] == ["skipped", "skipped"]


def test_a_record_that_waits_beside_its_path_has_not_ended() -> None:
    call = Call(status="postponed")
    assert path(call) == [("open", "done"), ("postponed", "current"), ("in_call", "future"), ("done", "future")]
    assert path(Call(status="refused"))[-1] == ("refused", "left")


def test_after_the_timeline_the_path_asks_nothing_and_says_the_same(django_assert_num_queries: Any) -> None:
    shipment = bring_to("archived")
    asked = path(shipment)
    timeline(shipment)
    with django_assert_num_queries(0):
        assert path(shipment) == asked


def test_a_timeline_that_shows_only_the_newest_does_not_make_the_path_forget() -> None:
    for narrowed in ({"limit": 2}, {"kinds": ["note"]}, {"before": timezone.now()}):
        shipment = bring_to("archived")
        timeline(shipment, **narrowed)
        assert {when for _value, when in path(shipment)[:-1]} == {"done"}


def test_a_record_that_took_every_station_has_them_all_ticked() -> None:
    assert {when for _value, when in path(bring_to("archived"))[:-1]} == {"done"}


def test_off_the_path_stand_the_stations_that_were_reached() -> None:
    clerk = make_user("order desk")
    order = make_order(status="draft", reviewed_by=None, confirmed_at=None)
    perform(Order, order.pk, "cancel", actor=clerk, check=False)
    order.refresh_from_db()
    assert path(order) == [("draft", "done"), ("cancelled", "left")]
    shipment = plan()
    services.pick_shipment(shipment.pk, actor=None)
    shipment = services.cancel_shipment(shipment.pk, actor=None, reason="flood")
    assert path(shipment) == [("planned", "done"), ("picked", "done"), ("cancelled", "left")]


def test_of_a_record_without_history_nothing_is_claimed_but_its_beginning() -> None:
    steps = state_path(make_order(status="in_delivery"))
    assert [(step.value, step.when, step.note) for step in steps[:4]] == [
        ("draft", "done", ""),
        ("in_review", "skipped", "not recorded"),
        ("confirmed", "skipped", "not recorded"),
        ("in_delivery", "current", ""),
    ]


def test_the_path_costs_one_query_however_often_the_record_moved(django_assert_num_queries: Any) -> None:
    for shipment in (dispatch(plan()), bring_to("archived")):
        state_path(shipment)
        with django_assert_num_queries(1):
            steps = state_path(shipment)
        assert (steps[0].value, steps[0].when) == ("planned", "done")
        assert shipment.status in [step.value for step in steps]
    with django_assert_num_queries(0):
        steps = state_path(Shipment(status="planned"))
    assert (steps[0].value, steps[0].when) == ("planned", "current")
