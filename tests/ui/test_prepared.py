"""Queries whose SQL is kept find what the plain ones find."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db.models import QuerySet
from django.utils import timezone

from foundation.accounts.models import User
from foundation.ui.prepared import forget_all, prepared

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> Any:
    forget_all()
    yield
    forget_all()


def _somebody() -> User:
    return User.objects.create_user(email="somebody@example.com", name="Somebody")


@prepared
def named(pk: int | None) -> QuerySet[Group]:
    return Group.objects.filter(pk=pk)


@prepared
def among(pks: list[int]) -> QuerySet[Group]:
    return Group.objects.filter(pk__in=pks).order_by("pk")


@prepared
def rights(pk: int) -> QuerySet[Permission]:
    return Permission.objects.filter(pk=pk).select_related("content_type").only("codename", "content_type__model")


@prepared
def joined_since(moment: dt.datetime) -> QuerySet[User]:
    return User.objects.filter(date_joined__gt=moment).only("name")


def test_each_call_fills_in_its_own_values(django_assert_num_queries: Any) -> None:
    first, second = Group.objects.create(name="first"), Group.objects.create(name="second")
    with django_assert_num_queries(3):
        assert named(first.pk) == [first]
        assert named(second.pk) == [second]
        assert named(0) == []


def test_values_that_no_place_is_kept_for_are_asked_plainly() -> None:
    group = Group.objects.create(name="one")
    assert named(None) == [] and named(2**70) == [] and among([]) == []
    assert named(group.pk) == [group]


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 70])
def test_lists_of_any_length_find_each_record_once(count: int) -> None:
    groups = [Group.objects.create(name=f"group {i}") for i in range(count)]
    assert among([group.pk for group in groups]) == groups


def test_joined_records_come_along_and_what_was_left_out_is_read_when_asked(django_assert_num_queries: Any) -> None:
    expected = Permission.objects.select_related("content_type").first()
    assert expected is not None
    for _again in range(2):
        with django_assert_num_queries(1):
            (found,) = rights(expected.pk)
            assert found.content_type.model == expected.content_type.model
        with django_assert_num_queries(1):
            assert found.name == expected.name


def test_moments_are_values_too() -> None:
    user, now = _somebody(), timezone.now()
    assert user in joined_since(now - dt.timedelta(days=1))
    assert joined_since(now + dt.timedelta(days=1)) == []


def test_what_is_built_for_one_person_is_not_used_for_another_with_other_rights() -> None:
    @prepared
    def seen(*, user: Any) -> QuerySet[Group]:
        return Group.objects.all() if user.has_perm("auth.view_group") else Group.objects.none()

    Group.objects.create(name="secret")
    user = _somebody()
    assert seen(user=user) == []
    user.user_permissions.add(Permission.objects.get(codename="view_group"))
    allowed = User.objects.get(pk=user.pk)
    assert [group.name for group in seen(user=allowed)].count("secret") == 1
    user.user_permissions.clear()
    assert seen(user=User.objects.get(pk=user.pk)) == []


def test_a_value_that_does_not_reach_the_sql_is_a_mistake_of_the_author() -> None:
    @prepared
    def first(count: int) -> QuerySet[Group]:
        return Group.objects.all()[:count]

    with pytest.raises(ValueError, match="as a parameter"):
        first(3)


@prepared
def called(name: str) -> QuerySet[Group]:
    return Group.objects.filter(name=name)


@prepared
def called_somehow(name: str) -> QuerySet[Group]:
    return Group.objects.filter(name__icontains=name)


def test_texts_are_values_too_and_only_where_they_reach_the_sql_as_they_are() -> None:
    naughty = "100% 'quoted' \\ 锦绣"
    one, two = (Group.objects.create(name=name) for name in ("one", naughty))
    assert called("one") == [one]
    assert called(naughty) == [two]
    assert called("") == []
    with pytest.raises(ValueError, match="must reach the SQL"):
        called_somehow("one")
