"""Numbers are given out once, in order, and begin again each year."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from foundation.documents.models import NumberSeries
from foundation.documents.numbering import DEFAULT_PATTERNS, load_series, next_number, next_numbers
from foundation.documents.patterns import PatternError, render_number

MAY = datetime(2026, 5, 4, 3, tzinfo=UTC)
NEW_YEAR_IN_SHANGHAI = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_numbers_of_a_series_ascend_without_gaps() -> None:
    assert [next_number("order", at=MAY) for _ in range(3)] == ["SO-2026-0001", "SO-2026-0002", "SO-2026-0003"]
    assert next_number("customer", at=MAY) == "C-00001"


@pytest.mark.django_db
def test_the_count_begins_again_in_the_companys_new_year_and_never_goes_back() -> None:
    next_number("order", at=MAY)
    assert next_number("order", at=NEW_YEAR_IN_SHANGHAI) == "SO-2027-0001"
    assert next_number("order", at=MAY) == "SO-2027-0002"


@pytest.mark.django_db
def test_a_pattern_without_a_year_never_begins_again() -> None:
    next_number("customer", at=MAY)
    assert next_number("customer", at=NEW_YEAR_IN_SHANGHAI) == "C-00002"


@pytest.mark.django_db
def test_many_numbers_come_in_one_statement(django_assert_num_queries: object) -> None:
    next_number("order", at=MAY)
    assert next_numbers("order", 3, at=MAY) == ["SO-2026-0002", "SO-2026-0003", "SO-2026-0004"]
    with pytest.raises(ValueError):
        next_numbers("order", 0)


@pytest.mark.django_db
def test_a_series_that_nobody_declared_comes_into_being() -> None:
    assert next_number("parcel", at=MAY) == "PARCEL-2026-0001"


@pytest.mark.django_db
def test_defaults_are_loaded_once_and_leave_an_administrators_pattern_alone() -> None:
    assert load_series() == len(DEFAULT_PATTERNS)
    NumberSeries.objects.filter(code="order").update(pattern="A{yy}/{n:06}")
    assert load_series() == 0
    assert next_number("order", at=MAY) == "A26/000001"


@pytest.mark.django_db
def test_a_rolled_back_transaction_gives_its_number_back() -> None:
    next_number("order", at=MAY)
    with pytest.raises(RuntimeError), transaction.atomic():
        next_number("order", at=MAY)
        raise RuntimeError
    assert next_number("order", at=MAY) == "SO-2026-0002"


@pytest.mark.django_db
def test_the_last_number_cannot_be_lowered() -> None:
    next_numbers("order", 5, at=MAY)
    series = NumberSeries.objects.get(code="order")
    series.last = 4
    with pytest.raises(ValidationError, match="cannot be lowered"):
        series.full_clean()


@pytest.mark.parametrize("pattern", ["SO-{year}", "{n.real}", "{n!r}", "{n:>99999999}", "{n", "{}", "{0}", "{user}{n}"])
def test_a_pattern_that_could_do_harm_or_does_not_count_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        render_number(pattern, year=2026, n=1)


@pytest.mark.django_db(transaction=True)
def test_twenty_numbers_asked_for_at_once_are_twenty_different_ones() -> None:
    def ask(_n: int) -> str:
        try:
            return next_number("shipment", at=MAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(ask, range(20)))
    assert sorted(numbers) == [f"SH-2026-{n:04}" for n in range(1, 21)]
