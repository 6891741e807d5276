"""What a round of the system told is written down with it and put into words by a worker: nothing lost, nothing twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from foundation.accounts.models import Team
from foundation.journal.models import Event
from foundation.journal.rounds import record_found
from foundation.notifications import following
from foundation.notifications.delivery import deliver_due
from foundation.notifications.models import InboxItem, Message, PendingEvent, Rule
from foundation.notifications.wording import word_pending
from tests.notifications.conftest import add_template

SOURCE = """
SELECT %(code)s AS code, %(type)s::int AS content_type_id, team.id AS object_id, NULL::bigint AS customer_id,
  now() AS occurred_at, '{"weight": "5 kg"}'::jsonb AS facts
FROM team ORDER BY team.id
"""
BEFORE = "team AS (SELECT * FROM unnest(%(teams)s::bigint[]) AS team (id))"
ALWAYS = 1e12


def tell(*teams: Team, code: str = "crate.packed") -> list[Event]:
    """A round that finds these crates packed."""
    values = {"code": code, "type": ContentType.objects.get_for_model(Team).pk, "teams": [team.pk for team in teams]}
    count = record_found(SOURCE, values, codes=[code], before=BEFORE, beside="nothing AS (SELECT 1)")
    told = list(Event.objects.filter(object_id__in=values["teams"]).order_by("-pk")[: len(teams)])
    assert count == len(told)
    return told


def crates(number: int, name: str = "c") -> list[Team]:
    return [Team.objects.create(name=f"{name}-{n}") for n in range(number)]


def test_a_round_waits_for_words_and_gets_them_once(crate: Any, add_rule: Any) -> None:
    add_rule(channels=["email", "inbox"])
    add_rule("owner_too", audience="owner", channels=["inbox"], template_key="crate_packed")
    (told,) = tell(crate)
    assert Event.objects.get(pk=told.pk).facts == {"weight": "5 kg"}
    assert PendingEvent.objects.get().event_id == told.pk
    assert not Message.objects.exists() and not InboxItem.objects.exists()
    assert word_pending(until=ALWAYS) == 1
    message, item = Message.objects.get(), InboxItem.objects.get()
    assert (message.event_id, message.subject_line, message.language) == (told.pk, "Kiste Oak floor", "de")
    assert (item.event_id, item.text) == (told.pk, "货箱 Oak floor")
    assert not PendingEvent.objects.exists()
    PendingEvent.objects.create(event_id=told.pk)  # a worker that died after the words, before the deletion
    assert word_pending(until=ALWAYS) == 1
    assert (Message.objects.get(), InboxItem.objects.get()) == (message, item)


def test_an_event_that_no_rule_wants_waits_for_nobody(crate: Any, add_rule: Any) -> None:
    add_rule(is_active=False)
    tell(crate)
    assert Event.objects.count() == 1
    assert not PendingEvent.objects.exists()


def test_a_round_that_is_rolled_back_leaves_nothing_to_word(crate: Any, add_rule: Any) -> None:
    add_rule()
    with pytest.raises(RuntimeError), transaction.atomic():
        tell(crate)
        raise RuntimeError
    assert not PendingEvent.objects.exists() and not Event.objects.exists()


def test_a_record_that_is_gone_is_passed_over(crate: Any, add_rule: Any) -> None:
    add_rule()
    lost = Team.objects.create(name="lost")
    tell(lost, crate)
    lost.delete()
    assert word_pending(until=ALWAYS) == 2
    assert Message.objects.get().object_id == crate.pk
    assert not PendingEvent.objects.exists()


def test_a_broken_rule_raises_an_alert_and_the_others_speak(crate: Any, add_rule: Any) -> None:
    add_rule()
    add_template("other")
    Rule.objects.create(key="broken", event="crate.packed", audience="nobody", template_key="other")
    tell(*crates(3))
    assert word_pending(until=ALWAYS) == 3
    assert Message.objects.count() == 3
    assert not PendingEvent.objects.exists()


def test_an_event_that_cannot_be_worded_waits_and_lets_the_others_pass(
    crate: Any, add_rule: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_rule()
    poison, *others = crates(3)
    tell(poison, *others)
    real = following.on_events

    def stumble(told: Any) -> None:
        if any(subject == poison for _event, subject in told):
            raise RuntimeError("no words")
        real(told)

    monkeypatch.setattr(following, "on_events", stumble)
    word_pending(until=ALWAYS)
    assert {message.object_id for message in Message.objects.all()} == {team.pk for team in others}
    left = PendingEvent.objects.get()
    assert left.attempts == 1
    assert word_pending(until=ALWAYS) == 0  # it is not its turn again yet
    monkeypatch.setattr(following, "on_events", real)
    PendingEvent.objects.update(next_attempt_at="2026-01-01T00:00Z")
    assert word_pending(until=ALWAYS) == 1
    assert Message.objects.count() == 3


def test_the_workers_run_words_before_it_sends(crate: Any, add_rule: Any, mail: Any) -> None:
    add_rule()
    tell(crate)
    assert deliver_due() == 1
    assert [letter["Subject"] for letter in mail.mails] == ["Kiste Oak floor"]


def test_telling_and_wording_cost_the_same_number_of_queries_for_2_and_for_20(crate: Any, add_rule: Any) -> None:
    add_rule()
    tell(crate)  # kinds of records and rules are read once per process
    word_pending(until=ALWAYS)
    counts = []
    for size in (2, 20):
        teams = crates(size, f"q{size}")
        with CaptureQueriesContext(connection) as telling:
            tell(*teams)
        with CaptureQueriesContext(connection) as wording:
            assert word_pending(until=ALWAYS) == size
        counts.append((len(telling), len(wording)))
    assert counts[0] == counts[1]
    assert counts[1][0] <= 6 and counts[1][1] <= 16


def test_a_code_that_nobody_registered_is_refused_and_nothing_is_written(crate: Any) -> None:
    with pytest.raises(LookupError):
        tell(crate, code="crate.eaten")
    assert not Event.objects.exists()
