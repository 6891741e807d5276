"""What is asked again and again is kept planned by the server, and answers as before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from foundation.accounts.models import User
from foundation.ui import server_plans
from foundation.ui.prepared import forget_all, prepared, prepared_count

OFTEN = server_plans.ASKED_BEFORE + 2


@pytest.fixture(autouse=True)
def _fresh(transactional_db: None) -> Any:
    """Each test begins on a connection that keeps nothing, and outside of a transaction as a page does."""
    forget_all()
    connection.close()
    yield
    forget_all()


def _kept() -> list[str]:
    """What this connection keeps, in the server's own words."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE name LIKE 'kontor%' ORDER BY prepare_time")
        return [text for (text,) in cursor.fetchall()]


@prepared
def among(pks: list[int], name: str) -> QuerySet[Group]:
    return Group.objects.filter(pk__in=pks).exclude(name=name).order_by("pk")


@prepared
def joined(since: dt.datetime, until: dt.date, name: str, *, limit: int) -> QuerySet[User]:
    found = User.objects.filter(date_joined__gt=since, date_joined__date__lte=until).exclude(email__contains="100%")
    return found.exclude(name=name).order_by("pk")[:limit]


@prepared
def everybody() -> QuerySet[User]:
    return User.objects.order_by("pk").select_related("team")


def _groups() -> list[Group]:
    return [Group.objects.create(name=name) for name in ("one", "100% 'two' \\", "three $1")]


def _each_time(ask: Callable[[], list[Any]]) -> list[Any]:
    answers = [ask() for _turn in range(OFTEN)]
    assert all(answer == answers[0] for answer in answers)
    return answers[0]


def test_what_a_connection_asks_often_is_kept_by_the_server_once() -> None:
    one, two, three = _groups()
    for _turn in range(server_plans.ASKED_BEFORE):
        assert among([one.pk, two.pk, three.pk], "one") == [two, three]
    assert _kept() == []
    for _turn in range(3):
        assert among([one.pk, two.pk, three.pk], "one") == [two, three]
    assert len(_kept()) == 1 and "auth_group" in _kept()[0]


def test_kept_statements_answer_each_time_for_the_values_of_that_time() -> None:
    one, two, three = _groups()
    pks = [one.pk, two.pk, three.pk]
    _each_time(lambda: among(pks, ""))
    assert len(_kept()) == 1
    assert among(pks, two.name) == [one, three]
    assert among(pks, three.name) == [one, two]
    assert among([three.pk, one.pk, one.pk], "") == [one, three]
    assert among([0, -1, 2**62], "") == []


def test_moments_days_and_texts_are_values_and_the_rest_is_written_out() -> None:
    people = [User.objects.create_user(email=f"p{n}@example.com", name=f"Person {n}") for n in range(3)]
    now = timezone.now()
    yesterday, today = now - dt.timedelta(days=1), now.date() + dt.timedelta(days=1)
    assert _each_time(lambda: joined(yesterday, today, "Person 0", limit=5)) == people[1:]
    assert joined(yesterday, today, "Person 2", limit=1) == people[:1]
    assert joined(now + dt.timedelta(days=1), today, "", limit=5) == []
    assert joined(yesterday, today - dt.timedelta(days=9), "", limit=5) == []
    assert "LIMIT 5" in _kept()[0] and "100" in _kept()[0]


def test_a_query_without_values_is_kept_as_well() -> None:
    person = User.objects.create_user(email="p@example.com", name="Person")
    assert _each_time(everybody) == [person]
    assert len(_kept()) == 1


def test_a_count_is_kept_as_well() -> None:
    @prepared_count
    def groups() -> QuerySet[Group]:
        return Group.objects.exclude(name="100%")

    before = groups()
    _groups()
    assert _each_time(lambda: [groups()]) == [before + 3]
    assert len(_kept()) == 1


def test_a_connection_keeps_only_so_many_and_lets_the_oldest_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_plans, "MOST_KEPT", 2)
    for count in (1, 2, 4):
        _each_time(lambda count=count: among(list(range(count)), ""))  # type: ignore[misc]
    assert len(_kept()) == 2
    assert _each_time(lambda: among([0], "")) == []


def test_another_connection_keeps_its_own() -> None:
    one, *_rest = _groups()
    _each_time(lambda: among([one.pk], ""))
    connection.close()
    assert _each_time(lambda: among([one.pk], "")) == [one]
    assert len(_kept()) == 1


def test_threads_that_take_turns_keep_each_their_own() -> None:
    statement = server_plans.Statement.named("SELECT %(number)s + 1", {"number": "bigint"})

    def ask() -> int:
        ((found,),) = server_plans.rows_of(connection, statement, (41,))  # `connection` is the one of each thread
        return int(found)

    def leave() -> int:
        connection.close()
        return 0

    with ThreadPoolExecutor(1) as other:
        assert [turn() for _time in range(OFTEN) for turn in (ask, lambda: other.submit(ask).result())] == [
            42
        ] * 2 * OFTEN
        assert len(_kept()) == 1
        other.submit(leave).result()


def test_a_session_that_lost_what_it_kept_is_asked_plainly() -> None:
    """As behind a pooler, or after a table got other columns."""
    one, *_rest = _groups()
    _each_time(lambda: among([one.pk], ""))
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert _each_time(lambda: among([one.pk], "")) == [one]
    assert _kept() == []


def test_within_a_transaction_the_loss_is_an_error_that_comes_only_once() -> None:
    one, *_rest = _groups()
    _each_time(lambda: among([one.pk], ""))
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    with pytest.raises(DatabaseError), transaction.atomic():
        among([one.pk], "")
    with transaction.atomic():
        assert among([one.pk], "") == [one]


def test_a_rollback_does_not_take_back_what_is_kept() -> None:
    one, *_rest = _groups()
    with transaction.atomic():
        _each_time(lambda: among([one.pk], ""))
        transaction.set_rollback(True)
    assert len(_kept()) == 1
    assert among([one.pk], "") == [one]


def test_nothing_is_kept_where_the_installation_says_so(settings: Any) -> None:
    settings.SERVER_PLANS = False
    one, *_rest = _groups()
    assert _each_time(lambda: among([one.pk], "")) == [one]
    assert _kept() == []


def test_who_reads_along_sees_the_whole_statement(django_assert_num_queries: Any) -> None:
    one, *_rest = _groups()
    _each_time(lambda: among([one.pk], ""))
    with django_assert_num_queries(1) as seen:
        among([one.pk], "")
    assert "auth_group" in seen.captured_queries[0]["sql"]


def test_what_is_kept_is_planned_once_for_all_values() -> None:
    one, two, _three = _groups()
    for turn in range(OFTEN + 6):
        assert among([one.pk, two.pk][: turn % 2 + 1], "") == [one, two][: turn % 2 + 1]
    with connection.cursor() as cursor:
        cursor.execute("SELECT custom_plans, generic_plans > 0 FROM pg_prepared_statements WHERE name LIKE 'kontor%'")
        assert cursor.fetchall() == [(0, True)] * 2


def test_what_was_kept_within_a_transaction_that_was_taken_back_is_planned_once_as_well() -> None:
    one, two, _three = _groups()
    with transaction.atomic():
        _each_time(lambda: among([one.pk], ""))
        transaction.set_rollback(True)
    _each_time(lambda: among([one.pk, two.pk], ""))
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone() == ("force_generic_plan",)
