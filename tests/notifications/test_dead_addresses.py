"""Addresses that send messages back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from foundation.accounts.models import Team
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.notifications.models import DeadAddress, Message
from foundation.notifications.services.addresses import mark_bounced, mark_reached, try_again
from tests.accounts.factories import make_user

ADDRESS = "anna@example.com"


def test_one_lasting_refusal_holds_the_address_back_and_is_an_event(waiting: Callable[..., Message]) -> None:
    message = waiting()
    row = mark_bounced("email", "Anna@Example.com ", permanent=True, reason="550 no such user", message=message)
    assert row is not None and row.is_dead and row.address == ADDRESS
    event = Event.objects.get(code="address.bounced")
    assert event.facts["message"] == message.pk and ADDRESS not in str(event.facts)


@pytest.mark.django_db
def test_three_passing_refusals_in_a_row_hold_it_back_and_two_do_not() -> None:
    for _time in range(2):
        row = mark_bounced("email", ADDRESS, permanent=False, reason="452 mailbox full")
    assert row is not None and not row.is_dead
    row = mark_bounced("email", ADDRESS, permanent=False, reason="452 mailbox full")
    assert row is not None and row.is_dead


@pytest.mark.django_db
def test_a_message_that_arrives_in_between_breaks_the_row() -> None:
    for _time in range(2):
        mark_bounced("email", ADDRESS, permanent=False, reason="full")
    mark_reached("email", ADDRESS)
    row = mark_bounced("email", ADDRESS, permanent=False, reason="full")
    assert row is not None and (row.soft_count, row.is_dead) == (1, False)


@pytest.mark.django_db
def test_refusals_far_apart_are_no_row() -> None:
    for _time in range(2):
        mark_bounced("email", ADDRESS, permanent=False, reason="full")
    DeadAddress.objects.update(bounced_at=timezone.now() - timedelta(days=40))
    row = mark_bounced("email", ADDRESS, permanent=False, reason="full")
    assert row is not None and row.soft_count == 1


def test_the_same_message_reported_twice_counts_once(waiting: Callable[..., Message]) -> None:
    message = waiting()
    for _time in range(4):
        row = mark_bounced("email", ADDRESS, permanent=False, reason="full", message=message)
    assert row is not None and (row.soft_count, row.is_dead) == (1, False)
    for _time in range(2):
        row = mark_bounced("email", ADDRESS, permanent=True, reason="gone", message=message)
    assert row is not None and (row.hard_count, row.is_dead) == (1, True)


def test_a_person_tries_it_again_and_a_new_refusal_counts_anew(crate: Team) -> None:
    chen = make_user("Mo Chen")
    mark_bounced("email", ADDRESS, permanent=True, reason="gone")
    row = try_again("email", ADDRESS, actor=chen, subject=crate)
    assert not row.is_dead and Event.objects.get(code="address.tried_again").actor == chen
    with pytest.raises(Refused):
        try_again("email", ADDRESS, actor=chen, subject=crate)
    again = mark_bounced("email", ADDRESS, permanent=True, reason="gone")
    assert again is not None and again.is_dead and again.lifted_by is None


@pytest.mark.django_db
def test_nothing_is_kept_of_an_empty_address() -> None:
    assert mark_bounced("email", "  ", permanent=True, reason="?") is None
    assert not DeadAddress.objects.exists()
