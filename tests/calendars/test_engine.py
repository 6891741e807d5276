import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from foundation.calendars.engine import (
    BusinessCalendar,
    CalendarError,
    NoWorkingTime,
    OutOfReach,
    always_open,
    format_time,
    parse_time,
)
from foundation.calendars.zones import UnknownZone, load_zone, to_second
from tests.calendars.plans import (
    DAY,
    OFFICE,
    calendar,
    odd_plans,
    office_plans,
    oracle,
    second,
)

YEAR = st.integers(second("2025-06-01T00:00:00Z"), second("2027-06-01T00:00:00Z"))
LENGTHS = st.integers(1, 40 * 3600)


@given(odd_plans(), st.integers(-30 * 3600, 30 * 3600), st.integers(1, 12 * 3600))
def test_engine_counts_what_a_second_by_second_oracle_counts(plan_and_moment, offset, length):
    plan, moment = plan_and_moment
    start = moment + offset
    is_open = oracle(plan)
    expected = sum(is_open(t) for t in range(start, start + length))
    assert calendar(plan).seconds_between(start, start + length) == expected


@given(odd_plans(), st.integers(-30 * 3600, 10 * 3600), st.integers(1, 4 * 3600))
def test_due_is_the_earliest_second_that_the_oracle_finds(plan_and_moment, offset, seconds):
    plan, moment = plan_and_moment
    start = moment + offset
    is_open = oracle(plan)
    left, t = seconds, start
    while left and t < start + DAY:
        left -= is_open(t)
        t += 1
    assume(not left)
    assert calendar(plan).reach(start, seconds) == t


@given(office_plans(), YEAR, st.integers(0, 90 * DAY), st.integers(0, 90 * DAY))
def test_consumption_adds_up(plan, a, ab, bc):
    office = calendar(plan)
    b, c = a + ab, a + ab + bc
    assert office.seconds_between(a, b) + office.seconds_between(b, c) == office.seconds_between(a, c)


@given(office_plans(), YEAR, LENGTHS)
def test_consumption_until_due_is_the_target_and_the_second_before_due_is_open(plan, start, target):
    office = calendar(plan)
    due = office.reach(start, target)
    assert office.seconds_between(start, due) == target
    assert office.is_open(due - 1)


@given(office_plans(), YEAR, LENGTHS, LENGTHS)
def test_due_grows_with_the_target_and_may_be_reached_in_two_steps(plan, start, first, more):
    office = calendar(plan)
    due = office.reach(start, first + more)
    assert office.reach(start, first) < due
    assert office.reach(office.reach(start, first), more) == due


@given(office_plans(), YEAR, st.integers(0, 9 * DAY), LENGTHS)
def test_due_grows_with_the_start(plan, start, later, target):
    office = calendar(plan)
    assert office.reach(start, target) <= office.reach(start + later, target)


@given(office_plans(), YEAR, LENGTHS, st.dates(min_value=date(2025, 6, 1), max_value=date(2027, 12, 31)))
def test_a_closed_date_more_never_makes_due_earlier(plan, start, target, extra):
    closed = {**plan, "closed": [extra.isoformat()]}
    assert calendar(closed).reach(start, target) >= calendar(plan).reach(start, target)


@given(office_plans(), YEAR, LENGTHS, st.integers(1, 7))
def test_more_hours_never_make_due_later(plan, start, target, day):
    longer = {**plan, "weekly": {**plan["weekly"], str(day): [["00:00", "24:00"]]}}
    assert calendar(longer).reach(start, target) <= calendar(plan).reach(start, target)


@given(
    st.sampled_from(["Europe/Berlin", "Asia/Shanghai", "Australia/Lord_Howe", "Pacific/Apia"]),
    st.integers(second("2010-01-01T00:00:00Z"), second("2030-01-01T00:00:00Z")),
    st.integers(0, 300 * DAY),
)
def test_around_the_clock_due_is_the_target_in_real_seconds_in_every_zone(zone, start, target):
    assert always_open(zone).reach(start, target) == start + target


