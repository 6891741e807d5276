"""What `record()` keeps, and what it refuses."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils.translation import gettext_lazy

from foundation.journal import registry, subscribers
from foundation.journal.models import Event, EventPrivate
from foundation.journal.registry import event_type, get_type
from foundation.journal.services import add_note, plain, private_digest, record
from foundation.journal.subscribers import subscribe
from tests.accounts.factories import make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(monkeypatch):
    monkeypatch.setattr(subscribers, "_subscribers", {})
    names: list[str] = []
    subscribe(lambda event, subject: names.append("second"), name="b", order=20)
    subscribe(lambda event, subject: names.append(f"first {event.code} {subject}"), name="a", order=10)
    return names


def test_an_event_has_the_databases_clock_and_transaction(heard):
    before = dt.datetime.now(dt.UTC)
    event = record("note.added", make_team(), facts={"n": 1})
    event.refresh_from_db()
    assert before <= event.recorded_at <= dt.datetime.now(dt.UTC)
    assert event.occurred_at - event.recorded_at < dt.timedelta(seconds=1)
    assert event.transaction > 0
    assert event.private_digest == ""


def test_what_is_entered_late_keeps_its_own_time(heard):
    then = dt.datetime(2024, 2, 29, 12, tzinfo=dt.UTC)
    event = record("note.added", make_team(), occurred_at=then)
    event.refresh_from_db()
    assert event.occurred_at == then
    assert event.recorded_at > then


def test_subscribers_are_told_once_in_their_order(heard):
    team = make_team("North")
    record("note.added", team)
    assert heard == ["first note.added North", "second"]


def test_imported_history_announces_nothing(heard):
    event = record("note.added", make_team(), imported=True)
    assert event.imported
    assert heard == []


def test_personal_data_lies_beside_the_event_under_a_salted_digest(heard):
    event = add_note(make_team(), "Frau Petersen called", actor=make_user())
    part = EventPrivate.objects.get()
    assert "Petersen" not in str(Event.objects.values().get())
    assert event.private_digest == private_digest(part.salt, part.data)
    assert len(part.salt) == 32


def test_the_same_words_have_another_digest_each_time(heard):
    team = make_team()
    digests = {add_note(team, "yes", actor=None).private_digest for _ in range(5)}
    assert len(digests) == 5
    assert private_digest("", {"text": "yes"}) not in digests


def test_facts_become_what_json_keeps(heard):
    facts = {
        "amount": Decimal("12.50"),
        "day": dt.date(2026, 2, 28),
        "word": gettext_lazy("Note"),
        "nul\0": "a\0b",
        "half": "\ud800",
        "back": "\\u0000",
        "list": [Decimal("1.0"), {"deep": "x\0"}],
    }
    event = record("note.added", make_team(), facts=facts, private=facts)
    event.refresh_from_db()
    assert event.facts["amount"] == "12.50"
    assert event.facts["day"] == "2026-02-28"
    assert event.facts["nul"] == "ab"
    assert event.facts["half"] == "?"
    assert event.facts["back"] == "\\u0000"
    assert event.facts["list"] == ["1.0", {"deep": "x"}]
    assert plain(event.facts) == event.facts
    part = event.private
    assert event.private_digest == private_digest(part.salt, part.data)


def test_an_unregistered_code_is_refused_and_leaves_nothing(heard):
    with pytest.raises(LookupError):
        record("nobody.knows", make_team())
    assert not Event.objects.exists()
    assert heard == []


@pytest.mark.parametrize("code", ["order", "order.", ".confirmed", "order.confirmed.twice", "order confirmed", ""])
def test_a_code_has_two_parts(code):
    with pytest.raises(ValueError, match="two parts"):
        event_type(code, "x")


def test_a_code_is_registered_once(monkeypatch):
    monkeypatch.setattr(registry, "_types", dict(registry._types))
    first = event_type("thing.happened", "Thing happened")
    assert event_type("thing.happened", "Thing happened") is first
    with pytest.raises(ValueError, match="twice"):
        event_type("thing.happened", "Something else")
    with pytest.raises(ValueError, match="one of"):
        event_type("thing.seen", "x", kind="odd")


def test_a_missing_fact_reads_as_nothing():
    assert get_type("file.attached").say({}) == "File attached"


def test_an_anonymous_actor_is_nobody(heard):
    from django.contrib.auth.models import AnonymousUser

    assert record("note.added", make_team(), actor=AnonymousUser()).actor is None
