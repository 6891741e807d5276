"""A value is looked up once for each request, and afresh outside of one."""

from __future__ import annotations

from django.core.signals import request_finished, request_started

from foundation.ui.once import forget, once


def looks():
    seen = []
    return seen, lambda: seen.append(1) or len(seen)


def test_within_a_request_it_is_found_once():
    seen, find = looks()
    request_started.send(None)
    assert [once("x", find), once("x", find)] == [1, 1]
    request_finished.send(None)
    assert len(seen) == 1


def test_the_next_request_looks_again():
    _seen, find = looks()
    for expected in (1, 2):
        request_started.send(None)
        assert once("x", find) == expected
        request_finished.send(None)


def test_outside_of_requests_nothing_is_kept():
    _seen, find = looks()
    assert [once("x", find), once("x", find)] == [1, 2]


def test_what_was_changed_within_the_request_is_found_again():
    _seen, find = looks()
    request_started.send(None)
    once("x", find)
    forget("x")
    assert once("x", find) == 2
    request_finished.send(None)
