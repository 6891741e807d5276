"""Promises that hang on a date, clocks that begin anew, and what is refused before it can do harm."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from foundation.calendars.engine import BusinessCalendar, NoWorkingTime
from foundation.calendars.models import Calendar, CalendarVersion
from foundation.calendars.services import revise_calendar
from foundation.calendars.zones import load_zone, to_second
from foundation.journal.services import record
from foundation.sla.aim import reach_back
from foundation.sla.ledger import drift
from foundation.sla.models import Clock, Entry, Target
from foundation.sla.services.following import follow_calendars
from tests.calendars.plans import OFFICE
from tests.sla.conftest import add_target, berlin, tell

pytestmark = pytest.mark.django_db
NO_PAUSE = {"pause_events": [], "resume_events": []}


def sound(clock):
    return drift(clock, list(Entry.objects.filter(clock=clock))) == []


# ------------------------------------------------------------ dates


def test_a_moment_in_the_record_is_the_due_time_to_the_second(parcel):
    add_target(amount=0, anchor_fact="promised_at", **NO_PAUSE)
    tell(parcel, "arrived", "2T09:00", promised_at=berlin("3T16:40:07"))
    clock = Clock.objects.get()
    assert clock.due_at == berlin("3T16:40:07")
    assert sound(clock)


def test_a_day_after_which_time_runs_counts_to_its_end(parcel, office):
    add_target(amount=2, anchor_fact="eta_on", calendar=office, **NO_PAUSE)
    tell(parcel, "arrived", "2T09:00", eta_on="2026-03-04")
    assert Clock.objects.get().due_at == berlin("5T11:00")


def test_a_day_before_which_something_must_be_ready_counts_to_its_beginning(parcel, office):
    add_target(amount=2, unit="working_days", anchor_fact="ready_on", anchor_side="before", calendar=office, **NO_PAUSE)
    tell(parcel, "arrived", "2T09:00", ready_on="2026-03-12")
    # Wednesday and Tuesday lie between: the last working second before Tuesday's first.
    assert Clock.objects.get().due_at == berlin("9T17:00")


def test_a_date_too_near_for_its_notice_is_due_itself(parcel, office):
    add_target(amount=3, unit="working_days", anchor_fact="ready_on", anchor_side="before", calendar=office, **NO_PAUSE)
    tell(parcel, "arrived", "3T09:00", ready_on="2026-03-05")
    assert Clock.objects.get().due_at == berlin("4T17:00")


def test_without_its_date_nothing_starts_and_nothing_is_wrong(parcel):
    target = add_target(amount=0, anchor_fact="promised_at", **NO_PAUSE)
    tell(parcel, "arrived", "2T09:00")
    assert not Clock.objects.exists()
    target.refresh_from_db()
    assert target.problem == ""


def test_a_date_that_moves_takes_due_along_from_that_moment(parcel):
    add_target(amount=48, anchor_fact="eta", **NO_PAUSE)
    tell(parcel, "arrived", "2T09:00", eta=berlin("3T09:00"))
    tell(parcel, "ranked", "2T12:00", eta=berlin("4T09:00"))
    clock = Clock.objects.get()
    assert clock.due_at == berlin("6T09:00")
    assert [entry.kind for entry in Entry.objects.all()] == ["start", "target"]
    tell(parcel, "ranked", "2T13:00", eta=berlin("4T09:00"))
    assert Entry.objects.count() == 2
    assert sound(clock)


def test_a_date_that_moves_into_the_past_is_due_at_once_and_never_before(parcel):
    add_target(amount=0, anchor_fact="eta", **NO_PAUSE)
    tell(parcel, "arrived", "2T09:00", eta=berlin("5T09:00"))
    tell(parcel, "ranked", "3T09:00", eta=berlin("2T10:00"))
    assert Clock.objects.get().due_at == berlin("3T09:00")


@pytest.mark.usefixtures("one_clock")
def test_a_holiday_added_later_does_not_move_a_date(parcel, office):
    add_target(amount=0, anchor_fact="eta", calendar=office, **NO_PAUSE)
    day = (timezone.now() + timedelta(days=10)).astimezone(load_zone("Europe/Berlin"))
    eta = (day - timedelta(days=day.weekday())).replace(hour=12, minute=0, second=0, microsecond=0)
    record("parcel.arrived", parcel, facts={"eta": eta})
    closed = [(eta.date() - timedelta(days=n)).isoformat() for n in range(1, 5)]
    revise_calendar(office.pk, actor=None, plan={**OFFICE, "closed": closed})
    assert follow_calendars() == 1
    clock = Clock.objects.get()
    assert clock.due_at == eta
    assert clock.calendar_version.number == 2
    assert [entry.kind for entry in Entry.objects.all()] == ["start", "calendar", "target"]
    assert sound(clock)


@pytest.mark.parametrize("hours", [1, 7, 8, 9, 24, 41])
def test_reaching_back_is_the_mirror_of_reaching_forward(hours):
    calendar = BusinessCalendar.from_plan(OFFICE)
    end = to_second(berlin("12T11:30"))
    begin = reach_back(calendar, end, hours * 3600)
    assert calendar.seconds_between(begin, end) == hours * 3600
    assert calendar.seconds_between(begin + 1, end) == hours * 3600 - 1


def test_reaching_back_over_closed_years_ends():
    with pytest.raises(NoWorkingTime):
        reach_back(BusinessCalendar.from_plan({"tz": "UTC", "weekly": {}}), to_second(berlin("12T11:30")), 60)


# ------------------------------------------------------------ beginning anew


def cycles():
    return [(c.cycle, c.started_at, c.stopped_at, c.met_at is not None) for c in Clock.objects.order_by("cycle")]


def test_one_event_ends_a_cycle_and_begins_the_next_in_the_same_second(parcel):
    add_target(amount=24, restart_events=["parcel.ranked"], retarget_events=[])
    tell(parcel, "arrived", "2T09:00")
    tell(parcel, "ranked", "3T08:00")
    tell(parcel, "ranked", "4T08:00:01")
    tell(parcel, "answered", "4T10:00")
    first, second, third = berlin("3T08:00"), berlin("4T08:00:01"), berlin("4T10:00")
    assert cycles() == [
        (1, berlin("2T09:00"), first, True),
        (2, first, second, False),
        (3, second, third, True),
    ]
    assert all(sound(clock) for clock in Clock.objects.all())


def test_news_after_the_end_begins_nothing(parcel):
    add_target(restart_events=["parcel.ranked"], retarget_events=[])
    tell(parcel, "ranked", "2T08:00")
    assert not Clock.objects.exists()
    tell(parcel, "arrived", "2T09:00")
    tell(parcel, "answered", "2T09:30")
    tell(parcel, "ranked", "2T10:00")
    assert Clock.objects.count() == 1


def test_the_next_cycle_takes_the_target_that_fits_by_then(parcel):
    add_target(restart_events=["parcel.ranked"], retarget_events=[])
    add_target(
        "urgent", position=1, priorities=["urgent"], amount=2, restart_events=["parcel.ranked"], retarget_events=[]
    )
    tell(parcel, "arrived", "2T09:00", priority="normal")
    tell(parcel, "ranked", "2T09:30", priority="urgent")
    assert [clock.target.code for clock in Clock.objects.order_by("cycle")] == ["answer", "urgent"]


def test_a_paused_cycle_that_is_ended_by_news_was_kept(parcel):
    add_target(restart_events=["parcel.ranked"], retarget_events=[])
    tell(parcel, "arrived", "2T09:00")
    tell(parcel, "held", "2T09:30")
    tell(parcel, "ranked", "4T09:00")
    first, second = Clock.objects.order_by("cycle")
    assert (first.met_at, second.state) == (berlin("4T09:00"), "running")


# ------------------------------------------------------------ refused


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"start_events": []}, "start_events"),
        ({"stop_events": []}, "stop_events"),
        ({"stop_events": ["parcel.arrived"]}, "stop_events"),
        ({"restart_events": ["parcel.arrived"]}, "restart_events"),
        ({"restart_events": ["parcel.answered"]}, "restart_events"),
        ({"resume_events": ["parcel.held"]}, "resume_events"),
        ({"pause_events": ["parcel.arrived"]}, "pause_events"),
        ({"pause_events": ["parcel.answered"]}, "pause_events"),
        ({"resume_events": []}, "resume_events"),
        ({"pause_events": []}, "resume_events"),
        ({"start_events": ["sla.breached"]}, "start_events"),
        ({"stop_events": ["sla.warned"]}, "stop_events"),
        ({"retarget_events": ["target.changed"]}, "retarget_events"),
        ({"pause_events": ["note.added"]}, "pause_events"),
        ({"amount": 0}, "amount"),
        ({"amount": 900_000}, "amount"),
        ({"unit": "working_days"}, "calendar"),
        ({"warning_percent": [50, 50]}, "warning_percent"),
        ({"warning_percent": [100]}, "warning_percent"),
        ({"escalate_after": [60, 30]}, "__all__"),
        ({"anchor_fact": "promised on", **NO_PAUSE}, "anchor_fact"),
        ({"anchor_fact": "promised_on"}, "pause_events"),
    ],
)
def test_a_target_that_cannot_work_is_refused_with_the_reason_at_its_field(fields, where):
    with pytest.raises(ValidationError) as refused:
        add_target(**fields)
    assert list(refused.value.message_dict) == [where]
    assert not Target.objects.exists()


def test_a_calendar_without_hours_is_refused(office):
    never = Calendar.objects.create(code="never", name="Never")
    with pytest.raises(ValidationError) as refused:
        add_target(calendar=never)
    assert list(refused.value.message_dict) == ["calendar"]
    never.current = CalendarVersion.objects.create(calendar=never, number=1, plan={"tz": "UTC", "weekly": {}})
    never.save()
    with pytest.raises(ValidationError, match="400 days"):
        add_target(calendar=never)
    assert not Target.objects.exists()


def test_what_clocks_say_of_themselves_starts_and_stops_nothing(parcel):
    target = add_target()
    Target.objects.filter(pk=target.pk).update(start_events=["sla.breached"])
    record("sla.breached", parcel, facts={"promise": {"en": "x"}})
    assert not Clock.objects.exists()