@given(office_plans(), YEAR, LENGTHS)
def test_seven_days_later_is_due_seven_days_later_without_daylight_saving(plan, start, target):
    office = calendar({**plan, "tz": "Asia/Shanghai"})
    assert office.reach(start + 7 * DAY, target) == office.reach(start, target) + 7 * DAY


def test_due_is_leftmost_friday_evening_not_monday_morning():
    friday = second("2026-03-06T09:00:00+01:00")
    assert calendar(OFFICE).reach(friday, 8 * 3600) == second("2026-03-06T17:00:00+01:00")


def test_a_missing_hour_contributes_nothing():
    night = calendar({"tz": "Europe/Berlin", "weekly": {"7": [["01:00", "04:00"]]}})
    start = second("2026-03-29T00:00:00+01:00")
    assert night.seconds_between(start, start + DAY) == 2 * 3600


def test_a_repeated_hour_counts_twice():
    night = calendar({"tz": "Europe/Berlin", "weekly": {"7": [["01:00", "04:00"]]}})
    start = second("2026-10-25T00:00:00+02:00")
    assert night.seconds_between(start, start + DAY) == 4 * 3600


def test_a_span_that_ends_inside_the_repeated_hour_has_two_pieces():
    night = calendar({"tz": "Europe/Berlin", "weekly": {"7": [["01:00", "02:30"]]}})
    start = second("2026-10-25T00:00:00+02:00")
    assert list(night.pieces(start, start + DAY)) == [
        (second("2026-10-25T01:00:00+02:00"), second("2026-10-25T02:30:00+02:00")),
        (second("2026-10-25T02:00:00+01:00"), second("2026-10-25T02:30:00+01:00")),
    ]


def test_a_date_that_comes_twice_keeps_its_pieces_in_the_order_of_the_instants():
    # At 00:01 the clock went back to 23:01 of the day before.
    late = calendar({"tz": "America/St_Johns", "weekly": {"6": [["23:00", "24:00"]], "7": [["00:00", "00:01"]]}})
    start = second("2006-10-28T22:00:00-02:30")
    assert list(late.pieces(start, start + DAY)) == [(start + 3600, start + 3600 + 3660 + 3540 + 60)]


def test_an_island_that_skipped_a_day_counts_nothing_on_it():
    apia = calendar({"tz": "Pacific/Apia", "weekly": {"5": [["00:00", "24:00"]]}})
    start = second("2011-12-29T00:00:00-10:00")
    assert apia.seconds_between(start, start + 3 * DAY) == 0


def test_a_special_date_wins_over_the_weekly_plan_and_a_closed_date_closes():
    office = calendar({**OFFICE, "special": {"2026-03-07": [["10:00", "12:00"]]}, "closed": ["2026-03-09"]})
    friday_evening = second("2026-03-06T17:00:00+01:00")
    assert office.reach(friday_evening, 7200) == second("2026-03-07T12:00:00+01:00")
    assert office.reach(friday_evening, 7201) == second("2026-03-10T09:00:01+01:00")


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        (None, "object"),
        ({"weekly": {}}, "tz"),
        ({"tz": "Mars/Olympus"}, "zone"),
        ({"tz": "../../etc/passwd"}, "zone"),
        ({"tz": "Europe"}, "zone"),
        ({"tz": "UTC", "weekly": {"8": []}}, "weekdays"),
        ({"tz": "UTC", "weekly": []}, "object"),
        ({"tz": "UTC", "weekly": {"1": [["09:00"]]}}, "begin"),
        ({"tz": "UTC", "weekly": {"1": "09:00-17:00"}}, "list"),
        ({"tz": "UTC", "weekly": {"1": [["09:00", "24:01"]]}}, "time"),
        ({"tz": "UTC", "weekly": {"1": [["09:60", "10:00"]]}}, "time"),
        ({"tz": "UTC", "weekly": {"1": [[9, 17]]}}, "time"),
        ({"tz": "UTC", "weekly": {"1": [["17:00", "09:00"]]}}, "end after"),
        ({"tz": "UTC", "weekly": {"1": [["09:00", "09:00"]]}}, "end after"),
        ({"tz": "UTC", "weekly": {"1": [["09:00", "12:00"], ["11:00", "13:00"]]}}, "overlap"),
        ({"tz": "UTC", "weekly": {}, "closed": ["2026-02-30"]}, "date"),
        ({"tz": "UTC", "weekly": {}, "closed": "2026-02-03"}, "list"),
        ({"tz": "UTC", "weekly": {}, "closed": ["20260203"]}, "date"),
        ({"tz": "UTC", "closed": ["2026-12-24"], "special": {"2026-12-24": []}}, "both closed and special"),
    ],
)
def test_a_wrong_calendar_is_refused_with_the_reason(plan, reason):
    with pytest.raises(CalendarError, match=reason):
        BusinessCalendar.from_plan(plan)


