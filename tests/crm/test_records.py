"""Service records are added, corrected by further ones, and never changed: not even by the application itself."""

from __future__ import annotations

import zoneinfo
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from crm import services
from crm.models import CustomerTouch, ServiceRecord, ServiceRecordText
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


def _standing(row: ServiceRecord) -> tuple[str, ...]:
    last = row.standing()
    return last.text.subject, last.type, last.channel, last.result


def test_a_correction_says_type_channel_result_contact_and_times_anew(anna):
    contact, began = make_contact(), timezone.now() - timedelta(days=2)
    first = services.add_service_record(
        contact.customer_id, actor=anna, subject="Talk", content="Oak", started_at=began, next_step="Send samples",
        next_step_on=timezone.localdate() + timedelta(days=2),
    )  # fmt: skip
    earlier = began - timedelta(days=3)
    second = services.correct_service_record(
        first.pk, actor=anna, type="visit", channel="meeting", result="partly", contact=contact, subject="Talk", content="Oak",
        started_at=earlier, ended_at=earlier + timedelta(hours=1),
    )  # fmt: skip
    assert (second.type, second.channel, second.result, second.contact) == ("visit", "meeting", "partly", contact)
    assert (second.started_at, second.text.next_step) == (earlier, "Send samples")
    assert second.text_digest == private_digest(second.text.salt, second.text.words())
    third = services.correct_service_record(first.pk, actor=anna, subject="Talk about oak")
    assert _standing(first) == _standing(second) == ("Talk about oak", "visit", "meeting", "partly")
    assert third.started_at == earlier
    first.refresh_from_db()
    assert (first.type, first.channel, first.started_at) == ("call", "phone", began), "the first stays as it was"
    assert [one.corrects_id for one in (second, third)] == [first.pk] * 2
    stands = ServiceRecord.objects.exclude(ServiceRecord.corrected())
    assert list(stands) == [third]


def test_what_the_house_knows_of_the_last_contact_follows_a_correction(anna):
    contact, now = make_contact(), timezone.now()
    customer = contact.customer
    old = services.add_service_record(customer.pk, actor=anna, subject="Old", started_at=now - timedelta(days=9))
    row = services.add_service_record(customer.pk, actor=anna, subject="New", started_at=now - timedelta(days=1))
    assert CustomerTouch.objects.get(record=row).undone_at is None

    def known() -> tuple[object, list[tuple[str, object]]]:
        customer.refresh_from_db()
        touches = CustomerTouch.objects.filter(undone_at=None).order_by("at")
        return customer.last_contact_at, [(one.way, one.at) for one in touches]

    services.correct_service_record(row.pk, actor=anna, subject="New", result="not_reached")
    assert known() == (old.started_at, [("phone", old.started_at)])
    moved = now - timedelta(days=4)
    services.correct_service_record(row.pk, actor=anna, subject="New", result="done", channel="email", started_at=moved)
    assert known() == (moved, [("phone", old.started_at), ("email", moved)])
    services.correct_service_record(row.pk, actor=anna, subject="Newer words", content="x")
    assert known() == (moved, [("phone", old.started_at), ("email", moved)])


def test_who_corrects_what_was_corrected_meanwhile_is_told(anna, maria):
    first = services.add_service_record(make_customer(owner=anna).pk, actor=anna, subject="Talk")
    services.correct_service_record(first.pk, actor=maria, subject="Hers", version=first.pk)
    with pytest.raises(Refused) as refusal:
        services.correct_service_record(first.pk, actor=anna, subject="Mine", version=first.pk)
    assert refusal.value.reason == "state" and maria.name in refusal.value.message
    assert ServiceRecord.objects.count() == 2


def test_the_correction_form_changes_what_it_shows_and_keeps_the_rest_to_the_second(anna, client):
    contact = make_contact(make_customer("Kai", owner=anna))
    began = timezone.now().replace(second=33) - timedelta(days=1)
    first = services.add_service_record(contact.customer_id, actor=anna, subject="Talk", started_at=began)
    client.force_login(anna)
    address = f"/records/{first.pk}/correct/"
    page = client.get(address).content.decode()
    assert 'name="channel"' in page and contact.name in page and f'name="version" value="{first.pk}"' in page
    began_at = timezone.localtime(began, zoneinfo.ZoneInfo(anna.time_zone)).strftime("%Y-%m-%dT%H:%M")
    typed = {
        "subject": "Talk", "type": "call", "channel": "phone", "result": "done", "started_at": began_at, "version": first.pk,
    }  # fmt: skip
    assert client.post(address, typed).status_code == 422, "nothing differs"
    late = client.post(address, {**typed, "started_at": "2099-01-01T10:00"})
    assert late.status_code == 422 and "has not taken place yet" in late.content.decode()
    assert client.post(address, {**typed, "channel": "email", "contact": contact.pk}).status_code == 302
    second = ServiceRecord.objects.get(corrects=first)
    assert (second.channel, second.contact, second.started_at) == ("email", contact, began)
    stale = client.post(address, {**typed, "channel": "chat"})
    assert stale.status_code == 409 and f'name="version" value="{second.pk}"' in stale.content.decode()
    shown = client.get(first.customer.get_absolute_url()).content.decode()
    assert f'<span id="record-{first.pk}"><s>' in shown and "Channel: Phone → Email" in shown
    assert f"With: – → {contact.name}" in shown
    listed = client.get("/service-records/?view=all").content.decode()
    assert listed.count('class="is-corrected"') == 1
    assert "Email" in client.get("/service-records/?view=corrections").content.decode()


def test_an_exported_list_says_what_was_replaced(anna, client):
    row = services.add_service_record(make_customer(owner=anna).pk, actor=anna, subject="Price", content="10 euros")
    services.correct_service_record(row.pk, actor=anna, content="12 euros")
    client.force_login(anna)
    answer = client.get("/service-records/?view=all&format=csv")
    said = b"".join(answer.streaming_content).decode()
    assert said.count("Price · corrected") == said.count("Price · Correction") == 1
