"""Where entries stand in a column of quarter hours: arithmetic only."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from foundation.calendars.diary.arranging import A_DAY, LANES, arrange, closed_slots, hours_of, slots_on
from foundation.calendars.diary.entries import Entry
from foundation.calendars.zones import load_zone

DAY = date(2026, 11, 26)
NINE = datetime(2026, 11, 26, 9, tzinfo=UTC)


def entry(minutes: int, length: int | None = 60, pk: int = 1) -> Entry:
    start = NINE + timedelta(minutes=minutes)
    return Entry("visits", pk, start, None if length is None else start + timedelta(minutes=length), "Visit", (1,))


def test_what_does_not_overlap_has_the_whole_width():
    blocks, rest = arrange([entry(0), entry(60)], DAY, UTC)
    assert [(one.first, one.length, one.lanes) for one in blocks] == [(36, 4, 1), (40, 4, 1)] and rest == []


def test_what_overlaps_stands_side_by_side_and_the_rest_is_counted():
    blocks, rest = arrange(
        [entry(0, 120, 1), entry(30, 60, 2), entry(60, 60, 3), entry(90, 45, 4), entry(90, 30, 5)], DAY, UTC
    )
    assert {one.entry.pk: (one.lane, one.lanes) for one in blocks} == {1: (0, 3), 2: (1, 3), 3: (2, 3), 4: (1, 3)}
    assert [one.pk for one in rest] == [5]


def test_a_moment_is_as_high_as_a_word_and_never_leaves_its_day():
    late = Entry("calls", 1, datetime(2026, 11, 26, 23, 50, tzinfo=UTC), None, "Call", (1,))
    (block,), _rest = arrange([late], DAY, UTC)
    assert (block.first, block.last) == (A_DAY - 2, A_DAY)


def test_a_night_is_cut_at_midnight_by_the_readers_clock():
    start, end = datetime(2026, 11, 26, 20, tzinfo=UTC), datetime(2026, 11, 27, 2, tzinfo=UTC)
    assert slots_on(start, end, DAY, UTC) == (80, 16)
    assert slots_on(start, end, DAY + timedelta(days=1), UTC) == (0, 8)
    assert slots_on(start, end, DAY, load_zone("Asia/Shanghai")) is None
    assert slots_on(start, datetime(2026, 11, 27, tzinfo=UTC), DAY + timedelta(days=1), UTC) is None


def test_hours_are_the_usual_ones_widened_and_the_rest_is_closed():
    blocks, _rest = arrange([entry(-180)], DAY, UTC)
    assert hours_of(blocks, [(36, 68)]) == (6, 18)
    assert closed_slots([(9 * 3600, 12 * 3600), (13 * 3600, 17 * 3600)], 8, 18) == [(32, 4), (48, 4), (68, 4)]
    assert closed_slots([], 8, 18) == [(32, 40)]


@given(st.lists(st.tuples(st.integers(0, 800), st.integers(5, 240)), max_size=25), st.integers(1, 6))
def test_nothing_covers_anything_and_nothing_is_lost(times, most):
    entries = [entry(minute, length, pk) for pk, (minute, length) in enumerate(times)]
    blocks, rest = arrange(entries, DAY, UTC, most)
    assert sorted([one.entry.pk for one in blocks] + [one.pk for one in rest]) == sorted(
        one.pk for one in entries if slots_on(one.start, one.until, DAY, UTC)
    )
    for one in blocks:
        assert one.lanes in LANES and 0 <= one.lane < one.lanes and one.first >= 0 and one.last <= A_DAY
        for other in blocks:
            if other is not one and other.first < one.last and one.first < other.last:
                assert (one.lane, one.lanes) != (other.lane, other.lanes)
                assert one.lanes == other.lanes
