"""The nightly look: stored due = recomputed due for every running clock, and somebody hears of the rest."""

import time
from datetime import timedelta

import pytest
from django.core.management import call_command

from config.tasks import check_deadlines
from foundation.calendars.models import Calendar
from foundation.notifications.models import InboxItem
from foundation.sla.models import Clock, Entry, Timer
from foundation.sla.services.verifying import verify_clocks
from tests.accounts.factories import make_user
from tests.sla.conftest import add_target, tell

LATER = timedelta(seconds=1)


@pytest.fixture
def running(office):
    """Three clocks with a life behind them, and one that was stopped."""
    add_target(calendar=office, amount=4)
    for number in range(4):
        parcel = Calendar.objects.create(code=f"v-{number}", name="Parcel")
        tell(parcel, "arrived", "2T15:00")
        tell(parcel, "held", "2T16:00")
        tell(parcel, "released", "3T10:00")
    tell(parcel, "answered", "3T11:00")
    return list(Clock.objects.open().order_by("pk"))


def test_clocks_that_agree_with_their_ledger_are_looked_at_and_left_alone(running, capsys):
    verdict = verify_clocks(page=2)
    assert (verdict.looked_at, verdict.problems, verdict.is_complete) == (3, {}, True)
    call_command("sla_verify")
    assert capsys.readouterr().out == "3 running clocks, 0 differ from their ledger\n"


def test_a_due_time_that_somebody_changed_by_hand_is_found_and_administrators_are_told(running, capsys):
    boss = make_user("Root", is_superuser=True)
    before = Entry.objects.count()
    Clock.objects.filter(pk=running[1].pk).update(due_at=running[1].due_at + LATER)
    Timer.objects.filter(clock=running[1], kind="breach").update(due_at=running[1].due_at + LATER)
    with pytest.raises(SystemExit):
        call_command("sla_verify")
    assert f"clock {running[1].pk}: due: stored" in capsys.readouterr().out
    check_deadlines()
    check_deadlines()  # not repeated while unread
    item = InboxItem.objects.get(user=boss)
    assert item.text == "Deadlines that do not agree with their history: 1"
    assert str(running[1].pk) in item.detail
    assert Entry.objects.count() == before


def test_a_breach_that_would_be_told_at_another_time_is_found(running):
    Timer.objects.filter(clock=running[2], kind="breach").update(due_at=running[2].due_at + LATER)
    assert verify_clocks().problems == {running[2].pk: ["timer: not at due"]}


def test_a_look_that_takes_too_long_goes_on_where_it_ended(running, monkeypatch):
    first = verify_clocks(until=time.monotonic())
    assert (first.looked_at, first.is_complete) == (0, False)
    rung = []
    monkeypatch.setattr("config.tasks.LONGEST_LOOK_S", 0.0)
    monkeypatch.setattr(check_deadlines, "delay", rung.append)
    check_deadlines(running[0].pk)
    assert rung == [running[0].pk]
    assert verify_clocks(after=running[0].pk).looked_at == 2
