"""The round that notices: once, in order, honestly dated."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from foundation.calendars.models import Calendar
from foundation.journal import subscribers
from foundation.journal.models import Event
from foundation.journal.registry import get_type
from foundation.journal.services import record
from foundation.sla.models import Clock, Entry, Timer
from foundation.sla.scanner import scan
from foundation.sla.store import database_now
from tests.sla.conftest import add_target, tell

HOUR = timedelta(hours=1)


def ago(**delta):
    return database_now() - timedelta(**delta)


def started(subject, when, **facts):
    record("parcel.arrived", subject, occurred_at=when, facts=facts)
    return Clock.objects.about(subject).get()


def told():
    return [(e.code, e.facts["level"]) for e in Event.objects.filter(code__startswith="sla.").order_by("pk")]


def test_a_warning_is_told_once_and_dated_when_it_was_reached(parcel):
    add_target()
    start = ago(minutes=40)
    clock = started(parcel, start, language="de")
    assert scan() == 1
    event = Event.objects.get(code="sla.warned")
    assert event.occurred_at == start + timedelta(minutes=30)
    assert (event.object_id, event.facts["language"], event.facts["clock_id"]) == (parcel.pk, "de", clock.pk)
    assert scan() == 0
    assert told() == [("sla.warned", 50)]
    assert Entry.objects.filter(kind="warn", level=50, event_id=event.pk).count() == 1


def test_of_several_overdue_levels_only_the_highest_is_told(parcel):
    add_target(escalate_after=[])
    started(parcel, ago(minutes=55))
    assert scan() == 1
    assert told() == [("sla.warned", 90)]
    skipped = Timer.objects.get(kind="warn:50")
    assert (skipped.is_skipped, skipped.fired_at) == (True, None)


def test_when_breach_is_due_too_only_the_breach_is_told_dated_when_it_happened(parcel):
    add_target()
    start = ago(hours=26)
    clock = started(parcel, start)
    scan()
    assert told() == [("sla.breached", 0)]
    clock.refresh_from_db()
    assert clock.breached_at == clock.due_at == start + HOUR
    assert Event.objects.get(code="sla.breached").occurred_at == start + HOUR
    while scan():
        pass
    assert told() == [("sla.breached", 0)]


def test_the_steps_of_a_breach_that_is_told_late_wait_their_working_time_from_now(parcel):
    add_target(escalate_after=[30, 2000])
    start = ago(hours=26)
    started(parcel, start)
    before = database_now()
    scan()
    steps = dict(Timer.objects.filter(kind__startswith="escalate").values_list("kind", "due_at"))
    for kind, minutes in (("escalate:1", 30), ("escalate:2", 2000)):
        assert before + timedelta(minutes=minutes) <= steps[kind] <= database_now() + timedelta(minutes=minutes)
    Timer.objects.filter(kind="escalate:1").update(due_at=ago(seconds=5))
    scan()
    assert told() == [("sla.breached", 0), ("sla.escalated", 1)]


def test_the_steps_of_a_breach_that_is_told_in_time_keep_their_moment(parcel):
    add_target(escalate_after=[30])
    start = database_now() - HOUR - timedelta(seconds=20)
    started(parcel, start)
    scan()
    assert told() == [("sla.breached", 0)]
    assert Timer.objects.get(kind="escalate:1").due_at == start + HOUR + timedelta(minutes=30)


def test_what_is_not_yet_over_is_left_alone(parcel):
    add_target()
    started(parcel, ago(minutes=10))
    assert scan() == 0
    assert told() == []


def test_nothing_is_told_while_paused_or_after_stop(parcel, office):
    add_target()
    tell(parcel, "arrived", "2T09:00")
    tell(parcel, "held", "2T09:55")
    other = Calendar.objects.create(code="p-2", name="Other")
    tell(other, "arrived", "2T09:00")
    tell(other, "answered", "2T09:55")
    assert scan() == 0
    tell(parcel, "released")
    scan()
    assert told() == [("sla.warned", 90)]


def test_a_breach_that_a_late_stop_found_first_is_still_told(parcel):
    add_target()
    tell(parcel, "arrived", "2T09:00")
    tell(parcel, "answered", "2T12:00")
    scan()
    assert told() == [("sla.breached", 0)]
    assert scan() == 0


def test_a_breach_that_was_told_stays_whatever_is_entered_late(parcel):
    add_target()
    tell(parcel, "arrived", "2T09:00")
    scan()
    tell(parcel, "answered", "2T09:30")
    clock = Clock.objects.get()
    assert (clock.state, clock.met_at) == ("stopped", None)
    assert clock.breached_at == clock.due_at


def test_the_promise_is_named_in_the_language_of_the_reader(parcel):
    add_target()
    tell(parcel, "arrived", "2T09:00")
    scan()
    event = Event.objects.get(code="sla.breached")
    with override("de"):
        assert get_type(event.code).say(event.facts).startswith("Antwort: ")
    with override("zh-hans"):
        assert get_type(event.code).say(event.facts).startswith("Answer")


def test_a_batch_costs_the_same_number_of_queries_for_2_and_for_20_clocks(db):
    add_target(escalate_after=[])
    counts = []
    for size in (2, 20):
        for n in range(size):
            started(Calendar.objects.create(code=f"q-{size}-{n}", name="x"), ago(hours=2))
        with CaptureQueriesContext(connection) as queries:
            assert scan() == size
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_one_clock_that_fails_does_not_keep_the_others_waiting(db):
    add_target()
    parcels = [Calendar.objects.create(code=f"f-{n}", name="x") for n in range(3)]
    for one in parcels:
        started(one, ago(hours=2))

    def stumble(event, subject):
        if event.code == "sla.breached" and subject == parcels[0]:
            raise RuntimeError("a rule of later stages")

    subscribers.subscribe(stumble, name="stumble", order=99)
    try:
        scan()
        assert sorted(e.object_id for e in Event.objects.filter(code="sla.breached")) == sorted(
            p.pk for p in parcels[1:]
        )
        assert Clock.objects.about(parcels[0]).get().breached_at is None
        scan()
        assert Event.objects.filter(code="sla.breached").count() == 2
    finally:
        subscribers._subscribers.pop("stumble")
    Timer.objects.update(retry_at=None)
    scan()
    assert Event.objects.filter(code="sla.breached").count() == 3


def test_a_record_that_is_gone_does_not_stop_the_round(parcel):
    add_target()
    tell(parcel, "arrived", "2T09:00")
    parcel.delete()
    scan()
    assert told() == [("sla.breached", 0)]


def test_the_command_drains_what_is_due(db, capsys):
    add_target()
    for n in range(5):
        started(Calendar.objects.create(code=f"c-{n}", name="x"), ago(hours=2))
    call_command("sla_scan", "--limit", "2")
    assert capsys.readouterr().out.strip() == "5"
    assert Event.objects.filter(code="sla.breached").count() == 5


@pytest.mark.parametrize("code", ["sla.warned", "sla.breached", "sla.escalated"])
def test_what_clocks_say_starts_no_clock(parcel, code):
    add_target()
    with CaptureQueriesContext(connection) as queries:
        record(code, parcel, facts={"promise": {"en": "x"}})
    assert not [q for q in queries if "sla_target" in q["sql"]]
