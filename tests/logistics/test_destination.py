"""Where the goods of an order go, and when its steps were taken."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm.models import Address
from foundation.journal.models import Event
from foundation.journal.services import record
from logistics import services
from logistics.journey import proofs
from logistics.models import Shipment
from logistics.selectors import destination_of_order
from logistics.views.shipments import destination_of
from tests.crm.factories import make_address
from tests.logistics.factories import make_customer, make_order, plan

pytestmark = pytest.mark.django_db


def test_the_named_port_is_the_destination_only_where_the_rule_names_a_destination() -> None:
    customer = make_customer()
    address = make_address(customer, kind=Address.Kind.DELIVERY, city="Hamburg", country="DE")
    values = {"consignee_address": address, "destination_country": "DE"}
    out = make_order(customer, incoterm="FOB", incoterm_place="Nansha", **values)
    to = make_order(customer, incoterm="CIF", incoterm_place="Bremerhaven", **values)
    assert destination_of_order(out) == ("Hamburg", "DE")
    assert destination_of_order(to) == ("Bremerhaven", "DE")


def test_a_port_in_another_country_keeps_the_country_that_it_was_given_once() -> None:
    order = make_order(incoterm="CIF", incoterm_place="Koper", destination_country="AT")
    assert destination_of_order(order) == ("Koper", "AT")
    first = plan(make_order(), destination="Koper", destination_country="SI")
    assert destination_of_order(order) == ("Koper", "SI")
    assert destination_of(first) == "Koper, Slovenia"


def test_of_several_orders_the_first_request_and_the_last_confirmation_count(
    clerk: Any, django_assert_num_queries: Any
) -> None:
    customer, now = make_customer(), timezone.now()
    early, late = make_order(customer), make_order(customer)
    for order, hours in ((late, 1), (early, 9)):
        for code in ("order.created", "order.submitted", "order.confirmed"):
            record(code, order, actor=clerk, occurred_at=now - timedelta(hours=hours), imported=True)
    lines = {line.pk: line.quantity for order in (early, late) for line in order.lines.all()}
    shipment = Shipment.objects.get(pk=services.plan_shipment(actor=None, quantities=lines).pk)
    Event.objects.first()
    with django_assert_num_queries(1):
        found = proofs(shipment, [early, late])
    assert found["order.created"].object_id == early.pk
    assert found["order.submitted"].object_id == late.pk
    assert found["order.confirmed"].object_id == late.pk
