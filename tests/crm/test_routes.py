"""The arithmetic of a day on the road, as properties."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.routes import Pace, Position, Stop, distance_m, minutes_for, plan_day, swapped, travel_between

PACE = Pace(speed_kmh=40, detour_percent=30, usual_minutes=30)
NINE = datetime(2026, 11, 26, 9, tzinfo=UTC)
HAMBURG, BREMEN = Position(53.5511, 9.9937), Position(53.0793, 8.8017)
positions = st.builds(Position, st.floats(-90, 90), st.floats(-180, 180))
paces = st.builds(Pace, st.integers(1, 300), st.integers(0, 500), st.integers(0, 600))


@st.composite
def days(draw: st.DrawFn) -> list[Stop]:
    starts = sorted(draw(st.lists(st.integers(0, 1439), min_size=1, max_size=8)))
    return [
        Stop(
            NINE + timedelta(minutes=start),
            NINE + timedelta(minutes=start + draw(st.integers(1, 300))),
            draw(st.integers(0, 60)),
            draw(st.none() | positions),
            draw(st.none() | st.integers(0, 600)),
        )
        for start in starts
    ]


def test_hamburg_and_bremen_are_ninety_five_kilometres_apart() -> None:
    assert distance_m(HAMBURG, BREMEN) == pytest.approx(95_300, abs=800)


@given(positions, positions, positions)
def test_a_distance_is_the_same_both_ways_and_no_way_round_is_shorter(a: Position, b: Position, c: Position) -> None:
    assert distance_m(a, a) == 0
    assert distance_m(a, b) == distance_m(b, a) <= 20_100_000
    assert distance_m(a, c) <= distance_m(a, b) + distance_m(b, c) + 3


@given(st.integers(0, 20_000_000), st.integers(0, 20_000_000), paces)
def test_farther_never_takes_less_and_an_estimate_is_never_too_short(near: int, far: int, pace: Pace) -> None:
    near, far = sorted((near, far))
    assert minutes_for(near, pace) <= minutes_for(far, pace)
    assert minutes_for(0, pace) == 0
    road_km = near / 1000 * (1 + pace.detour_percent / 100)
    assert minutes_for(near, pace) + 0.001 >= road_km / pace.speed_kmh * 60
    assert minutes_for(near, pace) <= road_km / pace.speed_kmh * 60 + 1


@given(st.none() | positions, days(), paces)
def test_what_somebody_entered_counts_before_any_estimate(
    start: Position | None, stops: list[Stop], pace: Pace
) -> None:
    for stop in stops:
        travel = travel_between(start, stop, pace)
        if stop.entered_minutes is not None:
            assert (travel.minutes, travel.source) == (stop.entered_minutes, "entered")
        elif start is None or stop.position is None:
            assert (travel.minutes, travel.source) == (pace.usual_minutes, "usual")
        else:
            assert (travel.minutes, travel.source) == (minutes_for(travel.metres or 0, pace), "estimated")


@given(days(), paces, st.none() | positions)
def test_a_day_warns_exactly_when_the_way_or_the_time_does_not_fit(
    stops: list[Stop], pace: Pace, home: Position | None
) -> None:
    legs = plan_day(stops, pace, home)
    assert len(legs) == len(stops)
    assert not legs[0].overlaps and legs[0].short_minutes == 0
    for number, (stop, leg) in enumerate(zip(stops, legs, strict=True)):
        assert leg.arrive_at == stop.start - timedelta(minutes=stop.early_minutes)
        assert leg.leave_at == leg.arrive_at - timedelta(minutes=leg.travel.minutes)
        if number:
            free_at = max(one.end for one in stops[:number])
            assert leg.overlaps == (stop.start < free_at)
            assert (leg.short_minutes > 0) == (leg.leave_at < free_at)
            assert leg.leave_at + timedelta(minutes=leg.short_minutes) >= free_at


@given(st.integers(0, 600), st.integers(1, 300), st.integers(0, 600), st.integers(1, 300))
def test_neighbours_change_places_within_their_time_and_keep_their_lengths(a: int, la: int, gap: int, lb: int) -> None:
    first = (NINE + timedelta(minutes=a), NINE + timedelta(minutes=a + la))
    second = (first[1] + timedelta(minutes=gap), first[1] + timedelta(minutes=gap + lb))
    first_start, second_start = swapped(first, second)
    assert second_start == first[0]
    assert first_start + (first[1] - first[0]) == second[1]
    assert first_start >= second_start + (second[1] - second[0]) + timedelta(minutes=gap)
    again = swapped((second_start, second_start + (second[1] - second[0])), (first_start, second[1]))
    assert again == (second[0], first[0])
