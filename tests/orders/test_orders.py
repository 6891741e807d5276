"""Orders: entered by one person, reviewed by another, then locked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from foundation.journal.machine import Refused, edges, offers
from foundation.journal.models import Event
from foundation.notifications.defaults import load_messages
from foundation.notifications.models import InboxItem, Message
from orders import services
from orders.models import Order, OrderLine, missing_in
from orders.services import LineData
from tests.crm.factories import make_address, make_contact, make_customer
from tests.orders.factories import make_lines, make_order, make_product, order_in, prepare, staff

pytestmark = pytest.mark.django_db
STATES = [state for state, _label in Order.Status.choices]


def codes(subject: Any) -> list[str]:
    return list(Event.objects.about(subject).order_by("id").values_list("code", flat=True))


def test_an_order_goes_its_way_and_every_step_is_one_event() -> None:
    order = order_in("completed")
    assert codes(order) == [
        "order.created",
        "order.submitted",
        "order.confirmed",
        "order.delivery_started",
        "order.delivered",
        "order.completed",
    ]
    assert order.submitted_by != order.reviewed_by
    assert "Hamburg" in order.delivery_address


def test_each_missing_thing_is_named() -> None:
    customer = make_customer()
    lines = [
        LineData(description="Something", quantity=Decimal(1)),
        LineData(product=make_product(specification=""), quantity=Decimal(2), unit_price=Decimal(0)),
    ]
    order = make_order(customer=customer, contact=None, consignee_address=None, lines=lines)
    assert missing_in(order) == [
        "contact",
        "delivery address",
        "product, specification, unit, price in line 1",
        "specification in line 2",
    ]
    with pytest.raises(Refused, match="Still missing: contact; delivery address; product, specification"):
        services.submit_order(order.pk, actor=staff("sales"))
    assert Order.objects.get().status == "draft"
    assert codes(order) == ["order.created"]


def test_an_order_without_lines_is_incomplete() -> None:
    order = make_order(lines=[])
    with pytest.raises(Refused, match="at least one line"):
        services.submit_order(order.pk, actor=staff("sales"))


@pytest.mark.parametrize("hand", ["entered", "changed", "submitted"])
def test_whoever_had_a_hand_in_an_order_does_not_review_it(hand: str) -> None:
    desk, clerk = staff("order desk"), staff("sales")
    order = make_order(desk if hand == "entered" else clerk)
    if hand == "changed":
        services.update_order(order.pk, actor=desk, seen=1, lines=make_lines(1))
    services.submit_order(order.pk, actor=desk if hand == "submitted" else clerk)
    with pytest.raises(Refused, match="second person") as refused:
        services.confirm_order(order.pk, actor=desk)
    assert refused.value.reason == "condition"
    order.refresh_from_db()
    assert order.status == "in_review" and order.reviewed_by is None
    assert "order.confirmed" not in codes(order)
    offer = next(one for one in offers(order, desk) if one.action.name == "confirm")
    assert "second person" in offer.blocked[0]
    assert services.confirm_order(order.pk, actor=staff("order desk")).status == "confirmed"


def test_the_database_refuses_the_same_person_as_reviewer() -> None:
    order = order_in("in_review")
    for person in (order.created_by, order.submitted_by):
        with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
            Order.objects.filter(pk=order.pk).update(reviewed_by=person)
    with pytest.raises(IntegrityError, match="confirmed_has_reviewer"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(status="confirmed")


def test_a_returned_order_says_why_can_be_changed_and_comes_back() -> None:
    load_messages()
    desk, clerk = staff("order desk"), staff("sales")
    order = make_order(clerk)
    services.submit_order(order.pk, actor=clerk)
    services.return_order(order.pk, actor=desk, reason="The width is missing")
    order.refresh_from_db()
    assert order.status == "draft" and order.submitted_by is None
    event = Event.objects.get(code="order.returned")
    assert event.private.data == {"reason": "The width is missing"}
    assert "width" not in str(event.facts)
    told = InboxItem.objects.get(event=event)
    assert told.user == clerk and "The width is missing" in told.detail
    services.update_order(order.pk, actor=clerk, seen=1, lines=make_lines(1))
    services.submit_order(order.pk, actor=clerk)
    assert services.confirm_order(order.pk, actor=desk).status == "confirmed"


@pytest.mark.parametrize("service", [services.return_order, services.cancel_order])
def test_a_step_that_needs_a_reason_is_refused_without_one(service: Callable[..., Order]) -> None:
    order = order_in("in_review")
    with pytest.raises(Refused, match="Say why"):
        service(order.pk, actor=staff("order desk"), reason="  ")
    assert Order.objects.get().status == "in_review"


def test_after_the_draft_an_order_is_locked_for_people_and_for_raw_updates() -> None:
    order = order_in("confirmed")
    with pytest.raises(Refused, match="is locked"):
        services.update_order(order.pk, actor=staff("sales"), seen=None, lines=[])
    line = order.lines.first()
    assert line is not None
    attempts = [
        lambda: Order.objects.filter(pk=order.pk).update(total=1),
        lambda: Order.objects.filter(pk=order.pk).update(currency="EUR"),
        lambda: Order.objects.filter(pk=order.pk).update(customer=make_customer()),
        lambda: Order.objects.filter(pk=order.pk).update(delivery_address="Elsewhere"),
        lambda: OrderLine.objects.filter(pk=line.pk).update(quantity=1),
        lambda: order.lines.all().delete(),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert Order.objects.get().total == order.total
    assert order.lines.count() == 2


def test_imported_history_may_be_corrected_by_a_later_import() -> None:
    order = Order.objects.create(
        number="OLD-1", customer=make_customer(), status="completed", import_source="scms", external_ref="1"
    )
    line = OrderLine.objects.create(order=order, position=1, description="Old")
    OrderLine.objects.filter(pk=line.pk).update(quantity=5)
    Order.objects.filter(pk=order.pk).update(total=7)
    assert OrderLine.objects.get().quantity == 5


def test_another_customers_people_and_places_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        make_order(contact=make_contact())
    assert refused.value.field == "contact"
    with pytest.raises(Refused) as refused:
        make_order(consignee_address=make_address())
    assert refused.value.field == "consignee_address"
    assert not Order.objects.exists()


def test_customer_and_reviewers_are_told_but_not_the_one_who_submitted() -> None:
    load_messages()
    desk, other, clerk = staff("order desk"), staff("order desk"), staff("sales")
    order = make_order(clerk)
    services.submit_order(order.pk, actor=desk)
    addresses = set(Message.objects.filter(event__code="order.submitted").values_list("to_address", flat=True))
    assert addresses == {other.email}
    services.confirm_order(order.pk, actor=other)
    assert order.contact is not None
    told = Message.objects.filter(event__code="order.confirmed", channel="email")
    assert [one.to_address for one in told] == [order.contact.email]
    assert order.number in told[0].subject_line


# ---------------------------------------------------------------- the machine


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("after", STATES)
def test_the_database_refuses_every_jump_that_the_machine_does_not_know(before: str, after: str) -> None:
    order = order_in(before)
    allowed = {(source, target) for source, target, _verb in edges(Order, "status")}
    if before == after or (before, after) in allowed:
        return
    row = Order.objects.filter(pk=order.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.update(status=after)
    assert row.get().status == before


RIGHTS = {
    "submit": ("sales", "order desk", "manager"),
    "confirm": ("order desk", "manager"),
    "return_to_draft": ("order desk", "manager"),
    "complete": ("order desk", "manager"),
    "cancel": ("order desk",),
}


@pytest.mark.parametrize("role", ["sales", "order desk", "manager", "logistics", "service", "finance", "technical", "operations"])  # fmt: skip
@pytest.mark.parametrize("state", STATES)
def test_every_verb_in_every_state_by_every_role(role: str, state: str) -> None:
    actor = staff(role)
    verbs: dict[str, Callable[[int], Any]] = {
        "submit": lambda pk: services.submit_order(pk, actor=actor),
        "confirm": lambda pk: services.confirm_order(pk, actor=actor),
        "return_to_draft": lambda pk: services.return_order(pk, actor=actor, reason="Because"),
        "complete": lambda pk: services.complete_order(pk, actor=actor),
        "cancel": lambda pk: services.cancel_order(pk, actor=actor, reason="Because"),
    }
    machine = edges(Order, "status")
    for verb, service in verbs.items():
        order = order_in(state)
        count = Event.objects.count()
        may = role in RIGHTS[verb]
        if may and state in {source for source, _target, name in machine if name == verb}:
            service(order.pk)
            assert Order.objects.get(pk=order.pk).status != state
            continue
        with pytest.raises(Refused) as refused:
            service(order.pk)
        assert refused.value.reason == ("state" if may else "permission")
        assert Order.objects.get(pk=order.pk).status == state
        assert Event.objects.count() == count


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_make_one_confirmation_one_event_and_one_message() -> None:
    prepare()
    load_messages()
    order = order_in("in_review")
    reviewers = [staff("order desk", "Li Na"), staff("order desk", "Max Kern")]
    gate = threading.Barrier(2)

    def press(actor: Any) -> str:
        try:
            gate.wait(5)
            services.confirm_order(order.pk, actor=actor)
            return "done"
        except Refused as refused:
            return refused.message
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(press, reviewers), key=len)
    assert answers[0] == "done"
    assert "confirmed" in answers[1] and any(name in answers[1] for name in ("Li Na", "Max Kern"))
    assert Event.objects.filter(code="order.confirmed").count() == 1
    assert Message.objects.filter(event__code="order.confirmed").count() == 1
