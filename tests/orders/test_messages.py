"""What customers hear at the end of an order: one text for those who sell on or build, one for end clients."""

from __future__ import annotations

import pytest

from foundation.notifications.defaults import load_messages
from foundation.notifications.models import Message
from tests.crm.factories import make_contact, make_customer
from tests.orders.factories import order_in


@pytest.mark.parametrize(("kind", "key", "said"), [
    ("decorator", "order_completed_trade", "If your next project is taking shape"),
    ("agent", "order_completed_trade", "thank you for working with us"),
    ("end_client", "order_completed_client", "the warranty runs from its date"),
])  # fmt: skip
def test_a_completed_order_is_told_in_the_words_for_this_kind_of_customer(kind: str, key: str, said: str) -> None:
    load_messages()
    customer = make_customer(kind=kind, language="en")
    contact = make_contact(customer)
    order_in("completed", customer=customer, contact=contact)
    message = Message.objects.get(template_key__startswith="order_completed")
    assert (message.template_key, message.to_address, message.template_version) == (key, contact.email, 1)
    assert said in f"{message.subject_line}\n{message.body}" and "{" not in message.body
