"""The deposit in a real browser: confirmed, reported, confirmed by finance, and the goods may leave."""

from __future__ import annotations

from typing import Any

import pytest

from foundation.journal.machine import Refused
from orders import services
from orders.models import Order, Payment
from tests.orders.factories import make_order, make_term, prepare, staff

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("scripts", [True, False])
def test_an_order_is_held_until_its_deposit_is_reported_and_confirmed(
    scripts: bool, open_page: Any, session_of: Any
) -> None:
    prepare()
    seller, desk, finance = staff("sales"), staff("order desk"), staff("finance")
    order = make_order(seller, payment_term=make_term("deposit-30-net-30"))
    services.submit_order(order.pk, actor=seller)

    page = open_page(order.get_absolute_url(), session=session_of(desk), scripts=scripts)
    page.click("button:has-text('Review and confirm')")
    page.get_by_text("The order is held").wait_for()
    deposit = Payment.objects.get(order=order, kind="deposit")
    with pytest.raises(Refused, match=deposit.number):
        services.start_delivery(order.pk, actor=None)

    page = open_page(deposit.get_absolute_url(), session=session_of(seller), scripts=scripts)
    page.click("text=Report as received")
    page.fill("[name=reference]", "TT 4711")
    page.click(".form-foot button, dialog button.go >> nth=0")
    page.get_by_text("Reported: finance confirms it.").wait_for()

    page = open_page(deposit.get_absolute_url(), session=session_of(finance), scripts=scripts)
    page.click("button:has-text('Confirm the payment')")
    page.get_by_text("Confirmed: the money is on the account.").wait_for()
    page = open_page(order.get_absolute_url(), session=session_of(desk), scripts=scripts)
    page.get_by_text("Received and confirmed").wait_for()
    assert page.get_by_text("The order is held").count() == 0
    assert services.start_delivery(order.pk, actor=None).status == Order.Status.IN_DELIVERY
