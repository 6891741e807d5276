"""Invariants 8 to 19 of the specification; 1 to 7, 11, 12 and 20 stand in tests/calendars, 14 and 21 on the database beside."""

import copy
import json
import os
import time
from contextlib import contextmanager

import pytest
from django.utils import timezone, translation
from hypothesis import assume, given
from hypothesis import strategies as st

from foundation.calendars.engine import CalendarError
from foundation.calendars.zones import load_zone, offset_segments
from foundation.sla.engine import Clock, ClockError, level_seconds
from foundation.sla.replay import Calendars, format_instant, replay, run_case
from tests.calendars.plans import OFFICE, calendar, office_plans, second
from tests.sla.oracle import LEVELS, cases, simulate

STARTS = st.integers(second("2025-06-01T00:00:00Z"), second("2027-06-01T00:00:00Z"))
TARGETS = st.integers(0, 40 * 3600)
GAPS = st.lists(st.integers(0, 4 * 86_400), min_size=1, max_size=8)


def apply(clock, kind, at, target=None):
    if kind == "target":
        clock.retarget(target, at)
    else:
        getattr(clock, kind)(at)


def spelled(case):
    events = [{**event, "at": format_instant(event["second"])} for event in case["events"]]
    return {"id": "x", **case, "events": events}


def run(case, plans):
    return run_case(spelled(case), Calendars(plans))


@given(cases())
def test_the_clock_agrees_with_the_second_by_second_oracle(case_and_plans):
    case, plans = case_and_plans
    result = run(case, plans)
    assume("error" not in result)
    seen = simulate(case, plans)
    assume(seen is not None)
    assert result["outcome"] == seen.outcome
    assert result["due_at"] == format_instant(seen.due)
    assert result["breach_at"] == format_instant(seen.breach)
    assert result["warnings"] == {str(p): format_instant(t) for p, t in sorted(seen.levels.items())}
    assert result["consumed_seconds_at_stop"] == (seen.consumed if seen.outcome in ("met", "breached") else None)


@given(cases())
def test_folding_after_each_event_gives_what_a_replay_of_the_log_gives(case_and_plans):
    case, plans = case_and_plans
    whole = run(case, plans)
    assume("error" not in whole)
    lengths = range(1, len(case["events"]) + 1)
    prefixes = [run({**case, "events": case["events"][:n]}, plans) for n in lengths]
    assert prefixes[-1] == whole
    first = case["events"][0]["second"]
    live = Clock.start(calendar(plans["A"]), case["target_seconds"], LEVELS, first)
    for event in case["events"][1:]:
        live = copy.copy(live)  # as if stored and read again
        live.levels = dict(live.levels)
        at = event["second"]
        if event["type"] == "calendar":
            live.recalendar(calendar(plans[event["calendar"]]), at)
        else:
            apply(live, event["type"], at, event.get("target_seconds"))
    assert format_instant(live.due_at) == whole["due_at"]
    assert live.outcome() == whole["outcome"]


@given(office_plans(), STARTS, TARGETS, GAPS)
def test_pausing_and_resuming_never_makes_due_earlier(plan, start, target, gaps):
    clock = Clock.start(calendar(plan), target, LEVELS, start)
    undisturbed = clock.due_at
    at = start
    for number, gap in enumerate(gaps):
        at += gap
        (clock.resume if number % 2 else clock.pause)(at)
    clock.resume(at)
    assert clock.due_at >= undisturbed


@given(office_plans(), STARTS, TARGETS, st.integers(0, 9 * 86_400))
def test_a_pause_of_no_length_changes_nothing(plan, start, target, gap):
    paused = Clock.start(calendar(plan), target, LEVELS, start)
    plain = copy.deepcopy(paused)
    paused.pause(start + gap)
    paused.resume(start + gap)
    plain.fold(start + gap)
    assert _facts(paused) == _facts(plain)


@given(office_plans(), STARTS, TARGETS, TARGETS, st.integers(0, 9 * 86_400))
def test_a_target_there_and_back_at_one_instant_changes_nothing(plan, start, target, other, gap):
    changed = Clock.start(calendar(plan), target, LEVELS, start)
    plain = copy.deepcopy(changed)
    changed.retarget(other, start + gap)
    changed.retarget(target, start + gap)
    plain.fold(start + gap)
    assert _facts(changed) == _facts(plain)


