import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext

from foundation.calendars.engine import CalendarError
from foundation.calendars.models import Calendar, CalendarVersion
from foundation.calendars.services import revise_calendar
from foundation.journal.models import Event
from foundation.journal.services import record
from foundation.sla.models import Clock, Entry, Timer
from foundation.sla.services.following import follow_calendars
from tests.calendars.plans import OFFICE, ROUND_THE_CLOCK
from tests.sla.conftest import add_target, berlin, tell


def dues():
    return {t.kind: t.due_at for t in Timer.objects.all()}


def test_an_event_starts_a_clock_with_its_timers_and_first_ledger_entry(parcel, office, anna):
    target = add_target(calendar=office)
    event = tell(parcel, "arrived", "6T16:30", owner_id=anna.pk, language="de")
    clock = Clock.objects.get()
    assert (clock.target, clock.metric, clock.cycle, clock.state, clock.target_s) == (
        target,
        "answer",
        1,
        "running",
        3600,
    )
    assert (clock.started_at, clock.due_at) == (berlin("6T16:30"), berlin("9T09:30"))
    assert (clock.number, clock.owner_id, clock.facts["language"]) == ("p-1", anna.pk, "de")
    assert clock.subject == parcel
    assert dues() == {
        "breach": berlin("9T09:30"), "warn:50": berlin("6T17:00"), "warn:90": berlin("9T09:24"),
        "escalate:1": berlin("9T10:00"),
    }  # fmt: skip
    entry = Entry.objects.get()
    assert (entry.kind, entry.at, entry.event_id, entry.due_at) == (
        "start",
        berlin("6T16:30"),
        event.pk,
        berlin("9T09:30"),
    )
    assert entry.recorded_at > entry.at


def test_starting_a_clock_adds_two_queries_to_the_event(parcel, office):
    with CaptureQueriesContext(connection) as without:
        record("parcel.arrived", parcel)
    add_target(calendar=office)
    with CaptureQueriesContext(connection) as with_clock:
        record("parcel.arrived", parcel)
    assert Clock.objects.count() == 1
    assert len(with_clock) - len(without) <= 1
    assert len([q for q in with_clock if "sla_" in q["sql"]]) <= 2


def test_an_event_starts_the_clocks_of_several_promises_with_one_statement(parcel, office, anna):
    first = add_target(calendar=office)
    second = add_target("finish", metric="finish", name="Finish", amount=2, warning_percent=[75], escalate_after=[])
    with CaptureQueriesContext(connection) as queries:
        event = tell(parcel, "arrived", "6T16:30", owner_id=anna.pk)
    assert len([q for q in queries if "INSERT INTO sla_clock" in q["sql"]]) == 1
    answer, finish = Clock.objects.order_by("metric")
    assert (answer.target, answer.target_s, answer.due_at) == (first, 3600, berlin("9T09:30"))
    assert answer.calendar_version == office.current
    assert (finish.target, finish.target_s, finish.due_at) == (second, 7200, berlin("6T18:30"))
    assert finish.calendar_version is None
    assert list(answer.levels) == ["50", "90"] and list(finish.levels) == ["75"]
    assert {t.kind for t in answer.timers.all()} == {"breach", "warn:50", "warn:90", "escalate:1"}
    assert {t.kind: t.due_at for t in finish.timers.all()} == {
        "breach": berlin("6T18:30"),
        "warn:75": berlin("6T18:00"),
    }
    assert [(e.kind, e.event_id, e.target_s, e.due_at) for e in Entry.objects.order_by("clock__metric")] == [
        ("start", event.pk, 3600, answer.due_at),
        ("start", event.pk, 7200, finish.due_at),
    ]
    tell(parcel, "answered")
    Clock.objects.filter(metric="finish").update(stopped_at=None, state="running", met_at=None)
    tell(parcel, "arrived")
    assert list(Clock.objects.order_by("metric", "cycle").values_list("metric", "cycle")) == [
        ("answer", 1),
        ("answer", 2),
        ("finish", 1),
    ]


def test_a_live_start_takes_the_time_of_the_database_in_whole_seconds(parcel, office):
    add_target(calendar=office)
    event = tell(parcel, "arrived")
    clock = Clock.objects.get()
    assert clock.started_at == event.recorded_at.replace(microsecond=0)


