"""Payments: what is asked for, reported, confirmed by a second person; and what an unpaid order may not do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from foundation.calendars.defaults import load as load_calendars
from foundation.journal.machine import Refused, edges
from foundation.journal.models import Event
from foundation.notifications.defaults import load_messages
from foundation.notifications.models import Message
from foundation.sla.defaults import load as load_targets
from foundation.sla.models import Clock
from orders import services
from orders.models import Order, Payment
from orders.pricing import split_total, unit_of
from orders.work import register as register_work
from tests.orders.factories import (
    make_lines,
    make_order,
    make_quote,
    make_term,
    order_in,
    owed_order,
    paper,
    pay,
    prepare,
    staff,
)

pytestmark = pytest.mark.django_db
STATES = ("expected", "reported", "confirmed", "waived", "cancelled")


def of(order: Order, kind: str = "deposit") -> Payment:
    return order.payments.get(kind=kind, rest_of=None)


def payment_in(status: str) -> Payment:
    """A deposit that has gone the whole way to this state, through the services."""
    order = owed_order()
    payment = of(order)
    if status in ("reported", "confirmed"):
        pay(payment)
    if status == "confirmed":
        services.confirm_payment(payment.pk, actor=staff("finance"))
    elif status == "waived":
        services.waive_payment(payment.pk, actor=staff("manager"), reason="A good customer")
    elif status == "cancelled":
        services.cancel_order(order.pk, actor=staff("order desk"), reason="Called off")
    return Payment.objects.get(pk=payment.pk)


# ---------------------------------------------------------------- what is asked for


@given(
    total=st.decimals(min_value=0, max_value=10**9, places=2),
    percent=st.decimals(min_value=0, max_value=100, places=2),
    currency=st.sampled_from(["USD", "JPY", "KWD"]),
)
def test_deposit_and_balance_add_up_exactly(total: Decimal, percent: Decimal, currency: str) -> None:
    deposit, balance = split_total(total, percent, currency)
    assert deposit + balance == total and deposit >= 0 and balance >= 0
    assert deposit == total or deposit == deposit.quantize(unit_of(currency))
    assert abs(deposit - total * percent / 100) <= unit_of(currency)


def test_confirming_an_order_expects_its_payments_and_asks_for_the_deposit() -> None:
    order = owed_order()
    deposit, balance = of(order), of(order, "balance")
    assert deposit.amount + balance.amount == order.total
    assert deposit.number.startswith("PAY-") and deposit.requested_at and not balance.requested_at
    assert deposit.due_on is not None and abs((deposit.due_on - timezone.localdate()).days - 7) <= 1
    assert [e.code for e in Event.objects.about(balance)] == ["payment.planned"]
    assert {e.code for e in Event.objects.about(deposit)} == {"payment.planned", "payment.requested"}


@pytest.mark.parametrize(("term", "kinds"), [("prepaid", ["deposit"]), ("net-30", ["balance"]), (None, [])])
def test_terms_say_which_payments_there_are(term: str | None, kinds: list[str]) -> None:
    order = owed_order(term) if term else order_in("confirmed")
    assert list(order.payments.values_list("kind", flat=True)) == kinds
    assert sum((one.amount for one in order.payments.all()), Decimal(0)) in (order.total, 0)


def test_terms_of_a_quote_go_with_its_order_and_are_locked_afterwards() -> None:
    seller, term = staff("sales"), make_term()
    quote = make_quote(seller, payment_term=term)
    order = services.orders.order_from_quote(quote, actor=seller)
    assert order.payment_term == term
    locked = order_in("confirmed", payment_term=term)
    with pytest.raises(DatabaseError), transaction.atomic():
        Order.objects.filter(pk=locked.pk).update(payment_term=make_term("net-30"))


def test_terms_that_somebody_relies_on_keep_their_figures() -> None:
    term = make_term()
    term.deposit_percent = Decimal(40)
    term.full_clean()
    owed_order()
    with pytest.raises(ValidationError) as refused:
        term.full_clean()
    assert set(refused.value.message_dict) == {"deposit_percent"}
    term.refresh_from_db()
    term.name_de, term.is_active = "Anzahlung 30 %", False
    term.full_clean()


def test_a_balance_before_dispatch_is_asked_for_once_the_deposit_is_settled() -> None:
    promised = timezone.localdate() + timedelta(days=40)
    order = owed_order(promised_on=promised)
    pay(of(order))
    services.confirm_payment(of(order).pk, actor=staff("finance"))
    balance = of(order, "balance")
    assert balance.requested_at and balance.due_on == promised


def test_a_balance_after_delivery_is_asked_for_when_the_goods_are_signed_for() -> None:
    order = owed_order("net-30")
    services.start_delivery(order.pk, actor=None)
    assert of(order, "balance").due_on is None
    services.complete_delivery(order.pk, actor=None)
    balance = of(order, "balance")
    assert balance.due_on is not None and abs((balance.due_on - timezone.localdate()).days - 30) <= 1
    with pytest.raises(Refused, match=balance.number):
        services.complete_order(order.pk, actor=staff("order desk"))


# ---------------------------------------------------------------- holding


def test_dispatch_is_refused_with_the_payment_while_the_deposit_is_open_and_nothing_changes() -> None:
    order = owed_order("deposit-30-net-30")
    count = Event.objects.count()
    with pytest.raises(Refused, match=of(order).number):
        services.start_delivery(order.pk, actor=None)
    assert Order.objects.get(pk=order.pk).status == "confirmed" and Event.objects.count() == count
    pay(of(order))
    with pytest.raises(Refused):
        services.start_delivery(order.pk, actor=None)
    services.confirm_payment(of(order).pk, actor=staff("finance"))
    assert services.start_delivery(order.pk, actor=None).status == "in_delivery"


def test_a_waived_deposit_lets_the_goods_go() -> None:
    order = owed_order("deposit-30-net-30")
    services.waive_payment(of(order).pk, actor=staff("manager"), reason="Agreed with the board")
    assert services.start_delivery(order.pk, actor=None).status == "in_delivery"


# ---------------------------------------------------------------- money that differs


def test_what_is_missing_stays_expected_and_still_holds_the_goods() -> None:
    order = owed_order("deposit-30-net-30")
    deposit = of(order)
    pay(deposit, received=deposit.amount - Decimal("100.00"))
    services.confirm_payment(deposit.pk, actor=staff("finance"))
    rest = Payment.objects.get(rest_of=deposit)
    assert (rest.amount, rest.status, rest.kind) == (Decimal("100.00"), "expected", "deposit")
    with pytest.raises(Refused, match=rest.number):
        services.start_delivery(order.pk, actor=None)
    assert Payment.objects.get(pk=deposit.pk).amount == deposit.amount


def test_too_much_is_kept_as_it_came_and_set_off_against_nothing() -> None:
    order = owed_order()
    pay(of(order), received=of(order).amount + 5)
    paid = services.confirm_payment(of(order).pk, actor=staff("finance"))
    assert paid.difference == 5 and not Payment.objects.filter(rest_of=paid).exists()
    assert of(order, "balance").amount == order.total - paid.amount


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"received": Decimal(0)}, "received"),
        ({"received": Decimal("0.001")}, "received"),
        ({"paid_on": timezone.localdate() + timedelta(days=3)}, "paid_on"),
        ({"proof": paper("x").__class__("virus.exe", b"MZ" + b"0" * 200)}, "proof"),
    ],
)
def test_a_report_that_makes_no_sense_is_refused_at_its_field(values: dict[str, Any], field: str) -> None:
    payment = payment_in("expected")
    count = Event.objects.count()
    with pytest.raises(Refused) as refused:
        pay(payment, **values)
    assert refused.value.field == field
    assert Payment.objects.get(pk=payment.pk).status == "expected" and Event.objects.count() == count


# ---------------------------------------------------------------- second person, back, cancelled


def test_who_reported_does_not_confirm_in_service_and_database() -> None:
    payment, clerk = payment_in("expected"), staff("finance")
    pay(payment, clerk)
    with pytest.raises(Refused, match="second person"):
        services.confirm_payment(payment.pk, actor=clerk)
    with pytest.raises(DatabaseError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(status="confirmed", confirmed_by=clerk, closed_at=timezone.now())


def test_a_report_that_is_sent_back_is_void_and_its_proof_stays() -> None:
    payment = payment_in("expected")
    pay(payment, proof=paper())
    with pytest.raises(Refused):
        services.return_payment(payment.pk, actor=staff("finance"), reason="  ")
    back = services.return_payment(payment.pk, actor=staff("finance"), reason="Not on the account")
    assert (back.status, back.received, back.proof_id, back.reported_by_id) == ("expected", None, None, None)
    assert Event.objects.about(back).filter(code="file.attached").exists()


def test_a_cancelled_order_cancels_what_is_expected_and_leaves_what_was_reported_to_finance() -> None:
    order = owed_order()
    pay(of(order))
    services.cancel_order(order.pk, actor=staff("order desk"), reason="Called off")
    assert (of(order).status, of(order, "balance").status) == ("reported", "cancelled")
    assert services.return_payment(of(order).pk, actor=staff("finance"), reason="Never came").status == "cancelled"


def test_the_agreed_sum_is_nobodys_to_change_and_no_payment_goes() -> None:
    payment = payment_in("expected")
    for change in ({"amount": 1}, {"currency": "EUR"}, {"kind": "balance"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Payment.objects.filter(pk=payment.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).delete()


@pytest.mark.parametrize("before", STATES)
def test_the_database_refuses_every_jump(before: str) -> None:
    payment = payment_in(before)
    allowed = {(source, target) for source, target, _verb in edges(Payment, "status")}
    for after in STATES:
        if after != before and (before, after) not in allowed:
            with pytest.raises(DatabaseError), transaction.atomic():
                Payment.objects.filter(pk=payment.pk).update(status=after)


RIGHTS = {
    "report": ("sales", "order desk", "finance", "manager"),
    "confirm": ("finance",),
    "send_back": ("finance",),
    "waive": ("manager",),
}


@pytest.mark.parametrize("state", STATES)
def test_every_verb_in_every_state_by_every_role(state: str) -> None:
    machine = edges(Payment, "status")
    for role in ("sales", "order desk", "manager", "logistics", "service", "finance", "technical", "operations"):
        actor = staff(role)
        verbs: dict[str, Callable[[Payment], Any]] = {
            "report": lambda p: pay(p, actor),  # noqa: B023 - called at once
            "confirm": lambda p: services.confirm_payment(p.pk, actor=actor),  # noqa: B023
            "send_back": lambda p: services.return_payment(p.pk, actor=actor, reason="Why"),  # noqa: B023
            "waive": lambda p: services.waive_payment(p.pk, actor=actor, reason="Why"),  # noqa: B023
        }
        payment = payment_in(state)
        for verb, service in verbs.items():
            may = role in RIGHTS[verb]
            count = Event.objects.count()
            if may and state in {source for source, _target, name in machine if name == verb}:
                service(payment)
                assert Payment.objects.get(pk=payment.pk).status != state
                payment = payment_in(state)
                continue
            with pytest.raises(Refused) as refused:
                service(payment)
            assert refused.value.reason == ("state" if may else "permission")
            assert Payment.objects.get(pk=payment.pk).status == state and Event.objects.count() == count


@pytest.mark.django_db(transaction=True)
def test_two_of_finance_at_once_make_one_confirmation_one_message_and_one_rest() -> None:
    prepare()
    load_messages()
    payment = payment_in("expected")
    pay(payment, received=payment.amount - 1)
    people = [staff("finance", "He Shu"), staff("finance", "Max Kern")]
    gate = threading.Barrier(2)

    def press(actor: Any) -> str:
        try:
            gate.wait(5)
            services.confirm_payment(payment.pk, actor=actor)
            return "done"
        except Refused as refused:
            return refused.message
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(press, people), key=len)
    assert answers[0] == "done" and "Confirmed" in answers[1]
    assert Event.objects.filter(code="payment.confirmed").count() == 1
    assert Payment.objects.filter(rest_of=payment).count() == 1
    assert Message.objects.filter(event__code="payment.confirmed").count() == 1


# ---------------------------------------------------------------- promises and messages


def test_the_deposit_has_a_promise_that_ends_with_its_confirmation_and_goes_with_the_order() -> None:
    load_calendars()
    load_targets()
    order = owed_order()
    clock = Clock.objects.get(metric="deposit_due")
    day = of(order).due_on
    assert day is not None and clock.due_at is not None
    assert timedelta(0) <= clock.due_at - timezone.now() <= timedelta(days=9)
    register_work()
    heir = staff("sales")
    services.hand_over_order(order.pk, actor=staff("manager"), owner=heir, was_owner=order.owner_id)
    assert Clock.objects.get(pk=clock.pk).owner_id == heir.pk
    pay(of(order))
    services.confirm_payment(of(order).pk, actor=staff("finance"))
    assert Clock.objects.get(pk=clock.pk).stopped_at is not None


def test_a_rest_that_is_due_already_has_an_honest_promise() -> None:
    load_calendars()
    load_targets()
    order = owed_order()
    Payment.objects.filter(pk=of(order).pk).update(due_on=timezone.localdate() - timedelta(days=3))
    pay(of(order), received=Decimal("1.00"))
    services.confirm_payment(of(order).pk, actor=staff("finance"))
    assert Clock.objects.filter(metric="deposit_due", stopped_at=None).count() == 1


def test_customer_and_finance_hear_what_concerns_them() -> None:
    load_messages()
    clerk = staff("finance")
    order = owed_order()
    assert order.contact is not None
    asked = Message.objects.get(event__code="payment.requested", channel="email")
    assert asked.to_address == order.contact.email and of(order).number in asked.body
    pay(of(order))
    told = Message.objects.filter(event__code="payment.reported", channel="email")
    assert [one.to_address for one in told] == [clerk.email]
    services.confirm_payment(of(order).pk, actor=clerk)
    assert Message.objects.get(event__code="payment.confirmed", channel="email").to_address == order.contact.email


# ---------------------------------------------------------------- pages


def test_the_list_costs_the_same_with_2_and_with_20_rows(signed_in: Any, django_assert_max_num_queries: Any) -> None:
    client, costs = signed_in(staff("finance")), []
    for count in (2, 18):
        for _n in range(count // 2):
            owed_order(lines=make_lines(1))
        client.get(reverse("orders:payments"))
        with django_assert_max_num_queries(8) as counted:
            assert client.get(reverse("orders:payments")).status_code == 200
        costs.append(len(counted))
    assert costs[0] == costs[1]


def test_a_payments_page_and_its_order_stay_within_their_budgets(
    signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(staff("finance"))
    payment = payment_in("reported")
    for url in (payment.get_absolute_url(), payment.order.get_absolute_url()):
        client.get(url)
        with django_assert_max_num_queries(14):
            page = client.get(url)
        assert payment.number in page.content.decode()


def test_finance_finds_what_waits_on_their_day_in_tabs_by_number_and_as_a_file(signed_in: Any) -> None:
    client, payment = signed_in(staff("finance")), payment_in("reported")
    assert payment.number in client.get("/").content.decode()
    address = reverse("orders:payments")
    assert payment.number in client.get(address, {"view": "confirm"}).content.decode()
    assert payment.number not in client.get(address, {"view": "overdue"}).content.decode()
    assert payment.number in client.get(address, {"q": payment.number[-6:]}).content.decode()
    export = client.get(address, {"format": "csv"})
    text = b"".join(export.streaming_content).decode()
    assert payment.number in text and "TT 4711" in text and "USD" in text


def test_a_report_is_entered_on_the_page_and_a_slip_keeps_what_was_typed(signed_in: Any) -> None:
    payment, client = payment_in("expected"), signed_in(staff("sales"))
    url = f"{payment.get_absolute_url()}do/report/"
    data = {"received": "12x", "paid_on": timezone.localdate().isoformat(), "reference": "TT 99"}
    page = client.post(url, data)
    assert page.status_code == 422 and "TT 99" in page.content.decode()
    data |= {"received": str(payment.amount), "proof": paper()}
    assert client.post(url, data).status_code == 302
    assert Payment.objects.get(pk=payment.pk).status == "reported"


def test_who_may_not_see_payments_sees_none(signed_in: Any) -> None:
    payment, client = payment_in("expected"), signed_in(staff("technical"))
    assert client.get(payment.get_absolute_url()).status_code == 403
    assert client.get(reverse("orders:payments")).status_code == 403
    assert payment.number not in client.get(payment.order.get_absolute_url()).content.decode()


def test_the_form_offers_terms_in_use_and_keeps_one_that_is_not(signed_in: Any) -> None:
    term, other, seller = make_term("net-30"), make_term("prepaid"), staff("sales")
    order = make_order(seller, payment_term=term)
    type(term).objects.update(is_active=False)
    page = signed_in(seller).get(reverse("orders:order-edit", args=[order.pk])).content.decode()
    assert str(term) in page and str(other) not in page