@given(cases())
def test_doubling_any_pause_or_resume_changes_nothing(case_and_plans):
    case, plans = case_and_plans
    doubled = [e for event in case["events"] for e in [event] * (2 if event["type"] in ("pause", "resume") else 1)]
    assert run({**case, "events": doubled}, plans) == run(case, plans)


@given(cases(), st.lists(st.sampled_from(["start", "pause", "resume", "target", "stop"]), max_size=5))
def test_after_stop_nothing_changes(case_and_plans, later):
    case, plans = case_and_plans
    at = case["events"][-1]["second"]
    stopped = [*case["events"], {"type": "stop", "second": at}]
    more = [{"type": kind, "second": at + n, "target_seconds": 9} for n, kind in enumerate(later)]
    assert run({**case, "events": [*stopped, *more]}, plans) == run({**case, "events": stopped}, plans)


@given(cases())
def test_a_breach_once_set_never_moves(case_and_plans):
    case, plans = case_and_plans
    events = case["events"]
    breach = None
    for n in range(1, len(events) + 1):
        result = run({**case, "events": events[:n]}, plans)
        assume("error" not in result)
        if breach is not None:
            assert result["breach_at"] == breach
        elif result["breach_at"] and n < len(events) and result["breach_at"] < format_instant(events[n]["second"]):
            breach = result["breach_at"]


@given(office_plans(), STARTS, TARGETS, st.sets(st.integers(1, 100), max_size=5))
def test_warnings_come_in_the_order_of_their_levels_and_not_after_due(plan, start, target, levels):
    clock = Clock.start(calendar(plan), target, levels, start)
    instants = [clock.levels[level] for level in sorted(levels)]
    assert instants == sorted(instants)
    assert all(at <= clock.due_at for at in instants)


@given(
    cases(),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Europe/Berlin"]),
    st.sampled_from(["zh-hans", "zh-hant", "de"]),
)
def test_the_time_zone_of_the_server_and_the_language_of_the_user_change_nothing(case_and_plans, zone, language):
    case, plans = case_and_plans
    here = run(case, plans)
    with server_in(zone), translation.override(language), timezone.override(load_zone(zone)):
        assert time.tzname != ("UTC", "UTC")
        assert run(case, plans) == here


@contextmanager
def server_in(zone):
    """Let the operating system's clock show another zone; what was reckoned before is forgotten."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    offset_segments.cache_clear()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


def test_ceil_is_integer_arithmetic():
    assert [level_seconds(t, 90) for t in (0, 1, 10, 11, 10**15 + 1)] == [0, 1, 9, 10, 900000000000001]


def test_an_event_before_the_last_one_is_refused_and_changes_nothing():
    clock = Clock.start(calendar(OFFICE), 3600, [90], second("2026-03-02T09:00:00+01:00"))
    clock.pause(second("2026-03-02T09:30:00+01:00"))
    before = _facts(clock)
    with pytest.raises(ClockError, match="out of order"):
        clock.stop(second("2026-03-02T09:29:59+01:00"))
    assert _facts(clock) == before


def test_a_calendar_without_hours_is_refused_on_a_running_clock():
    clock = Clock.start(calendar(OFFICE), 3600, [90], second("2026-03-02T09:00:00+01:00"))
    with pytest.raises(CalendarError, match="400 days"):
        clock.recalendar(calendar({"tz": "UTC"}), second("2026-03-02T09:10:00+01:00"))


def test_the_case_of_the_specification_is_answered_as_worked_by_hand():
    here = os.path.join(os.path.dirname(__file__), "spec_case.json")
    with open(here, encoding="utf-8") as file:
        assert replay(file.read()) == json.loads(
            """[{"id": "A1", "due_at": "2026-03-03T11:00:00Z", "breach_at": null, "outcome": "met",
            "warnings": {"90": "2026-03-03T10:42:00Z"}, "consumed_seconds_at_stop": 9900}]"""
        )


def _facts(clock):
    return (
        clock.state, clock.target, clock.consumed, clock.consumed_until, clock.due_at, clock.breached_at,
        clock.levels,
    )  # fmt: skip
