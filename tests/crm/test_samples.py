"""Samples: who does what, what is refused, what is remembered, what the customer and the clock hear."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.utils import ProgrammingError

from crm.models import Sample
from crm.models.cadence import company_today
from crm.sample_selectors import samples_waiting, visible_samples
from crm.services.samples import (
    Article,
    approve_sample,
    ask_decision,
    cancel_sample,
    change_sample,
    hand_over_sample,
    note_follow_up,
    prepare_sample,
    receive_sample,
    reject_sample,
    request_again,
    request_sample,
    send_sample,
)
from foundation.accounts.models import AccessToken, User
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.todos.models import Task
from tests.accounts.factories import make_user
from tests.crm.factories import make_contact, make_customer, make_inquiry
from tests.crm.samples import ask, known_customer, oak, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def lin(roles: None) -> User:
    """Works in logistics."""
    return make_user("Lin Fang", role="logistics")


def codes(sample: Sample) -> list[str]:
    return list(Event.objects.about(sample).order_by("id").values_list("code", flat=True))


def test_from_the_wish_to_the_approval(anna, lin):
    product = oak()
    sample = ask(
        anna, articles=[Article(product=product, variant="natural"), Article(description="Skirting", unit="m")]
    )
    first, second = sample.lines.all()
    assert (first.description, first.unit, second.product) == ("SPC Oak", product.unit.code, None)
    assert sample.contact.name == "Petra Petersen" and sample.owner == anna
    prepare_sample(sample.pk, actor=lin)
    sample = send_sample(sample.pk, actor=lin, courier="DHL", waybill="JD01", tracking_url="https://dhl.example/JD01")
    assert (sample.status, sample.sent_by, sample.sent_on) == ("sent", lin, company_today())
    sample = receive_sample(sample.pk, actor=anna, received_by="Petra")
    assert sample.follow_up_on == company_today() + timedelta(days=3)
    sample = approve_sample(sample.pk, actor=anna, name="Petra", via="phone")
    assert {line.decision for line in sample.lines.all()} == {"approved"}
    assert codes(sample) == [
        "sample.requested", "sample.prepared", "sample.sent", "sample.received", "sample.approved",
    ]  # fmt: skip
    assert "Petra" not in str(list(Event.objects.about(sample).values_list("facts", flat=True)))


def test_sales_does_not_send_and_logistics_does_not_ask(anna, lin):
    sample = ask(anna)
    for refused in (
        lambda: prepare_sample(sample.pk, actor=anna),
        lambda: send_sample(sample.pk, actor=anna, courier="DHL"),
    ):
        with pytest.raises(Refused) as why:
            refused()
        assert why.value.reason == "permission"
    with pytest.raises(PermissionDenied):
        ask(lin, known_customer(anna))
    sample.refresh_from_db()
    assert sample.status == "requested" and codes(sample) == ["sample.requested"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"delivery_address": "  "}, "delivery_address"),
        ({"wanted_on": date(2020, 1, 1)}, "wanted_on"),
        ({"articles": []}, None),
        ({"articles": [Article()]}, None),
        ({"articles": [Article(description="x", unit="pcs")] * 31}, None),
    ],
)
def test_what_cannot_be_sent_is_not_asked_for(anna, values, field):
    with pytest.raises(Refused) as why:
        ask(anna, **values)
    assert why.value.field == field
    assert not Sample.objects.exists() and not Event.objects.filter(code__startswith="sample.").exists()


def test_people_and_inquiries_of_others_are_refused(anna):
    stranger = make_contact(make_customer(owner=anna))
    with pytest.raises(Refused) as why:
        ask(anna, contact=stranger)
    assert why.value.field == "contact"
    with pytest.raises(Refused) as why:
        ask(anna, inquiry=make_inquiry(customer=stranger.customer))
    assert why.value.field == "inquiry"
    assert not Sample.objects.exists()


def test_a_request_can_be_changed_until_it_leaves_the_house(anna, lin):
    sample = ask(anna)
    other = [Article(description="Walnut", variant="dark", quantity=Decimal(1), unit="pcs", charge=Decimal(12))]
    sample = change_sample(sample.pk, actor=anna, lines=other, purpose="Choose the walnut")
    assert [line.description for line in sample.lines.all()] == ["Walnut"]
    assert Event.objects.about(sample).latest("id").facts["changed"] == ["lines", "purpose"]
    change_sample(sample.pk, actor=anna, lines=other, purpose="Choose the walnut")
    assert codes(sample).count("sample.updated") == 1
    send_sample(sample.pk, actor=lin, courier="DHL")
    with pytest.raises(Refused):
        change_sample(sample.pk, actor=anna, lines=other, purpose="Something else")
    sample.refresh_from_db()
    assert sample.purpose == "Choose the walnut"


def test_days_that_cannot_be_are_refused(anna, lin):
    tomorrow = company_today() + timedelta(days=1)
    sample = ask(anna)
    with pytest.raises(Refused) as why:
        send_sample(sample.pk, actor=lin, courier="DHL", sent_on=tomorrow)
    assert why.value.field == "sent_on"
    send_sample(sample.pk, actor=lin, courier="DHL")
    for day in (tomorrow, company_today() - timedelta(days=1)):
        with pytest.raises(Refused) as why:
            receive_sample(sample.pk, actor=anna, received_on=day)
        assert why.value.field == "received_on"
    sample.refresh_from_db()
    assert sample.status == "sent"


def test_lines_are_decided_one_by_one(anna, lin):
    sample = sent(anna, lin, lines=3)
    one, two, three = sample.lines.all()
    with pytest.raises(Refused):
        approve_sample(sample.pk, actor=anna, name="Petra", lines=[])
    approve_sample(sample.pk, actor=anna, name="Petra", lines=[one.pk, three.pk])
    assert [line.decision for line in sample.lines.all()] == ["approved", "rejected", "approved"]


def test_a_rejected_sample_leads_to_a_new_one(anna, lin):
    sample = sent(anna, lin, lines=2)
    one, two = sample.lines.all()
    with pytest.raises(Refused):
        reject_sample(sample.pk, actor=anna, reason=" ")
    with pytest.raises(Refused):
        request_again(sample.pk, actor=anna)
    sample = reject_sample(sample.pk, actor=anna, reason="Too dark", name="Petra", lines=[two.pk])
    assert (sample.status, sample.reason) == ("rejected", "Too dark")
    new = request_again(sample.pk, actor=anna, note="Lighter")
    assert [line.description for line in new.lines.all()] == ["Oak 1"]
    assert (new.replaces, new.status, new.delivery_address) == (sample, "requested", sample.delivery_address)
    assert Event.objects.about(new).get().facts["replaces"] == sample.number


def test_the_owner_is_reminded_once_and_no_more_when_it_is_decided(anna, lin):
    sample = sent(anna, lin)
    (task,) = Task.objects.filter(status="open")
    assert task.person == anna and sample.number in task.title and task.subject == sample
    receive_sample(sample.pk, actor=anna)
    (task,) = Task.objects.filter(status="open")
    assert task.due_on == company_today() + timedelta(days=3)
    again = company_today() + timedelta(days=9)
    note_follow_up(sample.pk, actor=anna, said="The architect is away", ask_again_on=again)
    (task,) = Task.objects.filter(status="open")
    assert task.due_on == again
    with pytest.raises(Refused):
        note_follow_up(sample.pk, actor=anna, said="…", ask_again_on=company_today())
    approve_sample(sample.pk, actor=None, name="Petra", via="link")
    assert not Task.objects.filter(status="open").exists()


def test_a_cancelled_sample_closes_its_links_and_is_decided_by_nobody(anna, lin):
    sample = sent(anna, lin)
    ask_decision(sample.pk, actor=anna)
    from crm.people import recipient_of_visit
    from crm.sample_messages import sample_link

    sample_link(sample, recipient_of_visit(sample))
    with pytest.raises(Refused):
        cancel_sample(sample.pk, actor=anna, reason="")
    cancel_sample(sample.pk, actor=anna, reason="Order lost")
    assert AccessToken.objects.get(purpose="sample").revoked_at is not None
    for late in (approve_sample, reject_sample):
        more = {"reason": "no"} if late is reject_sample else {}
        with pytest.raises(Refused):
            late(sample.pk, actor=None, name="Petra", via="link", **more)
    with pytest.raises(Refused):
        ask_decision(sample.pk, actor=anna)
    sample.refresh_from_db()
    assert sample.status == "cancelled" and sample.decided_at is None


def test_who_sees_what_and_what_waits_for_whom(anna, wei, lin, maria):
    sample = ask(anna, wanted_on=company_today())
    assert [list(visible_samples(one)) for one in (anna, lin, maria)] == [[sample]] * 3
    assert list(visible_samples(wei)) == []
    assert samples_waiting(lin) == (1, False) and samples_waiting(anna) == (0, False)
    send_sample(sample.pk, actor=lin, courier="DHL")
    assert samples_waiting(lin) == (0, False)
    Sample.objects.filter(pk=sample.pk).update(follow_up_on=company_today() - timedelta(days=1))
    assert samples_waiting(anna) == (1, True) and samples_waiting(maria) == (0, False)


def test_it_is_handed_over_with_the_rest_of_the_work(anna, wei, lin):
    sample = sent(anna, lin)
    hand_over_sample(sample.pk, actor=None, owner=wei, was_owner=anna.pk)
    with pytest.raises(Refused):
        hand_over_sample(sample.pk, actor=None, owner=anna, was_owner=anna.pk)
    sample.refresh_from_db()
    assert sample.owner == wei


def test_the_database_refuses_jumps_and_halves(anna, lin):
    sample = ask(anna)
    for values in ({"status": "approved"}, {"status": "sent"}, {"status": "cancelled"}):
        with pytest.raises((IntegrityError, InternalError, ProgrammingError)), transaction.atomic():
            Sample.objects.filter(pk=sample.pk).update(**values)
    done = approve_sample(sent(anna, lin).pk, actor=anna, name="Petra")
    with pytest.raises((IntegrityError, InternalError, ProgrammingError)), transaction.atomic():
        Sample.objects.filter(pk=done.pk).update(status="rejected")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_the_same_sample_one_does(anna, lin):
    olga = make_user("Olga Ivanova", role="order desk")
    sample = ask(anna)
    told = _both(
        lambda: send_sample(sample.pk, actor=lin, courier="DHL", waybill="L"),
        lambda: send_sample(sample.pk, actor=olga, courier="UPS", waybill="O"),
    )
    sample.refresh_from_db()
    assert len(told) == 1 and codes(sample).count("sample.sent") == 1
    winner = lin if sample.waybill == "L" else olga
    assert sample.sent_by == winner and str(winner) in told[0]


@pytest.mark.django_db(transaction=True)
def test_the_customer_approves_while_sales_cancels(anna, lin):
    sample = sent(anna, lin)
    told = _both(
        lambda: approve_sample(sample.pk, actor=None, name="Petra", via="link"),
        lambda: cancel_sample(sample.pk, actor=anna, reason="Order lost"),
    )
    sample.refresh_from_db()
    assert len(told) == 1 and sample.status in ("approved", "cancelled")
    assert len({"sample.approved", "sample.cancelled"} & set(codes(sample))) == 1
    assert bool(sample.decided_at) == (sample.status == "approved")


def _both(*deeds: Any) -> list[str]:
    """Do them at once; what the refused ones were told."""
    told: list[str] = []
    gate = threading.Barrier(len(deeds))

    def run(deed: Any) -> None:
        gate.wait()
        try:
            deed()
        except Refused as refused:
            told.append(refused.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def test_the_system_may_ask_too(anna):
    sample = request_sample(
        known_customer(anna).pk,
        actor=None,
        lines=[Article(description="Oak", unit="pcs")],
        purpose="x",
        delivery_address="y",
    )
    assert sample.owner == anna
