"""What is due soon: one row that an administrator edits, followed by badges at once and by running clocks in rounds."""

from __future__ import annotations

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from foundation.accounts.models import User
from foundation.calendars.models import Calendar
from foundation.sla.badges import badge
from foundation.sla.defaults import load_soon
from foundation.sla.models import Clock, SoonPolicy
from foundation.sla.selectors.clocks import with_badge
from foundation.sla.services.soon import follow_soon, save_soon
from foundation.sla.tasks import run_round
from tests.sla.conftest import add_target, berlin, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def another(db):
    return Calendar.objects.create(code="p-2", name="Another parcel")


def change(**values):
    load_soon()
    policy = SoonPolicy.objects.get()
    for name, value in values.items():
        setattr(policy, name, value)
    save_soon(policy)


def state(now):
    with translation.override("en"), timezone.override("Europe/Berlin"):
        return badge(with_badge(Clock.objects.all()).get(), berlin(now)).state


def test_the_row_is_loaded_once_with_the_defaults():
    assert load_soon() == 1
    assert load_soon() == 0
    row = SoonPolicy.objects.get()
    assert (row.share_percent, row.badge_minutes, row.list_minutes, row.followed_to) == (25, 30, 240, None)


def test_badges_follow_at_once(parcel, office):
    add_target(calendar=office, amount=4)
    tell(parcel, "arrived", "2T09:00")  # due at 13:00
    assert state("2T11:30") == "in-time"
    change(share_percent=50)
    assert state("2T11:30") == "soon"
    change(share_percent=0, badge_minutes=10)
    assert (state("2T12:49"), state("2T12:51")) == ("in-time", "soon")


def test_clocks_that_start_afterwards_and_those_that_run_count_alike(parcel, another):
    add_target(amount=8)
    tell(parcel, "arrived", "4T10:00")  # due at 18:00
    assert Clock.objects.get().soon_at == berlin("4T14:00")
    change(share_percent=10, list_minutes=60)
    tell(another, "arrived", "4T10:00")
    first, second = Clock.objects.order_by("pk")
    assert (first.soon_at, second.soon_at) == (berlin("4T14:00"), berlin("4T17:00"))
    run_round()
    first.refresh_from_db()
    assert first.soon_at == berlin("4T17:00")
    assert SoonPolicy.objects.get().followed_to is None


def test_the_round_goes_on_where_it_stopped_and_then_rests(parcel, another):
    add_target(amount=8)
    for about in (parcel, another):
        tell(about, "arrived", "4T10:00")
    change(list_minutes=300)
    assert [follow_soon(1), follow_soon(1), follow_soon(1), follow_soon(1)] == [1, 1, 0, 0]
    assert set(Clock.objects.values_list("soon_at", flat=True)) == {berlin("4T13:00")}


def test_what_is_stopped_is_left_alone(parcel):
    add_target(amount=8)
    tell(parcel, "arrived", "4T10:00")
    tell(parcel, "answered", "4T11:00")
    before = Clock.objects.get().soon_at
    change(list_minutes=300)
    follow_soon()
    assert Clock.objects.get().soon_at == before


@pytest.mark.parametrize("wrong", [{"share_percent": 101}, {"badge_minutes": 999_999}, {"list_minutes": 999_999}])
def test_nonsense_is_refused_and_nothing_changes(wrong):
    with pytest.raises(ValidationError):
        change(**wrong)
    row = SoonPolicy.objects.get()
    assert (row.share_percent, row.followed_to) == (25, None)


@pytest.mark.django_db(transaction=True)
def test_a_clock_that_an_event_holds_is_waited_for_by_the_next_round():
    parcel = Calendar.objects.create(code="p-1", name="Parcel")
    add_target(amount=8)
    tell(parcel, "arrived", "4T10:00")
    change(list_minutes=300)
    clock = Clock.objects.get()
    is_held, is_over = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            Clock.objects.select_for_update().get(pk=clock.pk)
            is_held.set()
            is_over.wait(10)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    is_held.wait(10)
    assert follow_soon() == 0
    assert SoonPolicy.objects.get().followed_to is not None
    is_over.set()
    thread.join()
    assert follow_soon() == 1
    assert Clock.objects.get().soon_at == berlin("4T13:00")


def test_an_idle_round_asks_nothing_once_the_row_is_known(parcel):
    with CaptureQueriesContext(connection) as queries:
        follow_soon()
    assert len(queries) == 0


def test_an_administrator_edits_it_and_nobody_else():
    load_soon()
    root = User.objects.create_superuser("root@kontor.example", "long enough words", name="Root")
    url = f"/admin/sla/soonpolicy/{SoonPolicy.objects.get().pk}/change/"
    client = Client()
    client.force_login(root)
    typed = {"share_percent": "30", "badge_minutes": "45", "list_minutes": "180"}
    assert client.get(url).status_code == 200
    assert client.post(url, {**typed, "share_percent": "130"}).status_code == 200
    assert SoonPolicy.objects.get().share_percent == 25
    assert client.post(url, typed).status_code == 302
    row = SoonPolicy.objects.get()
    assert (row.share_percent, row.badge_minutes, row.list_minutes, row.followed_to) == (30, 45, 180, 0)
    assert client.get("/admin/sla/soonpolicy/add/").status_code == 403
    assert client.post(f"/admin/sla/soonpolicy/{row.pk}/delete/").status_code == 403
