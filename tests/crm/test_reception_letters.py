"""Receptions: what customers hear beforehand, the promise that all is ready, visitors who become contacts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm import services
from crm.models import Contact, Reception, ReceptionVisitor
from crm.services.preparation import tick_items
from foundation.accounts.models import Company
from foundation.notifications.models import Message
from foundation.sla.models import Clock
from tests.crm.factories import make_contact, make_customer
from tests.support.defaults import load_defaults

pytestmark = pytest.mark.django_db
DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)


@pytest.fixture
def booked(anna: Any) -> Reception:
    load_defaults()
    Company.objects.update_or_create(
        pk=1, defaults={"time_zone": "Asia/Shanghai", "address": "8 Pearl Road\nGuangzhou"}
    )
    customer = make_customer("Hafen GmbH", owner=anna, time_zone="Europe/Berlin")
    make_contact(customer, name="Petra Petersen", language="de")
    start = (timezone.now() + timedelta(days=2)).replace(hour=2, minute=0, second=0, microsecond=0)
    return services.book_reception(customer.pk, actor=anna, purpose="Eiche", start=start, tells_customer=True)


def letters() -> list[Message]:
    return list(Message.objects.filter(recipient_key__startswith="contact:", channel="email").order_by("pk"))


def test_customers_hear_of_a_booking_a_move_and_a_cancellation_by_the_showrooms_clock(anna, booked):
    (first,) = letters()
    assert (
        "10:00" in first.subject_line
        and "8 Pearl Road, Guangzhou" in first.body
        and "Anna Berg empfängt Sie" in first.body
    )
    later = booked.planned_start + timedelta(hours=1)
    services.reschedule_reception(booked.pk, actor=anna, start=later, tells_customer=True)
    assert "11:00" in letters()[-1].subject_line and len(letters()) == 2
    services.cancel_reception(booked.pk, actor=anna, reason="Burst pipe", tells_customer=True)
    assert "fällt aus" in letters()[-1].subject_line and "Burst pipe" not in letters()[-1].body


def test_nobody_is_told_who_was_not_to_be_told(anna, booked):
    services.reschedule_reception(booked.pk, actor=anna, start=booked.planned_start + timedelta(hours=1))
    services.cancel_reception(booked.pk, actor=anna, reason="Burst pipe")
    assert len(letters()) == 1


def test_a_booked_reception_is_promised_to_be_ready_when_it_begins(anna, booked):
    clock = Clock.objects.get(metric="preparation")
    assert clock.due_at == booked.planned_start and clock.stopped_at is None
    later = booked.planned_start + timedelta(days=1)
    services.reschedule_reception(booked.pk, actor=anna, start=later)
    clock.refresh_from_db()
    assert clock.due_at == later
    items = [one.pk for one in booked.items.all()]
    tick_items(Reception, booked.pk, actor=anna, done=set(items[:1]), event="reception.checked")
    clock.refresh_from_db()
    assert clock.stopped_at is None
    tick_items(Reception, booked.pk, actor=anna, done=set(items), event="reception.checked")
    clock.refresh_from_db()
    assert clock.stopped_at is not None and clock.met_at is not None


def signed(reception: Reception, name: str, **values: Any) -> ReceptionVisitor:
    return ReceptionVisitor.objects.create(reception=reception, name=name, **values)


def test_a_visitor_who_is_new_becomes_a_contact_once(client, anna, wei, booked):
    new = signed(booked, "Otto Ernst", email="Otto@Hafen.example", phone="030 901820", has_consented=False)
    known = signed(booked, "petra petersen", has_consented=True)
    client.force_login(anna)
    page = client.get(booked.get_absolute_url()).content.decode()
    assert page.count("Make a contact") == 1 and "Petra Petersen" in page
    assert client.post(f"/visitors/{new.pk}/contact/").status_code == 302
    contact = Contact.objects.get(name="Otto Ernst")
    assert (
        contact.email,
        str(contact.phone.as_e164 if hasattr(contact.phone, "as_e164") else contact.phone).replace(" ", ""),
    ) == (
        "otto@hafen.example",
        "+4930901820",
    )
    assert contact.no_email and contact.no_sms and contact.no_calls
    for visitor in (new, known):
        client.post(f"/visitors/{visitor.pk}/contact/")
    assert Contact.objects.count() == 2
    client.force_login(wei)
    assert client.post(f"/visitors/{new.pk}/contact/").status_code == 404
