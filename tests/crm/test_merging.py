"""Two customers become one and two again: what moves, what stays, who wins a race, and what cannot be undone."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from crm import services
from crm.duplicates import entry_typed, find_matches
from crm.merging import columns, left_behind, references
from crm.models import (
    Customer,
    CustomerMerge,
    DuplicatePair,
    Inquiry,
    OwnershipPolicy,
    OwnershipSpell,
    ServiceRecord,
)
from crm.services.merging import follow_merges
from crm.views.merging import shown
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.lists.search import find
from foundation.notifications.models import Message
from foundation.todos.models import Task
from orders.models import Order
from tests.crm.factories import inquiry_in, make_address, make_contact, make_customer, make_visit
from tests.orders.factories import order_in, prepare

pytestmark = pytest.mark.django_db


def two(owner, other=None) -> tuple[Customer, Customer]:
    """A pair of customers, the second of which is to be merged."""
    winner = make_customer("Bodenwelt Hamburg GmbH", owner=owner, industry="Floors")
    loser = make_customer("Bodenwelt Hamburg", owner=other or owner, industry="Wood", tax_number="DE136695976")
    return winner, loser


def state(customer: Customer) -> dict:
    """Everything that is kept on a customer, but what counts changes."""
    row = Customer.objects.get(pk=customer.pk)
    values = {field.attname: getattr(row, field.attname) for field in Customer._meta.concrete_fields}
    return {name: value for name, value in values.items() if name not in ("version", "updated_at", "search")}


def test_every_column_that_names_a_customer_is_moved_or_left_behind_with_a_reason():
    known = {one.label for one in references()} | set(left_behind())
    missing = {one.label for one in columns()} - known
    assert not missing, f"say in crm/merging.py, or register, what becomes of {sorted(missing)}"
    assert set(left_behind()) <= {one.label for one in columns()}, "nothing is left behind that is not there"
    moved = {one.label for one in references()}
    assert {"crm.Contact.customer_id", "orders.Order.customer_id", "aftersales.Ticket.customer_id",
            "logistics.Shipment.customer_id", "notifications.Message.customer_id", "sla.Clock.customer_id",
            "todos.Task.object_id", "crm.Customer.merged_into_id"} <= moved  # fmt: skip
    assert "crm.ServiceRecord.customer_id" not in moved and "journal.Event.customer_id" not in moved


def furnish(customer: Customer, owner) -> dict:
    """Something of everything on a customer."""
    prepare()
    contact = make_contact(customer, is_main=True)
    return {
        "contact": contact,
        "address": make_address(customer, is_default=True),
        "inquiry": inquiry_in("assigned", customer=customer, owner=owner),
        "visit": make_visit(owner, customer),
        "record": services.add_service_record(customer.pk, actor=owner, subject="Talk", content="About oak"),
        "order": order_in("confirmed", customer=customer),
        "draft": order_in("draft", customer=customer),
        "task": Task.objects.create(title="Send oak", person=owner, subject=customer, customer_id=customer.pk),
    }


def test_what_hangs_on_the_loser_moves_and_what_is_append_only_is_read_through_it(anna, maria, client):
    winner, loser = two(anna)
    make_contact(winner, is_main=True), make_address(winner, is_default=True)
    things = furnish(loser, anna)
    merge = services.merge_customers(winner.pk, loser.pk, actor=maria, take=["industry", "tax_number"], reason="Twice")
    for name in ("contact", "address", "inquiry", "visit", "order", "draft"):
        things[name].refresh_from_db()
        assert things[name].customer_id == winner.pk, name
    things["task"].refresh_from_db()
    assert (things["task"].object_id, things["task"].customer_id) == (winner.pk, winner.pk)
    assert winner.contacts.filter(is_main=True).count() == 1 and winner.addresses.filter(is_default=True).count() == 1
    assert ServiceRecord.objects.get(pk=things["record"].pk).customer_id == loser.pk
    winner.refresh_from_db(), loser.refresh_from_db()
    assert (winner.industry, winner.tax_key, loser.tax_key) == ("Wood", "DE:136695976", "")
    assert (loser.merged_into, loser.archived_at is not None) == (winner, True)
    assert winner.last_contact_at is not None
    client.force_login(anna)
    page = client.get(winner.get_absolute_url()).content.decode()
    assert "About oak" in page and "was merged into this one" in page
    assert client.get(loser.get_absolute_url())["Location"] == winner.get_absolute_url()
    assert client.get(f"{loser.get_absolute_url()}edit/").status_code == 404
    assert [one.title for _group, hits in find(anna, loser.number) for one in hits][:1] == [winner.name]
    assert [one.customer for one in find_matches(anna, entry_typed(names=["Bodenwelt Hamburg"]))] == [winner]
    event = Event.objects.get(code="customer.merged")
    assert event.object_id == winner.pk and event.facts["loser_number"] == loser.number
    assert Event.objects.filter(code__startswith="customer.", id__gt=event.pk).count() == 0
    assert merge.reason == "Twice"


def test_undo_brings_back_exactly_what_was(anna, wei, maria):
    winner, loser = two(anna, wei)
    make_contact(winner, is_main=True), make_address(winner, is_default=True)
    things = furnish(loser, wei)
    before = state(winner), state(loser)
    mains = list(loser.contacts.values_list("pk", "is_main")), list(loser.addresses.values_list("pk", "is_default"))
    merge = services.merge_customers(winner.pk, loser.pk, actor=maria, take=["name", "industry", "tax_number", "owner"])
    assert Customer.objects.get(pk=winner.pk).owner == wei
    done = services.undo_merge(merge.pk, actor=maria, reason="Two after all")
    assert done.not_undone == []
    after = state(winner), state(loser)
    for old, new in zip(before, after, strict=True):
        differing = {name: (old[name], new[name]) for name in old if old[name] != new[name] and name != "owner_since"}
        assert not differing
    assert mains == (
        list(loser.contacts.values_list("pk", "is_main")),
        list(loser.addresses.values_list("pk", "is_default")),
    )
    for name in ("contact", "address", "inquiry", "visit", "order", "draft", "task"):
        things[name].refresh_from_db()
        assert things[name].customer_id == loser.pk, name
    assert OwnershipSpell.objects.get(customer=loser, ended_at=None).owner == wei
    with pytest.raises(Refused):
        services.undo_merge(merge.pk, actor=maria)
    assert Event.objects.get(code="customer.unmerged").object_id == loser.pk
    assert [one.customer for one in find_matches(maria, entry_typed(tax_number="DE136695976"))] == [loser]


def test_what_was_changed_since_stays_and_is_named(anna, maria):
    winner, loser = two(anna)
    contact = make_contact(loser)
    merge = services.merge_customers(winner.pk, loser.pk, actor=maria, take=["industry"])
    services.update_customer(winner.pk, actor=anna, industry="Stone")
    other = make_customer("Third")
    type(contact).objects.filter(pk=contact.pk).update(customer=other, is_main=False)
    done = services.undo_merge(merge.pk, actor=maria)
    assert len(done.not_undone) == 2 and any("Industry" in one or "industry" in one for one in done.not_undone)
    winner.refresh_from_db(), contact.refresh_from_db()
    assert (winner.industry, contact.customer) == ("Stone", other)


def test_refusals_change_nothing(anna, wei, maria):
    winner, loser = two(anna)
    before = state(winner), state(loser)
    with pytest.raises(PermissionDenied):
        services.merge_customers(winner.pk, loser.pk, actor=anna)
    with pytest.raises(Refused):
        services.merge_customers(winner.pk, winner.pk, actor=maria)
    with pytest.raises(TypeError):
        services.merge_customers(winner.pk, loser.pk, actor=maria, take=["number"])
    with pytest.raises(Refused, match="changed this"):
        services.merge_customers(winner.pk, loser.pk, actor=maria, versions=(winner.version, loser.version - 1))
    assert (state(winner), state(loser)) == before and not CustomerMerge.objects.exists()
    merge = services.merge_customers(winner.pk, loser.pk, actor=maria)
    with pytest.raises(Refused):
        services.merge_customers(winner.pk, loser.pk, actor=maria)
    with pytest.raises(Refused):
        services.update_customer(loser.pk, actor=anna, industry="x")
    with pytest.raises(Refused):
        services.claim_customer(loser.pk, actor=wei)
    CustomerMerge.objects.filter(pk=merge.pk).update(merged_at=timezone.now() - timedelta(days=31))
    OwnershipPolicy().save()
    with pytest.raises(Refused, match="too late"):
        services.undo_merge(merge.pk, actor=maria)


def test_a_chain_of_merges_leads_to_the_last_and_is_undone_backwards(anna, maria, client):
    first, second = two(anna)
    third = make_customer("Bodenwelt Gruppe", owner=anna)
    one = services.merge_customers(second.pk, first.pk, actor=maria)
    two_ = services.merge_customers(third.pk, second.pk, actor=maria)
    client.force_login(anna)
    assert client.get(first.get_absolute_url())["Location"] == third.get_absolute_url()
    with pytest.raises(Refused, match="later merge"):
        services.undo_merge(one.pk, actor=maria)
    services.undo_merge(two_.pk, actor=maria)
    assert Customer.objects.get(pk=first.pk).merged_into == second
    services.undo_merge(one.pk, actor=maria)
    assert not Customer.objects.exclude(merged_into=None).exists()


def test_an_agreed_order_goes_nowhere_but_with_a_merge(anna, maria):
    winner, loser = two(anna)
    prepare()
    order = order_in("confirmed", customer=loser)
    with pytest.raises(Exception, match="Cannot update rows"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(customer=winner)
    services.merge_customers(winner.pk, loser.pk, actor=maria)
    with pytest.raises(Exception, match="Cannot update rows"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(customer=loser, currency="CHF")
    with pytest.raises(Exception, match="Cannot update rows"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(customer=make_customer("Third"))


def test_what_is_put_on_a_merged_customer_by_an_old_page_follows(anna, maria):
    winner, loser = two(anna)
    merge = services.merge_customers(winner.pk, loser.pk, actor=maria)
    late = inquiry_in("assigned", customer=loser, owner=anna)
    assert (follow_merges(), follow_merges()) == (1, 0)
    late.refresh_from_db()
    assert late.customer == winner
    services.undo_merge(merge.pk, actor=maria)
    late.refresh_from_db()
    assert late.customer_id == loser.pk


def test_a_record_of_before_is_corrected_on_the_customer_that_stays(anna, maria, client):
    winner, loser = two(anna)
    contact = make_contact(loser)
    row = services.add_service_record(loser.pk, actor=anna, subject="Talk", content="Oak", contact=contact)
    services.merge_customers(winner.pk, loser.pk, actor=maria)
    better = services.correct_service_record(row.pk, actor=anna, subject="Talk", content="Ash")
    assert (better.customer, better.corrects, better.contact) == (winner, row, contact)
    client.force_login(anna)
    assert client.get(f"/records/{row.pk}/correct/").status_code == 200


def test_who_sees_the_winner_sees_what_stayed_behind_also_after_a_hand_over(anna, wei, maria):
    from crm.selectors import visible_service_records

    winner, loser = two(anna)
    row = services.add_service_record(loser.pk, actor=anna, subject="Talk", content="Oak")
    services.merge_customers(winner.pk, loser.pk, actor=maria)
    services.hand_over_with_note(winner.pk, actor=maria, owner=wei, note="Yours", was_owner=anna.pk)
    assert list(visible_service_records(wei)) == [row] and not visible_service_records(anna).exists()


def test_messages_and_clocks_by_bare_id_move_too(anna, maria):
    from foundation.sla.models import Clock

    winner, loser = two(anna)
    about = {"subject": loser, "customer_id": loser.pk}
    Message.objects.create(channel="email", to_address="a@b.example", body="x", language="en", **about)
    services.merge_customers(winner.pk, loser.pk, actor=maria)
    message = Message.objects.get(body="x")
    assert (message.customer_id, message.object_id) == (winner.pk, winner.pk)
    assert not Clock.objects.filter(customer_id=loser.pk).exists()


def test_the_pages_compare_merge_list_and_undo(anna, maria, client, django_assert_max_num_queries):
    winner, loser = two(anna)
    furnish(loser, anna)
    client.force_login(anna)
    assert client.get(f"/customers/{winner.pk}/do/merge/").status_code == 403
    client.force_login(maria)
    address = f"/customers/{winner.pk}/do/merge/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"number": "C-9"}).status_code == 422
    assert client.post(address, {"number": loser.number})["Location"] == f"{address}?with={loser.pk}"
    page = client.get(f"{address}?with={loser.pk}").content.decode()
    assert "Floors" in page and "Wood" in page and "1 × service record" not in page and "2 × orders" in page
    winner.refresh_from_db(), loser.refresh_from_db()
    said = {"version": winner.version, "other_version": loser.version, "industry": "other", "reason": "Twice"}
    stale = client.post(f"{address}?with={loser.pk}", {**said, "version": winner.version - 1})
    assert stale.status_code == 409 and not CustomerMerge.objects.exists()
    assert client.post(f"{address}?with={loser.pk}", said)["Location"] == winner.get_absolute_url()
    merge = CustomerMerge.objects.get()
    client.get("/customers/merges/")
    with django_assert_max_num_queries(8):
        assert loser.number in client.get("/customers/merges/").content.decode()
    shown = client.get(f"/customers/merges/{merge.pk}/").content.decode()
    assert "Undo the merge" in shown and "Twice" in shown
    done = client.post(f"/customers/merges/{merge.pk}/", {"reason": "No"})
    assert done["Location"] == loser.get_absolute_url()
    assert "Undo the merge" not in client.get(f"/customers/merges/{merge.pk}/").content.decode().split("<form")[0]


def test_a_merged_pair_is_decided_and_open_again_after_the_undo(anna, maria):
    winner, loser = two(anna)
    DuplicatePair.objects.create(first=winner, second=loser, reasons=["name"], weight=50)
    merge = services.merge_customers(winner.pk, loser.pk, actor=maria)
    assert DuplicatePair.objects.get().verdict == "merged"
    services.undo_merge(merge.pk, actor=maria)
    assert DuplicatePair.objects.get().verdict == "open"


# ---------------------------------------------------------------- races and kills


def at_once(*works) -> list[str]:
    """Each in a thread with a connection of its own; what each says."""
    said: list[str] = []

    def run(work):
        try:
            work()
            said.append("done")
        except Refused as refusal:
            said.append(refusal.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return said


@pytest.mark.django_db(transaction=True)
def test_of_two_merges_of_the_same_customers_one_wins_whichever_way_round(anna, maria):
    winner, loser = two(anna)
    said = at_once(
        lambda: services.merge_customers(winner.pk, loser.pk, actor=maria),
        lambda: services.merge_customers(loser.pk, winner.pk, actor=maria),
    )
    assert sorted(text == "done" for text in said) == [False, True]
    assert Customer.objects.filter(merged_into=None).count() == 1 and CustomerMerge.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_edits_the_loser_meanwhile_is_told_or_makes_the_merge_wait(anna, maria):
    winner, loser = two(anna)
    said = at_once(
        lambda: services.merge_customers(winner.pk, loser.pk, actor=maria, versions=(winner.version, loser.version)),
        lambda: services.update_customer(loser.pk, actor=anna, version=loser.version, remark="Mine"),
    )
    assert sorted(text == "done" for text in said) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_a_record_that_somebody_works_on_makes_the_merge_give_way_and_nothing_is_half_done(anna, maria):
    winner, loser = two(anna)
    inquiry = inquiry_in("assigned", customer=loser, owner=anna)
    begun, end = threading.Event(), threading.Event()

    def work():
        with transaction.atomic():
            Inquiry.objects.select_for_update().get(pk=inquiry.pk)
            begun.set()
            end.wait(60)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    begun.wait(30)
    try:
        with pytest.raises(Refused, match="working on a record"):
            services.merge_customers(winner.pk, loser.pk, actor=maria)
    finally:
        end.set()
        thread.join(30)
    assert not CustomerMerge.objects.exists() and not Customer.objects.exclude(merged_into=None).exists()
    services.merge_customers(winner.pk, loser.pk, actor=maria)


@pytest.mark.django_db(transaction=True)
def test_a_killed_merge_leaves_nothing_half(anna, maria, monkeypatch):
    from crm.services import merging

    winner, loser = two(anna)
    contact = make_contact(loser)
    before = state(winner), state(loser)

    def killed(*args, **kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(merging, "keep_keys", killed)
    with pytest.raises(OperationalError):
        services.merge_customers(winner.pk, loser.pk, actor=maria)
    connection.close()
    contact.refresh_from_db()
    assert (state(winner), state(loser), contact.customer_id) == (*before, loser.pk)
    assert not CustomerMerge.objects.exists() and not Event.objects.filter(code="customer.merged").exists()


def test_the_zones_of_two_customers_are_compared_by_their_names(anna):
    one = make_customer("Lone Star", owner=anna, time_zone="America/New_York")
    assert shown(one, "time_zone") == "New York"
