"""A record that is called off takes its promises back: they are neither kept nor missed."""

from __future__ import annotations

import pytest
from django.utils import translation

from aftersales.services.tickets import cancel_ticket
from foundation.calendars import defaults as calendar_defaults
from foundation.journal.registry import event_type
from foundation.sla import defaults, ends
from foundation.sla.ends import is_withdrawal, register_withdrawals
from foundation.sla.models import Clock, Entry, Timer
from foundation.sla.selectors.clocks import badges_of, drifting
from tests.aftersales.factories import make_ticket
from tests.sla.conftest import add_target, berlin, tell

pytestmark = pytest.mark.django_db
event_type("parcel.dropped", "Parcel dropped")


@pytest.fixture(autouse=True)
def _dropped():
    register_withdrawals(["parcel.dropped"])
    with translation.override("en"):
        yield
    ends._withdrawals -= {"parcel.dropped"}


@pytest.fixture
def target(office):
    return add_target(calendar=office, amount=4, stop_events=["parcel.answered", "parcel.dropped"])


def test_it_is_neither_met_nor_missed_and_counts_in_no_figure(parcel, target):
    tell(parcel, "arrived", "2T09:00")
    tell(parcel, "dropped", "2T10:00")
    clock = Clock.objects.get()
    assert (clock.state, clock.is_reset, clock.met_at, clock.breached_at) == ("stopped", True, None, None)
    assert not Clock.objects.all().counted().exists()
    assert list(Entry.objects.order_by("pk").values_list("kind", flat=True)) == ["start", "reset"]
    assert not Timer.objects.filter(fired_at=None, cancelled_at=None).exists()
    (badge,) = badges_of(parcel)
    assert (badge.text, badge.state) == ("withdrawn", "plain")


def test_a_miss_before_it_stays_a_miss(parcel, target):
    tell(parcel, "arrived", "2T09:00")
    tell(parcel, "dropped", "2T14:00")
    clock = Clock.objects.get()
    assert (clock.breached_at, clock.met_at) == (berlin("2T13:00"), None)
    assert badges_of(parcel)[0].text == "missed"
    assert list(Clock.objects.all().counted()) == [clock]


def test_what_was_kept_before_it_stays_kept(parcel, target):
    tell(parcel, "arrived", "2T09:00")
    tell(parcel, "answered", "2T10:00")
    tell(parcel, "dropped", "2T11:00")
    assert Clock.objects.get().met_at == berlin("2T10:00")
    assert badges_of(parcel)[0].text == "met in 1 h"


def test_a_paused_promise_is_withdrawn_too_and_agrees_with_its_ledger(parcel, target):
    tell(parcel, "arrived", "2T09:00")
    tell(parcel, "held", "2T10:00")
    tell(parcel, "dropped", "2T11:00")
    assert badges_of(parcel)[0].text == "withdrawn"
    Clock.objects.update(stopped_at=None, state="paused")  # the nightly look reads open clocks only
    assert [problems for _pk, problems in drifting()[0]] == [["state: stored paused, ledger stopped"]]


def test_a_cancelled_complaint_says_so_of_each_of_its_promises():
    calendar_defaults.load()
    defaults.load()
    ticket = make_ticket()
    assert Clock.objects.open().about(ticket).count() == 3
    cancel_ticket(ticket.pk, actor=None, reason="It was entered twice")
    assert {badge.text for badge in badges_of(ticket)} == {"withdrawn"}


def test_the_stages_name_what_calls_their_records_off():
    assert all(is_withdrawal(code) for code in ("ticket.cancelled", "shipment.cancelled", "order.cancelled"))
    assert not is_withdrawal("ticket.closed")
