"""Transitions: one helper performs them, the database has the last word, refusals change nothing."""

from __future__ import annotations

import threading

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import translation
from django_fsm import FSMField

from foundation.journal import machine
from foundation.journal.machine import Refused, edges, offers, perform
from foundation.journal.models import Event
from foundation.ui import formats
from tests.accounts.factories import make_user
from tests.journal.parcels import Parcel, make_table

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture(scope="module", autouse=True)
def _table(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        making = make_table()
        next(making)
    yield
    with django_db_blocker.unblock():
        next(making, None)


@pytest.fixture
def packer():
    return make_user("Ines", permissions=("accounts.view_team",))


def state(parcel: Parcel) -> tuple:
    return Parcel.objects.values_list("status", "notes", "packed_by_id", "weight", "touched_at").get(pk=parcel.pk)


def test_performing_moves_the_record_and_leaves_one_event(packer):
    parcel = Parcel.objects.create()
    before = parcel.touched_at
    done = perform(
        Parcel, parcel.pk, "pack", actor=packer, facts={"crates": 2}, private={"text": "fragile"}, note="twice"
    )
    assert done.status == "packed"
    parcel.refresh_from_db()
    assert (parcel.status, parcel.notes, parcel.packed_by) == ("packed", ["twice"], packer)
    assert parcel.touched_at > before
    event = Event.objects.get()
    assert (event.code, event.actor, event.object_id) == ("testparcel.packed", packer, parcel.pk)
    assert event.facts == {"number": "P-1", "from": "open", "to": "packed", "crates": 2}
    assert event.private.data == {"text": "fragile"}


def test_only_what_changed_is_written(packer):
    parcel = Parcel.objects.create()
    stale = Parcel.objects.get(pk=parcel.pk)
    Parcel.objects.filter(pk=parcel.pk).update(weight=7)
    perform(Parcel, stale.pk, "pack", actor=packer)
    assert Parcel.objects.get().weight == 7


def test_the_system_needs_no_permission_and_a_customer_by_token_is_not_asked():
    parcels = [Parcel.objects.create(), Parcel.objects.create()]
    perform(Parcel, parcels[0].pk, "pack", actor=None)
    perform(Parcel, parcels[1].pk, "pack", actor=make_user(), check=False)
    assert Event.objects.count() == 2


@pytest.mark.parametrize(
    ("verb", "start", "reason", "words"),
    [
        ("pack", {}, "permission", "right"),
        ("send", {"status": "open"}, "state", "“Open”"),
        ("send", {"status": "packed"}, "condition", "Weigh it first. Parcel P-1 has no address."),
        ("send", {"status": "packed", "weight": 3}, "condition", "Parcel P-1 has no address."),
        ("send", {"status": "sent"}, "state", "“Sent”"),
    ],
)
def test_a_refusal_says_why_and_changes_nothing(verb, start, reason, words):
    parcel = Parcel.objects.create(**start)
    before = state(parcel)
    with pytest.raises(Refused, match=".*") as refusal:
        perform(Parcel, parcel.pk, verb, actor=make_user())
    assert refusal.value.reason == reason
    assert words in refusal.value.message
    assert state(parcel) == before
    assert not Event.objects.exists()


def test_a_transition_that_fails_in_the_middle_changes_nothing(packer):
    parcel = Parcel.objects.create()
    before = state(parcel)
    with pytest.raises(RuntimeError), transaction.atomic():
        perform(Parcel, parcel.pk, "lose", actor=packer)
    assert state(parcel) == before
    assert not Event.objects.exists()


def test_a_subscriber_that_fails_takes_the_whole_change_back(packer, monkeypatch):
    parcel = Parcel.objects.create()
    before = state(parcel)
    monkeypatch.setattr("foundation.journal.services.announce", lambda event, subject: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        perform(Parcel, parcel.pk, "pack", actor=packer)
    assert state(parcel) == before
    assert not Event.objects.exists()


def test_an_unknown_verb_is_a_mistake_of_the_programmer():
    with pytest.raises(LookupError):
        perform(Parcel, 1, "fly", actor=None)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_of_many_who_press_the_same_button_one_wins_and_the_others_are_told_who_and_when():
    people = [make_user(f"P{n}", permissions=("accounts.view_team",)) for n in range(8)]
    parcel = Parcel.objects.create()
    barrier = threading.Barrier(len(people))
    won, told = [], []

    def press(person) -> None:
        barrier.wait()
        try:
            perform(Parcel, parcel.pk, "pack", actor=person, note=person.name)
            won.append(person)
        except Refused as refusal:
            told.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(person,)) for person in people]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (len(won), len(told)) == (1, 7)
    parcel.refresh_from_db()
    assert (parcel.packed_by, parcel.notes) == (won[0], [won[0].name])
    event = Event.objects.get()
    assert all(one.reason == "state" for one in told)
    assert all("Parcel P-1 packed" in one.message and won[0].name in one.message for one in told)
    assert all(one.message.endswith(f", {formats.moment(event.recorded_at)}.") for one in told)


@pytest.mark.parametrize("target", ["sent", "nowhere"])
def test_a_raw_update_cannot_jump(target):
    parcel = Parcel.objects.create()
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        Parcel.objects.filter(pk=parcel.pk).update(status=target)
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE testparcels_parcel SET status = %s", [target])
    assert Parcel.objects.get().status == "open"


def test_a_raw_update_along_a_declared_edge_passes_and_other_columns_are_free():
    parcel = Parcel.objects.create()
    Parcel.objects.filter(pk=parcel.pk).update(weight=5)
    Parcel.objects.filter(pk=parcel.pk).update(status="packed")
    assert Parcel.objects.get().status == "packed"


def test_an_unknown_state_cannot_be_inserted():
    with pytest.raises(IntegrityError), transaction.atomic():
        Parcel.objects.create(status="nowhere")


def test_edges_spell_out_every_source():
    assert edges(Parcel, "status") == [
        ("open", "lost", "lose"),
        ("open", "packed", "pack"),
        ("packed", "lost", "lose"),
        ("packed", "sent", "send"),
    ]


def test_a_page_offers_what_this_person_may_do_now_and_says_what_blocks(packer):
    parcel = Parcel.objects.create(status="packed")
    found = {one.action.name: one for one in offers(parcel, packer)}
    assert set(found) == {"send", "lose", "weigh"}
    assert found["send"].blocked == ["Weigh it first.", "Parcel P-1 has no address."]
    assert not found["send"].primary
    parcel.weight, parcel.address = 1, "Here"
    found = {one.action.name: one for one in offers(parcel, packer)}
    assert found["send"].primary and not found["send"].blocked
    assert "weigh" not in found
    assert [one.action.name for one in offers(Parcel.objects.create(), make_user())] == ["lose", "weigh"]


def test_a_service_cannot_be_put_behind_a_verb_that_is_not_declared():
    with pytest.raises(LookupError):
        machine.actions.register(Parcel, "fly", service=None)


def test_labels_are_read_in_the_readers_language():
    with translation.override("de"):
        assert set(machine.state_labels(Parcel, "status")) == {"open", "packed", "sent", "lost"}


def test_every_state_is_plain_text_to_the_migrations() -> None:
    """The library's own field listens to each class that migrations make: with it they take twice as long."""
    fields = [one for model in apps.get_models() for one in model._meta.fields if isinstance(one, FSMField)]
    assert len(fields) > 10
    assert {one.deconstruct()[1] for one in fields} == {"django.db.models.CharField"}
