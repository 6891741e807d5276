"""Cases worked by hand, one rule each. The week is that of Monday, 2 March 2026; Berlin is UTC+1."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from foundation.sla.replay import ReplayError, replay

CALENDARS = {
    "BER": {"tz": "Europe/Berlin", "weekly": {str(d): [["09:00", "17:00"]] for d in range(1, 6)}},
    "GZ": {"tz": "Asia/Shanghai", "weekly": {str(d): [["09:00", "12:00"], ["13:30", "18:00"]] for d in range(1, 6)}},
    "NIGHT": {"tz": "Europe/Berlin", "weekly": {str(d): [["00:00", "24:00"]] for d in range(1, 8)}},
    "NEVER": {"tz": "UTC", "weekly": {}},
    "BOTH": {"tz": "UTC", "weekly": {"1": [["09:00", "10:00"]]}, "closed": ["2026-01-01"],
             "special": {"2026-01-01": []}},
}  # fmt: skip


def at(text):
    """`2T15:00` is 15:00 of the second of March in Berlin."""
    day, time = text.split("T")
    return f"2026-03-{int(day):02}T{time}{':00' if time.count(':') == 1 else ''}+01:00"


def run(target, *events, calendar="BER", levels=(), raw=False):
    spelled = []
    for moment, kind, *value in events:
        event = {"at": moment if raw else at(moment), "type": kind}
        if value:
            event["target_seconds" if kind == "target" else "calendar"] = value[0]
        spelled.append(event)
    case = {"id": 1, "target_seconds": target, "warning_percent": list(levels), "events": spelled}
    if calendar:
        case["calendar"] = calendar
    return replay(json.dumps({"calendars": CALENDARS, "cases": [case]}))[0]


def utc(text):
    day, time = text.split("T")
    hour, rest = time.split(":", 1)
    return f"2026-03-{int(day):02}T{int(hour) - 1:02}:{rest}{':00' if rest.count(':') == 0 else ''}Z"


H = 3600


def test_a_stop_exactly_at_due_is_met():
    result = run(H, ("2T09:00", "start"), ("2T10:00", "stop"))
    assert (result["outcome"], result["breach_at"], result["due_at"]) == ("met", None, utc("2T10:00"))


def test_a_stop_one_second_late_is_breached_at_due():
    result = run(H, ("2T09:00", "start"), ("2T10:00:01", "stop"))
    assert (result["outcome"], result["breach_at"]) == ("breached", utc("2T10:00"))
    assert result["consumed_seconds_at_stop"] == H + 1


def test_a_stop_after_closing_time_is_a_breach_although_no_business_second_passed():
    result = run(8 * H, ("6T09:00", "start"), ("7T12:00", "stop"))
    assert (result["outcome"], result["breach_at"]) == ("breached", utc("6T17:00"))
    assert result["consumed_seconds_at_stop"] == 8 * H


def test_a_clock_that_nobody_stops_is_open_and_names_its_breach_to_come():
    result = run(H, ("7T09:00", "start"), levels=[50, 90])
    assert result == {
        "id": 1, "due_at": utc("9T10:00"), "breach_at": utc("9T10:00"), "outcome": "open",
        "warnings": {"50": utc("9T09:30"), "90": utc("9T09:54")}, "consumed_seconds_at_stop": None,
    }  # fmt: skip


def test_a_pause_before_due_leaves_due_and_breach_open():
    result = run(H, ("2T09:00", "start"), ("2T09:59:59", "pause"), levels=[50, 100])
    assert (result["outcome"], result["due_at"], result["breach_at"]) == ("paused", None, None)
    assert result["warnings"] == {"50": utc("2T09:30")}


def test_a_pause_exactly_at_due_does_not_prevent_the_breach():
    result = run(H, ("2T09:00", "start"), ("2T10:00", "pause"), levels=[100])
    assert (result["due_at"], result["breach_at"], result["outcome"]) == (utc("2T10:00"), utc("2T10:00"), "paused")
    assert result["warnings"] == {"100": utc("2T10:00")}
    later = run(H, ("2T09:00", "start"), ("2T10:00", "pause"), ("3T09:00", "resume"), ("3T09:10", "stop"))
    assert (later["outcome"], later["breach_at"]) == ("breached", utc("2T10:00"))
    assert later["consumed_seconds_at_stop"] == H + 600


def test_a_pause_and_a_stop_exactly_at_due_are_met():
    result = run(H, ("2T09:00", "start"), ("2T10:00", "pause"), ("2T10:00", "stop"))
    assert (result["outcome"], result["breach_at"]) == ("met", None)


def test_a_stop_while_paused_before_due_is_met_however_late():
    result = run(H, ("2T09:00", "start"), ("2T09:30", "pause"), ("20T09:00", "stop"), levels=[50, 90])
    assert (result["outcome"], result["due_at"], result["breach_at"]) == ("met", None, None)
    assert result["consumed_seconds_at_stop"] == 1800
    assert result["warnings"] == {"50": utc("2T09:30")}


def test_a_pause_after_the_breach_does_not_move_it():
    result = run(H, ("2T09:00", "start"), ("2T11:00", "pause"), ("2T12:00", "resume"), ("2T13:00", "stop"))
    assert (result["due_at"], result["outcome"]) == (utc("2T10:00"), "breached")
    assert result["consumed_seconds_at_stop"] == 3 * H


def test_a_target_of_nothing_is_due_at_start():
    late = run(0, ("7T09:00", "start"), levels=[90])
    assert (late["due_at"], late["breach_at"], late["warnings"]) == (utc("7T09:00"),) * 2 + ({"90": utc("7T09:00")},)
    assert run(0, ("7T09:00", "start"), ("7T09:00", "stop"))["outcome"] == "met"
    assert run(0, ("7T09:00", "start"), ("7T09:00:01", "stop"))["outcome"] == "breached"


def test_a_shorter_target_that_is_already_exceeded_is_due_at_the_change():
    result = run(4 * H, ("2T09:00", "start"), ("2T12:00", "target", 2 * H), ("2T12:30", "stop"), levels=[50, 90])
    assert (result["due_at"], result["breach_at"]) == (utc("2T12:00"), utc("2T12:00"))
    # Half of four hours was reached at eleven and stays; 90 % of two hours lies behind us at noon.
    assert result["warnings"] == {"50": utc("2T11:00"), "90": utc("2T12:00")}


def test_a_stop_at_the_very_change_that_exceeds_is_met():
    result = run(4 * H, ("2T09:00", "start"), ("2T12:00", "target", 2 * H), ("2T12:00", "stop"))
    assert (result["outcome"], result["due_at"]) == ("met", utc("2T12:00"))


def test_a_longer_target_moves_due_and_keeps_the_warning_that_fired():
    result = run(2 * H, ("2T09:00", "start"), ("2T10:30", "target", 4 * H), levels=[50, 90])
    assert result["due_at"] == utc("2T13:00")
    assert result["warnings"] == {"50": utc("2T10:00"), "90": utc("2T12:36")}


def test_a_longer_target_after_the_breach_changes_nothing():
    result = run(H, ("2T09:00", "start"), ("2T10:00:01", "target", 4 * H), ("2T11:00", "stop"))
    assert (result["outcome"], result["due_at"], result["breach_at"]) == ("breached", utc("2T10:00"), utc("2T10:00"))


def test_a_longer_target_at_the_very_instant_of_due_holds_from_then_on():
    result = run(H, ("2T09:00", "start"), ("2T10:00", "target", 2 * H), ("2T10:30", "stop"))
    assert (result["outcome"], result["due_at"]) == ("met", utc("2T11:00"))


def test_a_target_changed_while_paused_counts_on_resume():
    events = [("2T09:00", "start"), ("2T10:00", "pause"), ("2T11:00", "target", 3 * H)]
    assert run(2 * H, *events)["due_at"] is None
    assert run(2 * H, *events, ("3T09:00", "resume"))["due_at"] == utc("3T11:00")


def test_a_target_exceeded_while_paused_is_due_at_the_change():
    result = run(2 * H, ("2T09:00", "start"), ("2T10:00", "pause"), ("2T11:00", "target", 1800), levels=[90])
    assert (result["due_at"], result["breach_at"]) == (utc("2T11:00"), utc("2T11:00"))
    assert result["warnings"] == {"90": utc("2T11:00")}


def test_a_calendar_change_counts_from_then_on_only():
    result = run(10 * H, ("2T09:00", "start"), ("2T13:00", "calendar", "NIGHT"))
    assert result["due_at"] == utc("2T19:00")
    paused = run(10 * H, ("2T09:00", "start"), ("2T13:00", "pause"), ("2T14:00", "calendar", "NIGHT"),
                 ("2T20:00", "resume"))  # fmt: skip
    assert paused["due_at"] == "2026-03-03T01:00:00Z"


def test_a_calendar_change_after_the_breach_leaves_due_alone():
    result = run(8 * H, ("2T09:00", "start"), ("2T18:00", "calendar", "NIGHT"), ("2T20:00", "stop"))
    assert (result["due_at"], result["consumed_seconds_at_stop"]) == (utc("2T17:00"), 8 * H + 2 * H)


def test_what_follows_a_stop_is_ignored_even_another_start():
    stopped = [("2T09:00", "start"), ("2T09:30", "stop")]
    later = [("2T10:00", "calendar", "NEVER"), ("2T11:00", "start"), ("2T15:00", "stop")]
    assert run(H, *stopped, *later) == run(H, *stopped)


def test_a_second_start_of_a_running_clock_changes_nothing():
    assert run(H, ("2T09:00", "start"), ("2T09:30", "start")) == run(H, ("2T09:00", "start"))


def test_second_pauses_and_resumes_in_a_row_change_nothing():
    once = run(2 * H, ("2T09:00", "start"), ("2T10:00", "pause"), ("2T12:00", "resume"))
    twice = run(2 * H, ("2T09:00", "start"), ("2T09:10", "resume"), ("2T10:00", "pause"), ("2T11:00", "pause"),
                ("2T12:00", "resume"), ("2T12:30", "resume"))  # fmt: skip
    assert twice == once
    assert once["due_at"] == utc("2T13:00")


def test_without_a_calendar_a_target_runs_around_the_clock():
    assert run(24 * H, ("7T12:00", "start"), calendar=None)["due_at"] == utc("8T12:00")


def test_a_leap_second_is_the_next_minute_and_fractions_are_cut():
    leap = run(H, ("2016-12-31T23:59:60Z", "start"), calendar=None, raw=True)
    assert leap["due_at"] == "2017-01-01T01:00:00Z"
    cut = run(H, ("2026-03-02T09:00:00.999+01:00", "start"), ("2026-03-02T10:00:00.9+01:00", "stop"), raw=True)
    assert (cut["outcome"], cut["consumed_seconds_at_stop"]) == ("met", H)


def test_daylight_saving_lets_a_night_be_an_hour_longer_or_shorter():
    spring = run(24 * H, ("2026-03-28T12:00:00+01:00", "start"), calendar="NIGHT", raw=True)
    assert spring["due_at"] == "2026-03-29T11:00:00Z"
    office = run(9 * H, ("2026-10-23T16:00:00+02:00", "start"), raw=True)
    assert office["due_at"] == "2026-10-26T16:00:00Z"


@pytest.mark.parametrize(
    ("events", "calendar", "reason"),
    [
        ([], "BER", "no start"),
        ([("2T09:00", "stop")], "BER", "no start"),
        ([("2T09:00", "pause"), ("2T10:00", "start")], "BER", "before start"),
        ([("2T09:00", "start"), ("2T08:59:59", "stop")], "BER", "out of order"),
        ([("2T09:00", "start"), ("2T10:00", "stop"), ("2T09:30", "pause")], "BER", "out of order"),
        ([("2T09:00", "start"), ("2T10:00", "nudge")], "BER", "unknown event type"),
        ([("2T09:00", "start"), ("2T10:00", "target", -1)], "BER", "whole number"),
        ([("2T09:00", "start"), ("2T10:00", "target", 1.5)], "BER", "whole number"),
        ([("2T09:00", "start"), ("2T10:00", "target", True)], "BER", "whole number"),
        ([("2T09:00", "start"), ("2T10:00", "target")], "BER", "whole number"),
        ([("2T09:00", "start"), ("2T10:00", "calendar")], "BER", "names its calendar"),
        ([("2T09:00", "start"), ("2T10:00", "calendar", "XX")], "BER", "unknown calendar"),
        ([("2T09:00", "start"), ("2T10:00", "calendar", "NEVER")], "BER", "400 days"),
        ([("2T09:00", "start")], "NEVER", "400 days"),
        ([("2T09:00", "start")], "BOTH", "both closed and special"),
        ([("2T09:00", "start")], "XX", "unknown calendar"),
        ([("2T09:00", "start")], ["BER"], "unknown calendar"),
    ],
)
def test_a_case_that_cannot_be_run_says_why(events, calendar, reason):
    result = run(H, *events, calendar=calendar)
    assert result.keys() == {"id", "error"}
    assert reason in result["error"]


@pytest.mark.parametrize(
    "moment",
    ["2026-03-02T09:00:00", "2026-03-02", "now", "", None, 1772442000, "9999-12-31T23:59:60Z",
     "0001-01-01T00:00:00+14:00", "2026-02-30T00:00:00Z", ["2026-03-02T09:00:00Z"]],
)  # fmt: skip
def test_an_odd_time_is_an_error_not_a_crash(moment):
    assert "error" in run(H, (moment, "start"), raw=True)


@pytest.mark.parametrize(
    "case",
    [
        None, 7, "x", [], {}, {"id": 2}, {"id": 2, "events": {}}, {"id": 2, "events": [1]},
        {"id": 2, "events": [{"type": ["start"], "at": 1}]},
        {"id": 2, "events": [{"at": "2026-03-02T09:00:00Z", "type": "start"}]},
        {"id": 2, "target_seconds": 10**40, "events": [{"at": "2026-03-02T09:00:00Z", "type": "start"}]},
        {"id": 2, "target_seconds": 60, "warning_percent": ["90"],
         "events": [{"at": "2026-03-02T09:00:00Z", "type": "start"}]},
        {"id": 2, "target_seconds": 60, "events": [{"at": "9999-12-31T23:59:59Z", "type": "start"}]},
    ],
)  # fmt: skip
def test_one_odd_case_does_not_keep_the_others_from_running(case):
    good = {"id": "good", "target_seconds": 60, "events": [{"at": "2026-03-02T09:00:00Z", "type": "start"}]}
    odd, fine = replay(json.dumps({"cases": [case, good]}))
    assert odd["id"] == (case.get("id") if isinstance(case, dict) else None)
    assert "error" in odd
    assert fine["due_at"] == "2026-03-02T09:01:00Z"


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"cases": {}}', '{"cases": [], "calendars": 1}', "[" * 10**5])
def test_a_file_that_is_no_set_of_cases_is_one_clear_error(text):
    with pytest.raises(ReplayError):
        replay(text)


def test_the_command_prints_one_result_a_case(tmp_path):
    out = io.StringIO()
    call_command("sla_replay", "tests/sla/spec_case.json", stdout=out)
    assert out.getvalue() == (
        '[{"id": "A1", "due_at": "2026-03-03T11:00:00Z", "breach_at": null, "outcome": "met", '
        '"warnings": {"90": "2026-03-03T10:42:00Z"}, "consumed_seconds_at_stop": 9900}]\n'
    )


def test_the_command_names_a_file_that_it_cannot_read(tmp_path):
    for content in (None, b"\xff\xfe", b"{"):
        path = tmp_path / "cases.json"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(CommandError, match="cases.json"):
            call_command("sla_replay", str(path), stdout=io.StringIO())
