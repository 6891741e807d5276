"""Tokens open one thing, for one purpose, while they are good."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from foundation.accounts import tokens
from foundation.accounts.models import AccessToken
from foundation.accounts.tokens_in_logs import RedactTokens
from foundation.journal.machine import Refused
from tests.accounts.factories import make_team

pytestmark = pytest.mark.django_db


def test_a_token_opens_its_subject_and_is_stored_only_as_a_digest():
    team = make_team()
    raw = tokens.issue("tracking", team, contact_key="contact:12")
    token = tokens.resolve("tracking", raw)
    assert token is not None
    assert (token.subject, token.contact_key) == (team, "contact:12")
    assert len(raw) == 43
    row = AccessToken.objects.values().get()
    assert raw not in str(row)


def test_every_token_is_another_one():
    team = make_team()
    assert len({tokens.issue("tracking", team) for _ in range(20)}) == 20


def test_a_token_of_another_purpose_opens_nothing():
    raw = tokens.issue("tracking", make_team())
    assert tokens.resolve("survey", raw) is None
    assert tokens.digest_of("survey", raw) != tokens.digest_of("tracking", raw)


@pytest.mark.parametrize(
    "raw", ["", "x", "a" * 42, "a" * 44, "a" * 43, "\0" * 43, "é" * 43, "../" * 20, "' or 1=1 --", None, 7]
)
def test_what_is_no_token_opens_nothing(raw):
    tokens.issue("tracking", make_team())
    assert tokens.resolve("tracking", raw) is None


def test_no_mutation_of_a_token_opens_anything():
    raw = tokens.issue("tracking", make_team())
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    mutants = {raw[:i] + c + raw[i + 1 :] for i in range(0, 43, 3) for c in alphabet} - {raw}
    assert [one for one in mutants if tokens.resolve("tracking", one)] == []


def test_an_expired_a_revoked_and_a_used_token_answer_like_an_unknown_one():
    team = make_team()
    expired = tokens.issue("survey", team, days=1)
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1)):
        assert tokens.resolve("survey", expired) is None
    used = tokens.issue("survey", team, single_use=True)
    tokens.consume(tokens.resolve("survey", used))
    assert tokens.resolve("survey", used) is None
    revoked = tokens.issue("survey", team)
    assert tokens.revoke("survey", team) == 3
    assert tokens.resolve("survey", revoked) is None


def test_revoking_touches_neither_other_purposes_nor_other_subjects():
    team, other = make_team(), make_team()
    kept = [("tracking", tokens.issue("tracking", team)), ("survey", tokens.issue("survey", other))]
    tokens.issue("survey", team)
    assert tokens.revoke("survey", team) == 1
    assert all(tokens.resolve(purpose, raw) for purpose, raw in kept)


def test_a_token_that_may_be_used_often_stays_good():
    raw = tokens.issue("tracking", make_team())
    for _ in range(2):
        tokens.consume(tokens.resolve("tracking", raw))
    assert tokens.resolve("tracking", raw) is not None


def test_a_used_token_is_refused_and_keeps_its_first_time():
    raw = tokens.issue("survey", make_team(), single_use=True)
    token = tokens.resolve("survey", raw)
    tokens.consume(token)
    first = AccessToken.objects.get().used_at
    with pytest.raises(Refused):
        tokens.consume(token)
    assert AccessToken.objects.get().used_at == first


def test_a_deed_that_fails_gives_the_token_back():
    raw = tokens.issue("survey", make_team(), single_use=True)
    with pytest.raises(RuntimeError), transaction.atomic():
        tokens.consume(tokens.resolve("survey", raw))
        raise RuntimeError
    assert tokens.resolve("survey", raw) is not None


def test_resolving_costs_one_query(django_assert_num_queries):
    raw = tokens.issue("tracking", make_team())
    with django_assert_num_queries(1):
        tokens.resolve("tracking", raw)


@pytest.mark.django_db(transaction=True)
def test_of_simultaneous_uses_exactly_one_passes():
    raw = tokens.issue("survey", make_team(), single_use=True)
    passed, refused = [], []
    barrier = threading.Barrier(8)

    def use() -> None:
        token = tokens.resolve("survey", raw)
        barrier.wait()
        try:
            with transaction.atomic():
                tokens.consume(token)
            passed.append(1)
        except Refused:
            refused.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (len(passed), len(refused)) == (1, 7)


def test_logs_show_no_token():
    raw = tokens.issue("tracking", make_team())
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 1, "Not Found: %s", (f"/p/tracking/{raw}/",), None
    )
    assert RedactTokens().filter(record)
    assert record.getMessage() == "Not Found: /p/tracking/[token]/"