def test_pause_resume_and_stop_follow_their_events(parcel, office):
    add_target(calendar=office)
    tell(parcel, "arrived", "2T09:00")
    tell(parcel, "held", "2T09:20")
    clock = Clock.objects.get()
    assert (clock.state, clock.due_at, clock.consumed_s, clock.paused_by) == ("paused", None, 1200, "parcel.held")
    assert set(dues().values()) == {None}
    tell(parcel, "held", "2T09:30")
    tell(parcel, "released", "3T09:00")
    assert Clock.objects.get().due_at == berlin("3T09:40")
    tell(parcel, "answered", "3T09:30")
    clock = Clock.objects.get()
    assert (clock.state, clock.stopped_at, clock.met_at, clock.breached_at) == (
        "stopped",
        berlin("3T09:30"),
        berlin("3T09:30"),
        None,
    )
    assert not Timer.objects.filter(fired_at=None, cancelled_at=None).exists()
    assert [e.kind for e in Entry.objects.all()] == ["start", "pause", "resume", "stop"]


def test_a_late_stop_breaches_at_due_and_leaves_only_the_breach_to_be_told(parcel, office):
    add_target(calendar=office)
    tell(parcel, "arrived", "2T09:00")
    tell(parcel, "answered", "2T10:00:01")
    clock = Clock.objects.get()
    assert (clock.state, clock.breached_at, clock.met_at) == ("stopped", berlin("2T10:00"), None)
    assert [t.kind for t in Timer.objects.filter(cancelled_at=None)] == ["breach"]


def test_what_is_entered_late_counts_never_before_the_last_event_of_the_clock(parcel, office):
    add_target(calendar=office)
    tell(parcel, "arrived", "2T09:00")
    tell(parcel, "held", "2T09:30")
    tell(parcel, "released", "2T09:10")
    assert Clock.objects.get().consumed_until == berlin("2T09:30")


def test_events_after_a_stop_change_nothing_and_a_new_start_is_a_new_cycle(parcel, office):
    add_target(calendar=office)
    tell(parcel, "arrived", "2T09:00")
    tell(parcel, "answered", "2T09:30")
    before = Clock.objects.values().get()
    tell(parcel, "held", "2T09:40")
    assert Clock.objects.values().get() == before
    tell(parcel, "arrived", "2T09:50")
    assert [c.cycle for c in Clock.objects.order_by("cycle")] == [1, 2]
    assert Clock.objects.values().get(cycle=1) == before


def test_a_second_start_while_a_clock_runs_adds_nothing(parcel, office):
    add_target(calendar=office)
    tell(parcel, "arrived", "2T09:00")
    tell(parcel, "arrived", "2T09:30")
    assert Clock.objects.count() == Entry.objects.count() == 1


def test_of_several_targets_for_one_metric_the_first_that_fits_counts(parcel, office):
    add_target(calendar=office)
    add_target("answer-urgent", position=10, priorities=["urgent"], amount=30, unit="minutes", calendar=office)
    tell(parcel, "arrived", "2T09:00", priority="normal")
    assert Clock.objects.get().target.code == "answer"
    other = Calendar.objects.create(code="p-2", name="Other")
    tell(other, "arrived", "2T09:00", priority="urgent")
    assert Clock.objects.about(other).get().target_s == 1800


def test_an_inactive_target_starts_nothing_but_still_stops_its_clocks(parcel, office):
    target = add_target(calendar=office)
    tell(parcel, "arrived", "2T09:00")
    target.is_active = False
    target.save()
    tell(parcel, "answered", "2T09:30")
    tell(parcel, "arrived", "2T09:40")
    assert Clock.objects.get().state == "stopped"


def test_a_new_priority_chooses_the_target_anew_from_that_moment(parcel, office):
    add_target(calendar=office, amount=4)
    add_target("answer-urgent", position=10, priorities=["urgent"], amount=2, calendar=office)
    tell(parcel, "arrived", "2T09:00", priority="normal")
    tell(parcel, "ranked", "2T10:00", priority="urgent")
    clock = Clock.objects.get()
    assert (clock.target.code, clock.target_s, clock.due_at) == ("answer-urgent", 7200, berlin("2T11:00"))
    assert clock.facts["priority"] == "urgent"
    assert [e.kind for e in Entry.objects.all()] == ["start", "target", "tighten"]


def test_a_target_in_working_days_uses_the_stated_day_length(parcel, office):
    add_target(calendar=office, amount=3, unit="working_days")
    tell(parcel, "arrived", "2T09:00")
    assert Clock.objects.get().due_at == berlin("4T17:00")


def test_a_target_without_a_calendar_runs_around_the_clock(parcel):
    add_target(amount=24)
    tell(parcel, "arrived", "7T12:00")
    clock = Clock.objects.get()
    assert (clock.calendar_version, clock.due_at) == (None, berlin("8T12:00"))


