"""Settled rows are read once, and again as soon as somebody has changed one."""

from __future__ import annotations

from unittest import mock

import pytest
from django.core.cache import cache
from django.db import transaction

from foundation.ui import once, shelf


@pytest.fixture
def rows():
    """What the database says; `reads` counts how often it was asked."""
    state = {"value": "old", "reads": 0}

    def read():
        state["reads"] += 1
        return state["value"]

    state["shelf"] = shelf.Shelf(read)
    return state


def change(rows, value):
    rows["value"] = value
    shelf.renew()


@pytest.mark.django_db(transaction=True)
def test_it_reads_once_and_again_after_a_change(rows):
    assert [rows["shelf"].get(), rows["shelf"].get(), rows["reads"]] == ["old", "old", 1]
    change(rows, "new")
    assert [rows["shelf"].get(), rows["shelf"].get(), rows["reads"]] == ["new", "new", 2]


@pytest.mark.django_db(transaction=True)
def test_a_change_of_another_process_is_seen_by_its_stamp(rows):
    rows["shelf"].get()
    rows["value"] = "new"
    cache.set(shelf.STAMP, "theirs", None)
    assert rows["shelf"].get() == "new"


@pytest.mark.django_db(transaction=True)
def test_the_changing_transaction_sees_its_own_change_and_a_rollback_leaves_nothing_of_it(rows):
    rows["shelf"].get()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        change(rows, "never")
        assert rows["shelf"].get() == "never"
        raise ZeroDivisionError
    rows["value"] = "old"
    assert rows["shelf"].get() == "old"


@pytest.mark.django_db(transaction=True)
def test_a_change_counts_at_once_within_the_same_request(rows):
    once._begin()
    try:
        rows["shelf"].get()
        change(rows, "new")
        assert rows["shelf"].get() == "new"
    finally:
        once._end()


@pytest.mark.django_db(transaction=True)
def test_without_the_cache_server_every_look_asks_the_database(rows):
    rows["shelf"].get()
    with mock.patch.object(shelf.cache, "get", side_effect=ConnectionError):
        rows["value"] = "new"
        assert rows["shelf"].get() == "new"


@pytest.mark.django_db(transaction=True)
def test_the_policy_and_the_targets_follow_their_rows():
    from aftersales.models import AfterSalesPolicy
    from foundation.sla.services.following import listening_to
    from tests.sla.conftest import add_target

    AfterSalesPolicy.current()  # made when it is first asked for
    assert AfterSalesPolicy.current() is AfterSalesPolicy.current()
    row = AfterSalesPolicy.objects.get()
    row.warranty_months = 36
    row.save()
    assert AfterSalesPolicy.current().warranty_months == 36
    assert listening_to("parcel.arrived") == []
    target = add_target()
    assert listening_to("parcel.arrived") == listening_to("parcel.held") == [target]
    target.delete()
    assert listening_to("parcel.arrived") == []


class Mine:
    """Stands for the model that a shelf reads."""


class Another:
    """Stands for a model that it does not read."""


@pytest.mark.django_db(transaction=True)
def test_a_shelf_that_names_its_models_rests_while_others_change(rows):
    mine = shelf.Shelf(rows["shelf"]._read, of=[Mine])
    assert (mine.get(), rows["reads"]) == ("old", 1)
    with transaction.atomic():
        shelf.renew(sender=Another)
        assert (mine.get(), rows["reads"]) == ("old", 1)
        shelf.renew(sender=Mine)
        assert (mine.get(), rows["reads"]) == ("old", 2)
    with transaction.atomic():
        shelf.renew()
        assert (mine.get(), rows["reads"]) == ("old", 3)


@pytest.mark.django_db(transaction=True)
def test_what_is_known_already_is_not_read(rows):
    rows["shelf"].put("known")
    assert (rows["shelf"].get(), rows["reads"]) == ("known", 0)
    change(rows, "new")
    assert rows["shelf"].get() == "new"
