"""What customers and colleagues are told about goods on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm.models import Contact
from foundation.accounts.models import AccessToken
from foundation.notifications.defaults import load_messages, shipped_messages
from foundation.notifications.delivery import deliver_due
from foundation.notifications.models import InboxItem, Message, Template
from foundation.sla.models import Clock, Timer
from foundation.sla.scanner import scan as scan_clocks
from logistics import services
from logistics.models import Shipment
from tests.logistics.factories import bring_to, dispatch, make_customer, make_order, make_user, plan, png, scan
from tests.support.defaults import load_defaults

pytestmark = pytest.mark.django_db
OURS = (
    "shipment-dispatched",
    "shipment-delayed",
    "shipment-arrived",
    "shipment-signed",
    "pod-reminder",
    "pod-rejected",
)


@pytest.fixture
def shipment() -> Shipment:
    """A planned shipment to Frau Petersen in Hamburg, with the house's rules loaded."""
    load_messages()
    customer = make_customer(language="de")
    contact = Contact.objects.create(
        customer=customer, name="Frau Petersen", email="petersen@example.com", is_main=True
    )
    return plan(make_order(customer, contact=contact), actor=make_user("logistics", language="en"))


def letters() -> list[Message]:
    """Emails to the customer, oldest first."""
    return list(Message.objects.filter(channel="email", recipient_key__startswith="contact:").order_by("pk"))


def test_every_message_of_ours_comes_in_four_languages() -> None:
    load_messages()
    shipped = {one.key: one for one in shipped_messages()}
    for key in OURS:
        assert set(shipped[key].texts) == {"en", "zh-hans", "zh-hant", "de"}
        assert Template.objects.filter(key=key).count() == 4


def test_the_customer_hears_of_departure_delay_arrival_and_delivery_in_their_language(shipment: Shipment) -> None:
    dispatch(shipment)
    services.change_eta(shipment.pk, actor=None, eta=timezone.now() + timedelta(days=9), reason="customs")
    services.arrive_shipment(shipment.pk, actor=None)
    services.sign_shipment(shipment.pk, actor=None, signer_name="A", signature=png())
    sent = letters()
    assert len(sent) == 4
    left, delayed, arrived, signed = sent
    assert "ist unterwegs" in left.subject_line
    assert "/p/track/" in left.body
    assert "HAM-778899" in left.body
    assert "Zollabfertigung" in delayed.body
    assert "Entladetermin" in arrived.body
    assert "Vielen Dank" in signed.subject_line
    for letter in sent:
        assert "{" not in letter.subject_line + letter.body
    assert AccessToken.objects.filter(purpose="track", contact_key=left.recipient_key).count() >= 1


def test_a_refused_step_tells_nobody(shipment: Shipment) -> None:
    with pytest.raises(services_refusal()):
        dispatch(shipment, waybill_number="")
    assert not Message.objects.exists()


def services_refusal() -> Any:
    """The refusal's class."""
    from foundation.journal.machine import Refused

    return Refused


def test_a_paper_that_is_sent_back_is_told_to_the_owner(shipment: Shipment) -> None:
    order = shipment.lines.first().order_line.order
    owner = shipment.owner
    made = bring_to("signed", order=make_order(order.customer), actor=owner)
    services.receive_pod(made.pk, actor=owner, scan=scan())
    services.reject_pod(made.pk, actor=make_user("manager"), reason="blurred")
    told = InboxItem.objects.filter(user=owner, template_key="pod-rejected")
    assert [made.number in one.text for one in told] == [True]


def test_the_clock_of_the_paper_runs_from_the_signature_to_the_archive_and_reminds_whom_to_ask() -> None:
    load_defaults()
    owner = make_user("logistics", language="en")
    shipment = bring_to("signed", actor=owner)
    clock = Clock.objects.get(object_id=shipment.pk, metric="pod_return")
    assert clock.stopped_at is None
    Clock.objects.filter(pk=clock.pk).update(consumed_s=clock.target_s * 8 // 10)
    Timer.objects.filter(clock=clock, kind__contains="70").update(due_at=timezone.now() - timedelta(hours=1))
    scan_clocks()
    deliver_due()  # what a round told is put into words by the worker
    told = InboxItem.objects.get(user=owner, template_key="pod-reminder")
    assert shipment.number in told.text
    assert shipment.carrier.name in told.detail
    services.receive_pod(shipment.pk, actor=owner, scan=scan())
    services.archive_pod(shipment.pk, actor=owner)
    clock.refresh_from_db()
    assert clock.stopped_at is not None
