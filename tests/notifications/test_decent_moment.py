"""The first decent moment, whatever the hour, the zone and the change of clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.calendars.zones import load_zone
from foundation.notifications.manners.hours import NEVER, Hours, decent_moment

NIGHT = Hours(time(21), time(8))
BERLIN, SHANGHAI = load_zone("Europe/Berlin"), load_zone("Asia/Shanghai")
ZONES = st.sampled_from(
    [
        "Europe/Berlin",
        "Asia/Shanghai",
        "America/New_York",
        "Australia/Lord_Howe",
        "Africa/Cairo",
        "America/Sao_Paulo",
        "UTC",
    ]
).map(load_zone)
MOMENTS = st.datetimes(datetime(2017, 1, 1), datetime(2030, 1, 1)).map(lambda one: one.replace(tzinfo=UTC))
TIMES = st.times().map(lambda one: one.replace(second=0, microsecond=0))


@given(MOMENTS, TIMES, TIMES, ZONES)
def test_the_moment_is_never_quiet_never_earlier_and_at_most_two_days_away(
    asked: datetime, begins: time, ends: time, zone: ZoneInfo
) -> None:
    hours = Hours(begins, ends)
    found = decent_moment(asked, hours, zone)
    assert not hours.is_quiet(found.astimezone(zone).time())
    assert asked <= found <= asked + timedelta(days=2)
    assert hours.is_quiet(asked.astimezone(zone).time()) or found == asked


@given(MOMENTS, ZONES, st.sets(st.integers(1, 7), min_size=1))
def test_marketing_leaves_on_a_working_day_at_a_decent_hour(asked: datetime, zone: ZoneInfo, days: set[int]) -> None:
    found = decent_moment(asked, NIGHT, zone, lambda day: day.isoweekday() in days)
    wall = found.astimezone(zone)
    assert wall.isoweekday() in days and not NIGHT.is_quiet(wall.time())
    assert asked <= found <= asked + timedelta(days=9)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("2026-11-26T22:15+01:00", "2026-11-27T08:00+01:00"),
        ("2026-11-26T03:00+01:00", "2026-11-26T08:00+01:00"),
        ("2026-11-26T08:00+01:00", "2026-11-26T08:00+01:00"),
        ("2026-11-26T20:59+01:00", "2026-11-26T20:59+01:00"),
        # the nights in which the clocks change
        ("2026-10-24T22:00+02:00", "2026-10-25T08:00+01:00"),
        ("2027-03-27T22:00+01:00", "2027-03-28T08:00+02:00"),
    ],
)
def test_a_night_in_berlin(asked: str, expected: str) -> None:
    assert decent_moment(datetime.fromisoformat(asked), NIGHT, BERLIN) == datetime.fromisoformat(expected)


def test_an_end_in_the_hour_that_is_left_out_comes_after_it() -> None:
    found = decent_moment(datetime.fromisoformat("2027-03-27T23:00+01:00"), Hours(time(22), time(2, 30)), BERLIN)
    assert found == datetime.fromisoformat("2027-03-28T03:30+02:00")


def test_without_quiet_hours_everything_leaves_at_once() -> None:
    asked = datetime(2026, 11, 26, 3, tzinfo=UTC)
    assert decent_moment(asked, NEVER, SHANGHAI) == asked


def test_a_calendar_without_a_working_day_does_not_keep_it_for_ever() -> None:
    asked = datetime(2026, 11, 26, 18, tzinfo=UTC)
    never_open: list[date] = []
    found = decent_moment(asked, NIGHT, SHANGHAI, lambda day: day in never_open)
    assert found == datetime(2026, 11, 27, 0, tzinfo=UTC)  # 08:00 in Shanghai
