"""What a dead worker had claimed is free at once; only the message that it had begun is looked at askance."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from foundation.notifications import delivery
from foundation.notifications.delivery import claim, deliver_due
from foundation.notifications.models import InboxItem, Message
from foundation.notifications.selectors import explain
from tests.accounts.factories import make_user
from tests.notifications.sinks import MailSink
from tests.notifications.test_kill import started

pytestmark = pytest.mark.django_db(transaction=True)
# A worker that the operating system ends whenever it touches one certain message.
DIES = """
import os, signal, django
django.setup()
from foundation.notifications import delivery
from foundation.notifications.channels import email
build = email.letter
def letter(message, connection):
    if message.to_address == "deadly@example.com":
        os.kill(os.getpid(), signal.SIGKILL)
    return build(message, connection)
email.letter = letter
delivery.deliver_due(seconds=20, batch=10)
"""


def worker() -> subprocess.Popen[bytes]:
    return started("-c", DIES)


def let_wait(seconds: float = -1) -> None:
    """Let the queued ones be due so many seconds from now."""
    Message.objects.filter(state="queued").update(next_attempt_at=timezone.now() + timedelta(seconds=seconds))


@pytest.mark.slow
def test_a_message_that_kills_workers_holds_nothing_up_and_is_set_aside_after_the_third(
    waiting: Any, mail: MailSink
) -> None:
    administrator = make_user("Ada", role="administrator")
    deadly = waiting("deadly@example.com")
    for number in range(25):
        waiting(f"person{number}@example.com")
    assert worker().wait(60) == -signal.SIGKILL
    assert not mail.ids
    assert worker().wait(60) == 0  # the lease of the dead one runs for minutes, and nobody waits for it
    assert len(mail.ids) == len(set(mail.ids)) == 25
    deadly.refresh_from_db()
    assert (deadly.state, deadly.strikes) == ("queued", 2)
    assert 0 < (deadly.next_attempt_at - timezone.now()).total_seconds() <= 10
    assert set(Message.objects.exclude(pk=deadly.pk).values_list("attempts", "strikes")) == {(1, 0)}
    deaths = 1
    for _run in range(6):
        let_wait()
        deaths += worker().wait(60) == -signal.SIGKILL
    assert deaths == 3
    deadly.refresh_from_db()
    assert deadly.state == "failed"
    assert explain(deadly) == "The program that sends stopped in the middle of this message."
    assert list(InboxItem.objects.values_list("user", "topic")) == [(administrator.pk, f"message:{deadly.pk}")]


def test_a_worker_that_lives_keeps_what_it_claimed_until_its_connection_ends(waiting: Any, mail: MailSink) -> None:
    for number in range(3):
        waiting(f"person{number}@example.com")
    claimed, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        claim("email")
        claimed.set()
        may_end.wait(30)
        connection.close()  # as when the process ends

    other = threading.Thread(target=hold)
    other.start()
    assert claimed.wait(30)
    assert deliver_due() == 0
    assert Counter(Message.objects.values_list("state", flat=True)) == {"sending": 3}
    may_end.set()
    other.join(30)
    assert deliver_due() == 2
    assert Counter(Message.objects.values_list("state", "strikes", "attempts")) == {
        ("sent", 0, 1): 2,
        ("queued", 2, 1): 1,
    }
    let_wait()
    assert deliver_due() == 1


def test_a_worker_that_hangs_beyond_its_lease_keeps_nothing(waiting: Any, mail: MailSink) -> None:
    for number in range(3):
        waiting(f"person{number}@example.com")
    claimed, may_end, marked = threading.Event(), threading.Event(), []

    def hang() -> None:
        rows = claim("email")
        claimed.set()
        may_end.wait(30)
        marked.extend(delivery.mark(row, "sent") for row in rows)
        connection.close()

    other = threading.Thread(target=hang)
    other.start()
    assert claimed.wait(30)
    Message.objects.filter(state="sending").update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    assert deliver_due() == 2
    may_end.set()
    other.join(30)
    assert marked == [False] * 3
    let_wait()
    assert deliver_due() == 1
    assert len(mail.ids) == len(set(mail.ids)) == 3


def test_behind_a_pooler_that_changes_sessions_only_the_lease_counts(
    waiting: Any, mail: MailSink, settings: Any
) -> None:
    settings.SERVER_PLANS = False
    waiting()
    thread = threading.Thread(target=lambda: (claim("email"), connection.close()))
    thread.start()
    thread.join(30)
    assert deliver_due() == 0
    assert Message.objects.get().state == "sending"
    Message.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    assert deliver_due() == 0
    let_wait()
    assert deliver_due() == 1


def test_an_error_in_the_middle_of_a_run_frees_what_it_had_claimed(
    waiting: Any, mail: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        waiting(f"person{number}@example.com")

    def fail(*args: Any, **columns: Any) -> None:
        raise RuntimeError("the database went away")

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "mark", fail)
        with pytest.raises(RuntimeError):
            deliver_due()
    assert deliver_due() == 2
    let_wait()
    assert deliver_due() == 1
    assert Counter(Counter(mail.ids).values()) == {2: 1, 1: 2}
