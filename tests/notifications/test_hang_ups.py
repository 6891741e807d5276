"""A mail server that hangs up at one message does not stop the channel; one that hangs up at all of them is down."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from foundation.notifications.delivery import STRIKES, deliver_due
from foundation.notifications.models import InboxItem, Message
from tests.accounts.factories import make_user
from tests.notifications.sinks import MailSink

pytestmark = pytest.mark.django_db
CUT = "cut@example.com"


def again() -> int:
    """The waiting is over for all."""
    Message.objects.filter(state="queued").update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    return deliver_due()


def states() -> Counter[tuple[str, int]]:
    return Counter(Message.objects.values_list("state", "strikes"))


@pytest.fixture
def touchy(mail: MailSink) -> MailSink:
    """A server that hangs up when it hears of one recipient."""
    mail.hangs_up_at = {CUT}
    return mail


@pytest.mark.parametrize("place", [0, 5, 9])
def test_the_others_of_its_batch_are_sent_at_once(waiting: Any, touchy: MailSink, place: int) -> None:
    for number in range(10):
        waiting(CUT if number == place else f"person{number}@example.com")
    assert deliver_due() == 9
    assert states() == {("sent", 0): 9, ("queued", 0 if place == 9 else 1): 1}


def test_what_breaks_every_connection_is_set_aside_after_five_tries(waiting: Any, touchy: MailSink) -> None:
    administrator = make_user("Ada", role="administrator")
    cut = waiting(CUT)
    for turn in range(STRIKES + 2):
        waiting(f"person{turn}@example.com")
        assert again() == 1
    cut.refresh_from_db()
    assert (cut.state, cut.attempts) == ("failed", STRIKES)
    assert "closed" in cut.last_error
    assert list(InboxItem.objects.values_list("user", "topic")) == [(administrator.pk, f"message:{cut.pk}")]


def test_alone_in_its_batch_it_is_judged_by_what_has_passed_since(waiting: Any, touchy: MailSink) -> None:
    cut = waiting(CUT)
    for _turn in range(STRIKES + 2):
        assert again() == 0
    cut.refresh_from_db()
    assert (cut.state, cut.strikes) == ("queued", 0)  # perhaps the server does so with everybody
    for turn in range(STRIKES):
        Message.objects.filter(pk=cut.pk, state="queued").update(next_attempt_at=timezone.now() + timedelta(hours=1))
        waiting(f"person{turn}@example.com")
        assert deliver_due() == 1
        assert again() == 0
    cut.refresh_from_db()
    assert cut.state == "failed"


def test_a_server_that_hangs_up_at_every_message_is_down(waiting: Any, mail: MailSink) -> None:
    people = [f"person{number}@example.com" for number in range(6)]
    mail.hangs_up_at = set(people)
    for person in people:
        waiting(person)
    for _turn in range(STRIKES + 2):
        assert again() == 0
    assert mail.connections <= 2 * (STRIKES + 2)
    assert states() == {("queued", 0): 6}
    mail.hangs_up_at = set()
    assert again() == 6


def test_a_server_that_closes_with_a_reason_is_taken_the_same_way(waiting: Any, mail: MailSink) -> None:
    mail.answers[CUT] = "421 Closing"
    waiting(CUT)
    waiting()
    assert deliver_due() == 1
    assert states() == {("sent", 0): 1, ("queued", 1): 1}


def test_a_server_that_refuses_our_sign_in_stops_all(waiting: Any, mail: MailSink) -> None:
    mail.answers[CUT] = "530 Sign in first"
    waiting(CUT)
    waiting()
    assert deliver_due() == 0
    assert states() == {("queued", 0): 2}
