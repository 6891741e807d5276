"""Pinned entries, the search, and the pages of a timeline."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crm import services
from foundation.journal.machine import Refused
from foundation.journal.models import Event, Pin
from foundation.journal.pins import MOST, pin_event, unpin_event
from foundation.journal.services import add_note, record
from foundation.journal.timeline import history
from tests.crm.conftest import anna, roles, wei  # noqa: F401
from tests.crm.factories import make_customer, make_inquiry

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(anna: Any) -> Any:  # noqa: F811
    return make_customer("Bodenwerk", owner=anna)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_pinned_note_stands_on_top_and_says_who_pinned_it(customer, anna):  # noqa: F811
    note = add_note(customer, "Only deals by telephone", actor=anna)
    for number in range(60):
        add_note(customer, f"Later {number}", actor=anna)
    pin_event(note.pk, actor=anna)
    shown = history(customer_id=customer.pk)
    assert [one.body for one in shown.pinned] == ["Only deals by telephone"]
    assert "Anna Berg" in str(shown.pinned[0].pinned)
    assert all(one.body != "Only deals by telephone" for one in shown.entries)
    assert Event.objects.filter(code="entry.pinned").count() == 1
    unpin_event(note.pk, actor=anna)
    assert history(customer_id=customer.pk).pinned == []
    assert Pin.objects.get().removed_by == anna


def test_a_pin_costs_one_query_and_none_where_there_is_none(customer, anna, django_assert_num_queries):  # noqa: F811
    note = add_note(customer, "Pinned", actor=anna)
    history(customer_id=customer.pk)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as before:
        history(customer_id=customer.pk)
    pin_event(note.pk, actor=anna)
    history(customer_id=customer.pk)
    with django_assert_num_queries(len(before) + 1):
        history(customer_id=customer.pk)


def test_pinning_twice_is_one_pin_and_too_many_are_refused(customer, anna):  # noqa: F811
    notes = [add_note(customer, f"Note {n}", actor=anna) for n in range(MOST + 1)]
    for note in notes[:MOST]:
        pin_event(note.pk, actor=anna)
    pin_event(notes[0].pk, actor=anna)
    with pytest.raises(Refused):
        pin_event(notes[MOST].pk, actor=anna)
    assert Pin.objects.count() == MOST


def test_what_the_system_says_cannot_be_pinned(customer, anna):  # noqa: F811
    created = Event.objects.get(code="customer.created")
    with pytest.raises(Refused):
        pin_event(created.pk, actor=anna)
    assert not Pin.objects.exists()


def test_pinning_on_the_page_and_not_through_a_strangers(customer, anna, wei):  # noqa: F811
    row = services.add_service_record(customer.pk, actor=anna, subject="Call", content="Wants oak")
    event = Event.objects.get(code="service_record.added", object_id=row.pk)
    here = customer.get_absolute_url()
    assert client_of(wei).post(f"{here}pin/", {"pin": event.pk}).status_code == 404
    other = make_customer(owner=anna)
    assert client_of(anna).post(f"{other.get_absolute_url()}pin/", {"pin": event.pk}).status_code == 404
    assert not Pin.objects.exists()
    response = client_of(anna).post(f"{here}pin/?show=record", {"pin": event.pk})
    assert response["Location"] == f"{here}?show=record#timeline"
    page = client_of(anna).get(here).content.decode()
    assert 'class="pinned"' in page and "Unpin" in page
    client_of(anna).post(f"{here}pin/", {"unpin": event.pk})
    assert 'class="pinned"' not in client_of(anna).get(here).content.decode()


def test_the_search_finds_words_facts_sentences_and_service_records(customer, anna):  # noqa: F811
    add_note(customer, "They prefer Walnut", actor=anna)
    services.add_service_record(customer.pk, actor=anna, subject="Call", content="asked for 100% oak")
    inquiry = make_inquiry(email="a@b.example")
    record("inquiry.assigned", inquiry, actor=anna)

    def found(words: str) -> list[str]:
        return [f"{one.text} {one.body}" for one in history(customer_id=customer.pk, find=words).entries]

    assert len(found("walnut")) == 1
    assert len(found("100% OAK")) == 1
    assert len(found("customer C")) + len(found("Customer")) >= 1
    assert found("100_ oak") == [] and found("nothing like it") == []


def test_older_pages_miss_nothing_and_keep_what_was_asked(customer, anna):  # noqa: F811
    now = timezone.now()
    for number in range(120):
        record(
            "note.added",
            customer,
            actor=anna,
            private={"text": f"n{number}"},
            occurred_at=now - timedelta(hours=number // 3),
            imported=True,
        )
    seen, before = [], None
    while True:
        page = history(customer_id=customer.pk, kinds=["note"], before=before)
        seen += [one.body for one in page.entries]
        before = page.older
        if before is None:
            break
    assert sorted(seen) == sorted(f"n{n}" for n in range(120))
    shown = client_of(anna).get(customer.get_absolute_url(), {"show": "note", "find": "n"}).content.decode()
    assert "show=note&amp;find=n&amp;before=" in shown