def test_a_calendar_without_working_time_is_refused_and_does_not_loop():
    start = second("2026-01-01T00:00:00Z")
    empty = calendar({"tz": "UTC", "weekly": {}})
    with pytest.raises(NoWorkingTime):
        empty.check_working_time(start)
    with pytest.raises(NoWorkingTime):
        empty.reach(start, 1)


@pytest.mark.parametrize(("days", "opens"), [(399, True), (400, False)])
def test_four_hundred_days_is_the_limit_to_the_second(days, opens):
    start = second("2026-01-01T00:00:00Z")
    once = calendar({"tz": "UTC", "weekly": {}, "special": {_day(start + days * DAY): [["00:00", "01:00"]]}})
    if opens:
        assert once.reach(start, 1) == start + days * DAY + 1
    else:
        with pytest.raises(NoWorkingTime):
            once.reach(start, 1)
        assert once.reach(start + 1, 1) == start + days * DAY + 1


def test_a_target_that_runs_out_of_open_hours_is_refused():
    start = second("2026-01-01T00:00:00Z")
    once = calendar({"tz": "UTC", "weekly": {}, "special": {"2026-01-02": [["00:00", "01:00"]]}})
    assert once.reach(start, 3600) == start + DAY + 3600
    with pytest.raises(NoWorkingTime):
        once.reach(start, 3601)


def test_a_target_of_centuries_is_refused():
    with pytest.raises(OutOfReach):
        always_open().reach(0, 10**12)
    with pytest.raises(OutOfReach):
        always_open().reach(second("9999-12-31T00:00:00Z"), 10 * DAY)


def test_zones_come_from_the_pinned_package_whatever_the_server_has(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert load_zone("Asia/Shanghai").key == "Asia/Shanghai"
    with pytest.raises(UnknownZone):
        load_zone("right/UTC")


def test_times_of_the_day_are_read_and_written():
    assert [parse_time(text) for text in ("00:00", "9:30", "24:00", "08:59:60")] == [0, 34200, DAY, 32400]
    assert [format_time(t) for t in (0, 34200, DAY, 32401)] == ["00:00", "09:30", "24:00", "09:00:01"]


def test_a_time_without_a_zone_is_no_instant():
    with pytest.raises(ValueError, match="zone"):
        to_second(datetime(2026, 1, 1))


def test_a_due_time_over_a_year_of_holidays_is_a_matter_of_microseconds():
    office = calendar({**OFFICE, "closed": [f"2026-{m:02}-{d:02}" for m in range(1, 13) for d in range(1, 4)]})
    start = second("2026-01-01T00:00:00Z")
    office.reach(start, 250 * 8 * 3600)
    best = min(_timed(lambda: office.reach(start, 200 * 8 * 3600), time.perf_counter) for _ in range(20))
    assert best < 0.0002


def _day(second_):
    return datetime.fromtimestamp(second_, UTC).date().isoformat()


def _timed(work, clock):
    begun = clock()
    work()
    return clock() - begun
