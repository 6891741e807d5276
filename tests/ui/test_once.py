"""A value is looked up once for each request, and afresh outside of one."""

from __future__ import annotations

from foundation.ui.once import _begin as begin
from foundation.ui.once import _end as end
from foundation.ui.once import forget, kept, once


def looks():
    seen = []
    return seen, lambda: seen.append(1) or len(seen)


def test_within_a_request_it_is_found_once():
    seen, find = looks()
    begin()
    assert [once("x", find), once("x", find)] == [1, 1]
    end()
    assert len(seen) == 1


def test_the_next_request_looks_again():
    _seen, find = looks()
    for expected in (1, 2):
        begin()
        assert once("x", find) == expected
        end()


def test_outside_of_requests_nothing_is_kept():
    _seen, find = looks()
    assert [once("x", find), once("x", find)] == [1, 2]


def test_a_batch_of_work_keeps_what_it_found_until_its_end_and_leaves_a_request_its_own():
    _seen, find = looks()
    with kept():
        assert [once("x", find), once("x", find)] == [1, 1]
    assert once("x", find) == 2
    begin()
    assert once("x", find) == 3
    with kept():
        assert once("x", find) == 3
    assert once("x", find) == 3
    end()


def test_what_was_changed_within_the_request_is_found_again():
    _seen, find = looks()
    begin()
    once("x", find)
    forget("x")
    assert once("x", find) == 2
    end()


def test_pages_of_the_site_are_such_requests():
    from django.core.signals import request_finished, request_started

    assert "ui-once-begin" in {key[0] for key, *_rest in request_started.receivers}
    assert "ui-once-end" in {key[0] for key, *_rest in request_finished.receivers}
