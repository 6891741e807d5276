"""The cache counts in one turn, and only what is there."""

from __future__ import annotations

import pytest
from django.core.cache import cache


def test_a_number_that_is_there_is_counted_up_and_down_and_keeps_its_end():
    cache.set("tests.count", 5, 60)
    assert [cache.incr("tests.count"), cache.incr("tests.count", 4), cache.decr("tests.count")] == [6, 10, 9]
    assert cache.get("tests.count") == 9
    cache.touch("tests.count", 0)
    assert cache.get("tests.count") is None


def test_a_number_that_is_not_there_is_refused_and_not_made():
    cache.delete("tests.none")
    with pytest.raises(ValueError, match="not found"):
        cache.incr("tests.none")
    assert cache.get("tests.none") is None
