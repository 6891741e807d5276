"""What customers hear at the end of an order: one text for those who sell on or build, one for end clients."""

from __future__ import annotations

import pytest

from foundation.accounts.models import User
from foundation.notifications.defaults import load_messages
from foundation.notifications.models import Message, Template
from foundation.notifications.preview import find_example, preview
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


@pytest.mark.django_db
def test_every_text_is_previewed_with_an_order_to_which_nothing_of_it_has_happened() -> None:
    load_messages()
    boss = User.objects.create_superuser("boss@example.com", "a-long-password")
    order_in("draft", customer=make_customer(owner=boss, language="en"))
    told = [one for one in Template.objects.filter(language="en") if find_example(one.key, boss) is not None]
    assert {"order_returned", "order_confirmed"} <= {one.key for one in told}
    for one in told:
        shown = preview(one, boss)
        assert shown is not None and not shown.problem, one.key
