"""Service records are added, corrected by further ones, and never changed: not even by the application itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from crm import services
from crm.models import ServiceRecord, ServiceRecordText
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.journal.services import private_digest
from tests.crm.factories import make_contact, make_customer

pytestmark = pytest.mark.django_db


def test_a_record_keeps_who_when_how_and_what_and_leaves_an_event(anna):
    contact = make_contact()
    row = services.add_service_record(
        contact.customer_id, actor=anna, subject="Sample", content="Wants oak", contact=contact, next_step="Send samples",
        next_step_on=timezone.localdate() + timedelta(days=2),
    )  # fmt: skip
    event = Event.objects.about(row).get()
    assert (event.code, event.actor, event.customer_id) == ("service_record.added", anna, contact.customer_id)
    assert "oak" not in str(event.facts)
    customer = row.customer
    customer.refresh_from_db()
    assert (customer.next_step, customer.last_contact_at) == ("Send samples", row.started_at)
    assert row.text_digest == private_digest(row.text.salt, row.text.words())


def test_a_call_that_reached_nobody_is_no_contact():
    customer = make_customer()
    services.add_service_record(customer.pk, actor=None, subject="Called", result="not_reached")
    customer.refresh_from_db()
    assert customer.last_contact_at is None


def test_what_is_entered_late_stands_where_it_took_place():
    yesterday = timezone.now() - timedelta(days=1)
    row = services.add_service_record(make_customer().pk, actor=None, subject="Visit", started_at=yesterday)
    assert Event.objects.about(row).get().occurred_at == yesterday


@pytest.mark.parametrize(
    "wrong",
    [
        {"started_at": timezone.now() + timedelta(days=400)},
        {"ended_at": timezone.now() - timedelta(days=400)},
    ],
)
def test_impossible_times_are_refused_and_nothing_is_kept(wrong):
    customer = make_customer()
    with pytest.raises(Refused) as refusal:
        services.add_service_record(customer.pk, actor=None, subject="X", **wrong)
    assert refusal.value.reason == "input"
    assert not ServiceRecord.objects.exists()


def test_a_contact_of_another_customer_is_refused():
    with pytest.raises(Refused):
        services.add_service_record(make_customer().pk, actor=None, subject="X", contact=make_contact())
    assert not ServiceRecord.objects.exists()


def test_a_correction_is_a_further_record_that_points_to_the_first(anna):
    first = services.add_service_record(make_customer().pk, actor=anna, subject="Price 10")
    second = services.correct_service_record(first.pk, actor=anna, subject="Price 12")
    third = services.correct_service_record(second.pk, actor=anna, subject="Price 13")
    assert second.corrects == third.corrects == first
    first.refresh_from_db()
    assert first.text.subject == "Price 10"
    assert third.started_at == first.started_at


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: ServiceRecord.objects.update(result="done"),
        lambda: ServiceRecord.objects.all()._raw_delete("default"),
        lambda: ServiceRecordText.objects.update(content="nothing"),
        lambda: ServiceRecordText.objects.all().delete(),
        lambda: connection.cursor().execute("TRUNCATE crm_servicerecord CASCADE"),
        lambda: connection.cursor().execute("ALTER TABLE crm_servicerecord ADD COLUMN x int"),
        lambda: connection.cursor().execute("UPDATE crm_servicerecordtext SET content = 'x'"),
    ],
)
def test_the_database_refuses_to_change_or_remove_a_record(attempt):
    services.add_service_record(make_customer().pk, actor=None, subject="Kept", content="words")
    with pytest.raises(DatabaseError), transaction.atomic():
        attempt()
    row = ServiceRecord.objects.select_related("text").get()
    assert (row.text.subject, row.text.content) == ("Kept", "words")
