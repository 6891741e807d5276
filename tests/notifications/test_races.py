"""Several workers at once, on the real database and with a real mail server."""

from __future__ import annotations

import random
import threading
from collections import Counter
from typing import Any

import pytest
from django.db import connection, transaction

from foundation.accounts.models import Team
from foundation.journal.services import record
from foundation.notifications.delivery import claim, deliver_due
from foundation.notifications.models import Message
from tests.notifications.sinks import MailSink

pytestmark = pytest.mark.django_db(transaction=True)


def together(work: Any, threads: int) -> list[Any]:
    """Run `work()` in several threads that start at once; returns what they returned."""
    barrier, results = threading.Barrier(threads), []

    def run() -> None:
        try:
            barrier.wait(10)
            results.append(work())
        finally:
            connection.close()

    started = [threading.Thread(target=run) for _ in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join(60)
    assert len(results) == threads
    return results


def test_four_workers_send_each_of_a_hundred_messages_once(waiting: Any, mail: MailSink) -> None:
    for number in range(100):
        waiting(f"person{number}@example.com")
    counts = together(lambda: deliver_due(batch=7), 4)
    assert sum(counts) == 100
    assert set(Counter(mail.ids).values()) == {1}
    assert len(mail.ids) == 100
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_two_workers_never_claim_the_same_row(waiting: Any) -> None:
    for number in range(40):
        waiting(f"person{number}@example.com")
    claims = together(lambda: [row.pk for row in claim("email", 10)], 4)
    taken = [pk for one in claims for pk in one]
    assert len(taken) == len(set(taken)) == 40


def test_of_a_hundred_changes_half_are_rolled_back_and_half_are_told(crate: Any, add_rule: Any, mail: MailSink) -> None:
    add_rule()
    chance = random.Random(7)
    kept = 0
    for number in range(100):
        keep = chance.random() < 0.5
        try:
            with transaction.atomic():
                record("crate.packed", crate, facts={"n": number})
                if not keep:
                    raise RuntimeError
        except RuntimeError:
            continue
        kept += 1
    assert Message.objects.count() == kept
    assert deliver_due() == kept == len(mail.mails)


def test_the_bell_rings_once_after_the_commit_and_never_after_a_rollback(
    crate: Any, add_rule: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from foundation.notifications import outbox, tasks

    rung: list[int] = []
    assert tasks.deliver.name == outbox.BELL
    monkeypatch.setattr(outbox.current_app, "send_task", lambda name, **options: rung.append(Message.objects.count()))
    add_rule()
    with transaction.atomic():
        record("crate.packed", crate)
        record("crate.packed", crate)
        assert rung == []
    assert rung == [2]
    with pytest.raises(RuntimeError), transaction.atomic():
        record("crate.packed", crate)
        raise RuntimeError
    assert rung == [2]


def test_a_broker_that_is_away_does_not_disturb_the_change(
    crate: Any, add_rule: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from foundation.notifications import outbox

    def refuse(name: str, **options: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(outbox, "_silent_until", 0.0)
    monkeypatch.setattr(outbox.current_app, "send_task", refuse)
    add_rule()
    record("crate.packed", crate)
    assert Message.objects.get().state == "queued"


def test_a_bell_on_its_way_is_not_rung_again_until_its_run_begins(
    crate: Any, add_rule: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from foundation.notifications import outbox, tasks

    rung: list[int] = []
    monkeypatch.setattr(outbox.current_app, "send_task", lambda name, **options: rung.append(Message.objects.count()))
    add_rule()
    record("crate.packed", crate)
    record("crate.packed", crate)
    assert rung == [1]
    tasks.deliver()
    assert not Message.objects.filter(state="queued").exists()
    record("crate.packed", crate)
    assert rung == [1, 3]


def test_a_bell_that_could_not_be_rung_does_not_silence_the_next(
    crate: Any, add_rule: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from foundation.notifications import outbox

    rung: list[str] = []

    def refuse(name: str, **options: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(outbox, "_silent_until", 0.0)
    monkeypatch.setattr(outbox.current_app, "send_task", refuse)
    add_rule()
    record("crate.packed", crate)
    monkeypatch.setattr(outbox, "_silent_until", 0.0)
    monkeypatch.setattr(outbox.current_app, "send_task", lambda name, **options: rung.append(name))
    record("crate.packed", crate)
    assert rung == [outbox.BELL]


@pytest.mark.django_db(transaction=True)
def test_two_workers_cannot_both_take_the_last_place_of_the_week() -> None:
    from foundation.notifications import compose
    from foundation.notifications.manners.defaults import load_manners
    from foundation.notifications.manners.frequency import take_turn
    from foundation.notifications.models import MarketingLimit

    load_manners()
    MarketingLimit.objects.get().delete()
    MarketingLimit.objects.create(pk=1, most=1)
    team = Team.objects.create(name="Oak floor")
    rows = [
        Message.objects.create(
            **compose.about(team, 7), kind="news", channel="email", body=f"Text {number}", recipient_key="contact:1"
        )
        for number in range(2)
    ]
    start, answers = threading.Barrier(2), []

    def work(row: Message) -> None:
        try:
            start.wait(5)
            answers.append(take_turn(row))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[row]) for row in rows]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert sorted(answers) == ["", "too many"]