def test_clocks_follow_the_owner_of_their_record(parcel, office, anna):
    add_target(calendar=office)
    tell(parcel, "arrived", "2T09:00")
    tell(parcel, "assigned", "2T09:10", owner_id=anna.pk)
    assert Clock.objects.get().owner == anna


def test_imported_history_starts_no_clock(parcel, office):
    add_target(calendar=office)
    record("parcel.arrived", parcel, imported=True, occurred_at=berlin("2T09:00"))
    assert not Clock.objects.exists()


def test_a_target_that_cannot_start_says_why_and_does_not_stop_the_event(parcel, office):
    never = Calendar.objects.create(code="never", name="Never")
    never.current = CalendarVersion.objects.create(calendar=never, number=1, plan={"tz": "UTC", "weekly": {}})
    never.save()
    broken = add_target("broken", metric="other", calendar=office)
    broken.calendar = never  # as a calendar that has lost its hours: with it, no target is saved
    broken.save()
    add_target(calendar=office)
    event = tell(parcel, "arrived", "2T09:00")
    assert Event.objects.filter(pk=event.pk).exists()
    assert Clock.objects.get().metric == "answer"
    broken.refresh_from_db()
    assert "400 days" in broken.problem
    assert broken.problem_at is not None


def test_a_statement_that_fails_is_contained_and_the_transaction_goes_on(parcel, office):
    target = add_target(calendar=office)
    event = tell(parcel, "arrived", "2T09:00", owner_id="nobody")
    assert Event.objects.filter(pk=event.pk).exists()
    assert not Clock.objects.exists()
    target.refresh_from_db()
    assert target.problem


def test_a_calendar_edit_makes_a_version_and_running_clocks_follow_from_then_on(parcel, office):
    add_target(calendar=office)
    tell(parcel, "arrived")
    clock = Clock.objects.get()
    old = clock.calendar_version
    revise_calendar(office.pk, actor=None, plan=ROUND_THE_CLOCK)
    assert follow_calendars() == 1
    clock.refresh_from_db()
    assert clock.calendar_version.number == 2
    assert old.plan == OFFICE
    assert [e.kind for e in Entry.objects.exclude(kind="tighten")] == ["start", "calendar"]
    assert Entry.objects.last().at == max(clock.calendar_version.valid_from.replace(microsecond=0), clock.started_at)
    assert Event.objects.filter(code="calendar.revised").count() == 1
    assert follow_calendars() == 0


def test_an_event_that_comes_before_the_round_moves_the_clock_to_the_new_calendar_first(parcel, office):
    add_target(calendar=office)
    tell(parcel, "arrived")
    revise_calendar(office.pk, actor=None, plan=ROUND_THE_CLOCK)
    tell(parcel, "held")
    assert [e.kind for e in Entry.objects.exclude(kind="tighten")] == ["start", "calendar", "pause"]


def test_stopped_clocks_are_never_recalculated(parcel, office):
    add_target(calendar=office)
    tell(parcel, "arrived", "2T09:00")
    tell(parcel, "answered", "2T09:30")
    before = Clock.objects.values().get()
    revise_calendar(office.pk, actor=None, plan=ROUND_THE_CLOCK)
    assert follow_calendars() == 0
    assert Clock.objects.values().get() == before


def test_a_wrong_calendar_is_refused_and_nothing_changes(office):
    with pytest.raises(CalendarError), transaction.atomic():
        revise_calendar(office.pk, actor=None, plan={"tz": "UTC", "weekly": {}})
    office.refresh_from_db()
    assert office.current.number == 1
    assert CalendarVersion.objects.count() == 1


def test_saving_the_same_plan_again_makes_no_version(office):
    revise_calendar(office.pk, actor=None, plan=OFFICE)
    assert CalendarVersion.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"start_events": []},
        {"stop_events": []},
        {"stop_events": ["parcel.arrived"]},
        {"resume_events": ["parcel.held"]},
        {"unit": "working_days"},
        {"start_events": ["sla.breached"]},
        {"warning_percent": [100]},
    ],
)
def test_a_target_that_would_not_work_is_refused(db, fields):
    with pytest.raises(ValidationError):
        add_target(**fields)


def test_the_application_may_not_change_versions_or_the_ledger(parcel, office):
    add_target(calendar=office)
    tell(parcel, "arrived", "2T09:00")
    for change in (
        lambda: Entry.objects.update(kind="x"),
        lambda: Entry.objects.all()._raw_delete("default"),
        lambda: CalendarVersion.objects.update(number=9),
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change()
    assert Entry.objects.get().kind == "start"
