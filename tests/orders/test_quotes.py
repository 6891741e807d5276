"""Quotes: entered, sent, answered, revised; never changed once they are out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from foundation.accounts import tokens
from foundation.journal.attachments import attachments_of
from foundation.journal.machine import Refused, edges, perform
from foundation.journal.models import Event
from foundation.notifications.defaults import load_messages
from foundation.notifications.models import Message
from orders import services
from orders.models import Order, Quote, QuoteLine
from orders.services import LineData
from tests.crm.factories import inquiry_in, make_contact, make_customer
from tests.orders.factories import COSTS, make_lines, make_quote, quote_in, staff

pytestmark = pytest.mark.django_db


def codes(subject: Any) -> list[str]:
    return list(Event.objects.about(subject).order_by("id").values_list("code", flat=True))


def test_a_quote_adds_up_to_the_cent_and_is_remembered() -> None:
    quote = make_quote(staff("sales"))
    lines = list(quote.lines.all())
    assert [line.amount for line in lines] == [Decimal("9423.93"), Decimal("9423.93")]
    costs = {row.kind: row.amount for row in quote.costs.all()}
    assert quote.goods_total == Decimal("18847.86")
    assert costs["insurance"] == Decimal("69.95")
    assert quote.total == quote.goods_total + sum(costs.values()) == Decimal("21197.81")
    assert lines[0].specification.startswith("1220") and lines[0].unit == "m2" and lines[0].hs_code == "3918.10"
    assert quote.reference.startswith("QU-")
    assert codes(quote) == ["quote.created"]


def test_a_term_without_a_breakdown_is_refused_with_a_sentence_and_writes_nothing() -> None:
    with pytest.raises(Refused, match="breakdown under FOB comes with a later version"):
        make_quote(incoterm="FOB")
    assert not Quote.objects.exists()


def test_another_customers_contact_is_refused() -> None:
    with pytest.raises(Refused, match="another customer") as refused:
        make_quote(contact=make_contact(make_customer()))
    assert refused.value.field == "contact"
    assert not Quote.objects.exists()


def test_the_second_of_two_who_save_is_told_who_was_faster_and_changes_nothing() -> None:
    anna = staff("sales", "Anna Berg")
    quote = make_quote(anna)
    services.update_quote(quote.pk, actor=anna, seen=1, lines=make_lines(1), costs=COSTS)
    with pytest.raises(Refused, match="Anna Berg"):
        services.update_quote(quote.pk, actor=anna, seen=1, lines=[], costs={}, incoterm_place="Rotterdam")
    assert Quote.objects.get().incoterm_place == "Hamburg"
    assert Quote.objects.get().lines.count() == 1


def test_nobody_sets_a_field_that_is_not_theirs() -> None:
    for name in ("status", "number", "version", "total", "goods_total", "created_by", "sent_at", "search"):
        with pytest.raises(TypeError):
            make_quote(**{name: "x"})
    assert not Quote.objects.exists()


@pytest.mark.usefixtures("no_press")
def test_sending_keeps_the_paper_and_writes_one_email_with_it_and_a_link() -> None:
    load_messages()
    seller = staff("sales", "Anna Berg")
    quote = make_quote(seller, owner=seller)
    services.send_quote(quote.pk, actor=seller, note="As we discussed on the phone.")
    quote.refresh_from_db()
    assert quote.status == "sent" and quote.sent_at is not None
    assert codes(quote) == ["quote.created", "file.attached", "quote.sent"]
    message = Message.objects.get(channel="email")
    assert quote.contact is not None and message.to_address == quote.contact.email
    assert "As we discussed on the phone." in message.body
    assert "Anna Berg" in message.body
    assert [one.attachment.title for one in message.attachments.all()] == [f"{quote.reference}.pdf"]
    raw = message.body.split("/p/quote/")[1].split("/")[0]
    token = tokens.resolve("quote", raw)
    assert token is not None and token.object_id == quote.pk
    assert attachments_of(quote, purpose="quote").count() == 1


@pytest.mark.usefixtures("no_press")
def test_a_quote_without_an_address_to_send_to_is_refused_and_nothing_is_kept() -> None:
    seller, customer = staff("sales"), make_customer()
    quote = make_quote(seller, customer=customer, contact=make_contact(customer, email="", phone="+4940123456"))
    with pytest.raises(Refused, match="no email address"):
        services.send_quote(quote.pk, actor=seller)
    quote.refresh_from_db()
    assert quote.status == "draft"
    assert attachments_of(quote).count() == 0


@pytest.mark.usefixtures("no_press")
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"lines": []}, "no line with quantity and price"),
        ({"lines": [LineData(description="SPC", unit="m2", quantity=Decimal(3))]}, "no line with quantity and price"),
        ({"incoterm_place": ""}, "named place"),
        ({"valid_until": dt.date(2020, 1, 1)}, "no longer valid"),
    ],
)
def test_an_unfinished_quote_is_not_sent(change: dict[str, Any], sentence: str) -> None:
    seller = staff("sales")
    quote = make_quote(seller, **change)
    with pytest.raises(Refused, match=sentence):
        services.send_quote(quote.pk, actor=seller)
    assert Quote.objects.get().status == "draft"
    assert codes(quote) == ["quote.created"]


def test_acceptance_makes_the_order_and_wins_the_inquiry_in_one_transaction() -> None:
    customer = make_customer()
    inquiry = inquiry_in("answered", customer=customer)
    seller = staff("sales")
    quote = make_quote(seller, customer=customer, inquiry=inquiry)
    perform(Quote, quote.pk, "send", actor=seller)
    order = services.accept_quote(quote.pk, actor=seller, name="Karin Petersen")
    assert order.status == "draft" and order.quote_id == quote.pk and order.total == quote.total
    assert [line.amount for line in order.lines.all()] == [line.amount for line in quote.lines.all()]
    assert {row.kind: row.amount for row in order.costs.all()} == {row.kind: row.amount for row in quote.costs.all()}
    assert order.created_by == seller
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.outcome) == ("closed", "won")
    steps = Event.objects.about(inquiry).order_by("pk").values_list("code", flat=True)
    assert list(steps) == ["inquiry.converted", "inquiry.closed"]
    accepted = Event.objects.get(code="quote.accepted")
    assert "Karin" not in str(accepted.facts)
    assert accepted.private.data == {"name": "Karin Petersen"}


def test_a_customer_accepts_without_being_anybody_here() -> None:
    quote = quote_in("sent")
    order = services.accept_quote(quote.pk, actor=None, name="Karin Petersen", via="link")
    assert order.created_by is None and order.owner_id == quote.owner_id
    assert Event.objects.get(code="quote.accepted").facts["via"] == "link"


def test_a_second_acceptance_is_refused_and_makes_no_second_order() -> None:
    quote = quote_in("accepted")
    with pytest.raises(Refused, match="accepted"):
        services.accept_quote(quote.pk, actor=None, name="Karin")
    assert Order.objects.count() == 1
    assert Event.objects.filter(code="quote.accepted").count() == 1


def test_if_the_order_cannot_be_made_the_quote_stays_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    from orders.services import quotes

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("no order")

    monkeypatch.setattr(quotes, "order_from_quote", fail)
    quote = quote_in("sent")
    with pytest.raises(RuntimeError):
        services.accept_quote(quote.pk, actor=None, name="Karin")
    assert Quote.objects.get().status == "sent"
    assert not Event.objects.filter(code="quote.accepted").exists()


def test_a_lapsed_quote_cannot_be_accepted_and_expires() -> None:
    quote = quote_in("sent")
    with pytest.raises(Refused, match="still valid"):
        services.expire_quote(quote.pk)
    lapsed = make_quote(valid_until=timezone.localdate())
    perform(Quote, lapsed.pk, "send", actor=None)
    tomorrow = timezone.now() + dt.timedelta(days=2)
    with time_machine.travel(tomorrow, tick=False):
        with pytest.raises(Refused, match="no longer valid"):
            services.accept_quote(lapsed.pk, actor=None, name="Karin")
        assert services.expire_lapsed_quotes() == 1
        assert services.expire_lapsed_quotes() == 0
    lapsed.refresh_from_db()
    assert lapsed.status == "expired"
    assert not Order.objects.exists()


def test_a_revision_is_a_new_version_that_closes_the_old_one_and_its_links() -> None:
    seller = staff("sales")
    quote = quote_in("sent")
    raw = tokens.issue("quote", quote)
    new = services.revise_quote(quote.pk, actor=seller)
    quote.refresh_from_db()
    assert quote.status == "superseded" and tokens.resolve("quote", raw) is None
    assert (new.number, new.version, new.status, new.replaces_id) == (quote.number, 2, "draft", quote.pk)
    assert new.reference == f"{quote.number}-2"
    assert (new.total, new.lines.count()) == (quote.total, 2)


# ---------------------------------------------------------------- the machine


STATES = [state for state, _label in Quote.Status.choices]


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("after", STATES)
def test_the_database_refuses_every_jump_that_the_machine_does_not_know(before: str, after: str) -> None:
    quote = quote_in(before)
    allowed = {(source, target) for source, target, _verb in edges(Quote, "status")}
    row = Quote.objects.filter(pk=quote.pk)
    if before == after or (before, after) in allowed:
        return
    with pytest.raises(DatabaseError), transaction.atomic():
        row.update(status=after)
    assert row.get().status == before


@pytest.mark.parametrize("role", ["sales", "order desk", "manager", "logistics", "service", "finance", "technical", "operations"])  # fmt: skip
@pytest.mark.parametrize("state", STATES)
def test_every_verb_in_every_state_by_every_role(role: str, state: str, no_press: None) -> None:
    actor = staff(role)
    may = role in ("sales", "order desk", "manager")
    verbs = {
        "send": lambda pk: services.send_quote(pk, actor=actor),
        "accept": lambda pk: services.accept_quote(pk, actor=actor, name="Anna"),
        "decline": lambda pk: services.decline_quote(pk, actor=actor),
        "supersede": lambda pk: services.revise_quote(pk, actor=actor),
    }
    sources = {verb: {s for s, _t, v in edges(Quote, "status") if v == verb} for verb in verbs}
    for verb, service in verbs.items():
        quote = quote_in(state)
        count = Event.objects.count()
        if may and state in sources[verb]:
            service(quote.pk)
            assert Quote.objects.get(pk=quote.pk).status != state
            continue
        with pytest.raises(Refused) as refused:
            service(quote.pk)
        assert refused.value.reason == ("permission" if not may else "state")
        assert Quote.objects.get(pk=quote.pk).status == state
        assert Event.objects.count() == count


def test_a_sent_quote_is_locked_in_the_database_too() -> None:
    quote = quote_in("sent")
    line = quote.lines.first()
    assert line is not None
    attempts = [
        lambda: Quote.objects.filter(pk=quote.pk).update(total=1),
        lambda: Quote.objects.filter(pk=quote.pk).update(currency="EUR"),
        lambda: Quote.objects.filter(pk=quote.pk).update(customer=make_customer()),
        lambda: QuoteLine.objects.filter(pk=line.pk).update(unit_price=1),
        lambda: line.delete(),
        lambda: quote.costs.all().delete(),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert Quote.objects.get().total == quote.total
    with pytest.raises(Refused, match="has been sent"):
        services.update_quote(quote.pk, actor=None, seen=None, lines=[], costs={})
