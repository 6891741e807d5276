"""Many messages that wait to be sent, each to a customer of its own."""

from __future__ import annotations

from collections import Counter

from django.contrib.contenttypes.models import ContentType
from django.db import connections

from benchmarks.copying import ALIAS, clone
from crm.models import Customer
from crm.services.customers import create_customer
from foundation.accounts.audiences import Recipient
from foundation.accounts.models import User
from foundation.notifications.models import Message
from foundation.notifications.services import send_message

BODY = """Dear {name},

your goods have left our house today and are on their way to you. We expect them within four weeks, and tell you at once should \
anything change.

You can see at any time where they are: https://kontor.example/p/track/0123456789abcdef0123456789abcdef

Kind regards"""


class Outbox:
    """An original with a customer of its own, and as many like it as a scene asks for."""

    def __init__(self, customers: int, *, actor: User) -> None:
        self.customer = create_customer(actor=actor, name="Recipient Ltd", country="GB", main_contact={"name": "Buyer"})
        twins = f"(SELECT n FROM generate_series(1, {customers}) n)"
        clone(Customer, f"t.id = {self.customer.pk}", twins, number="'C-M' || g.n")
        self.original = self.write("original@example.com")
        Message.objects.filter(pk=self.original.pk).update(state=Message.State.CANCELLED)

    def write(self, address: str) -> Message:
        """One message by the service."""
        who = Recipient(f"contact:{address}", "Buyer", "en", "Europe/London", "customer", email=address)
        return send_message(
            self.customer, recipient=who, channel="email", subject_line="Your goods are on their way",
            body=BODY.format(name="Buyer"), actor=None,
        )  # fmt: skip

    def fill(self, count: int) -> set[str]:
        """So many that are due now, each about another customer; answers their Message-IDs."""
        kind = ContentType.objects.get_for_model(Customer).pk
        found = (
            "(SELECT id, row_number() OVER (ORDER BY id) AS n FROM crm_customer WHERE number LIKE 'C-M%' "
            f"ORDER BY id LIMIT {count})"
        )
        newest = Message.objects.order_by("-pk").values_list("pk", flat=True)[0]
        made = clone(
            Message, f"t.id = {self.original.pk}", found, state="'queued'", object_id="g.id", customer_id="g.id",
            content_type_id=str(kind), message_id="'<' || replace(gen_random_uuid()::text, '-', '') || '@kontor.example>'",
            to_address="'person' || g.n || '@example.com'", recipient_key="'contact:' || g.id",
            created_at="clock_timestamp()", next_attempt_at="clock_timestamp()",
        )  # fmt: skip
        assert made == count, "not enough customers"
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("ANALYZE notifications_message")
        return set(Message.objects.filter(pk__gt=newest).values_list("message_id", flat=True))


def open_ones() -> int:
    """How many a worker still has to do something about."""
    return Message.objects.filter(state__in=Message.OPEN).count()


def states(ids: set[str]) -> Counter[str]:
    """How many of these are in each state."""
    return Counter(Message.objects.filter(message_id__in=ids).values_list("state", flat=True))
