"""Invariants 14 and 19 on the database: what the rows say after each event is what a replay of the whole log says."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.calendars.models import Calendar
from foundation.calendars.zones import to_second
from foundation.journal.services import record
from foundation.sla.engine import STOPPED
from foundation.sla.ledger import drift
from foundation.sla.models import Clock, Entry, Target
from foundation.sla.replay import Calendars, format_instant, run_case
from foundation.sla.rows import to_engine
from foundation.sla.store import database_now
from tests.calendars.plans import OFFICE, ROUND_THE_CLOCK
from tests.sla.conftest import add_calendar, add_target, berlin

CHINA = [["09:00", "12:00"], ["13:30", "18:00"]]
PLANS: dict[str, dict[str, Any]] = {
    "office": OFFICE,
    "always": ROUND_THE_CLOCK,
    "nights": {"tz": "America/New_York", "weekly": {"5": [["20:00", "24:00"]], "6": [["00:00", "04:00"]]}},
    "china": {"tz": "Asia/Shanghai", "weekly": dict.fromkeys("12345", CHINA), "special": {"2026-02-14": CHINA}},
}
# (kind, priority) of the record -> calendar, minutes
PROMISES = {
    ("a", "normal"): ("office", 240),
    ("a", "urgent"): ("always", 60),
    ("b", "normal"): ("china", 600),
    ("b", "urgent"): ("china", 90),
    ("c", "normal"): ("nights", 300),
    ("c", "urgent"): ("office", 0),
}
VERBS = {"held": "pause", "released": "resume", "answered": "stop"}
LEVELS = [50, 90]
SPRING = to_second(berlin("26T08:00"))  # three days before the clocks change
FEBRUARY = SPRING - 42 * 86_400
_numbers = itertools.count(1)


@pytest.fixture
def promises(db: None) -> None:
    """Six targets on one metric: a new priority chooses another target, most of them with another calendar."""
    calendars = {code: add_calendar(code, plan) for code, plan in PLANS.items() if code != "always"}
    for (kind, priority), (calendar, minutes) in PROMISES.items():
        target = add_target(
            f"{kind}-{priority}", kinds=[kind], priorities=[priority], amount=minutes or 1, unit="minutes",
            calendar=calendars.get(calendar), warning_percent=LEVELS,
        )  # fmt: skip
        # No form takes a promise of no time; the clock must be right about one all the same.
        Target.objects.filter(pk=target.pk).update(amount=minutes)


STEPS = st.tuples(
    st.one_of(st.integers(0, 3), st.integers(0, 3 * 3600), st.integers(0, 4 * 86_400)),
    st.sampled_from(["held", "released", "ranked normal", "ranked urgent", "answered"]),
)


@pytest.mark.usefixtures("promises")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from("abc"),
    priority=st.sampled_from(["normal", "urgent"]),
    start=st.one_of(st.integers(SPRING, SPRING + 5 * 86_400), st.integers(FEBRUARY, FEBRUARY + 3 * 86_400)),
    steps=st.lists(STEPS, max_size=6),
    language=st.sampled_from(["en", "zh-hans", "zh-hant", "de"]),
)
def test_clocks_folded_event_by_event_are_what_a_replay_of_the_log_gives(
    kind: str, priority: str, start: int, steps: list[tuple[int, str]], language: str
) -> None:
    with transaction.atomic(), translation.override(language):
        parcel = Calendar.objects.create(code=f"p-{next(_numbers)}", name="Parcel")
        case, log = _case(kind, priority, start), [("arrived", start, priority)]
        at, held = start, priority
        for gap, step in steps:
            at += gap
            verb, _space, rank = step.partition(" ")
            log.append((verb, at, rank or held))
            held = _append(case, verb, at, (kind, held), (kind, rank or held))[1]
        for verb, second, rank in log:
            occurred = berlin("2T00:00") + timedelta(seconds=second - to_second(berlin("2T00:00")))
            record(f"parcel.{verb}", parcel, facts={"kind": kind, "priority": rank}, occurred_at=occurred)
        row = Clock.objects.about(parcel).get()
        assert drift(row, list(Entry.objects.filter(clock=row))) == []
        assert _told(row) == {key: value for key, value in run_case(case, Calendars(PLANS)).items() if key != "id"}
        transaction.set_rollback(True)


def _case(kind: str, priority: str, start: int) -> dict[str, Any]:
    calendar, minutes = PROMISES[kind, priority]
    events = [{"at": format_instant(start), "type": "start"}]
    return {"calendar": calendar, "target_seconds": minutes * 60, "warning_percent": LEVELS, "events": events}


def _append(
    case: dict[str, Any], verb: str, at: int, held: tuple[str, str], wanted: tuple[str, str]
) -> tuple[str, str]:
    """Write down what the event means for the clock; answers the promise that holds from then on."""
    moment = format_instant(at)
    if verb in VERBS:
        case["events"].append({"at": moment, "type": VERBS[verb]})
        return held
    if held != wanted:
        calendar, minutes = PROMISES[wanted]
        if calendar != PROMISES[held][0]:
            case["events"].append({"at": moment, "type": "calendar", "calendar": calendar})
        case["events"].append({"at": moment, "type": "target", "target_seconds": minutes * 60})
    return wanted


def _told(row: Clock) -> dict[str, Any]:
    clock = to_engine(row)
    return {
        "due_at": format_instant(clock.due_at),
        "breach_at": format_instant(clock.breaches_at()),
        "outcome": clock.outcome(),
        "warnings": {str(level): format_instant(at) for level, at in clock.levels.items() if at is not None},
        "consumed_seconds_at_stop": clock.consumed if clock.state == STOPPED else None,
    }


def test_the_days_of_these_logs_lie_behind_us(db: None) -> None:
    """Else they would not count as entered late, and the test above would test the clock of the machine."""
    assert to_second(database_now()) > SPRING + 40 * 86_400
