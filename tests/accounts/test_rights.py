"""Rights are remembered, and a change counts with the next request."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.db import transaction

from foundation.accounts import rights
from foundation.accounts.models import User
from tests.accounts.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    rights._known.clear()
    yield
    rights._known.clear()


@pytest.fixture
def clerk() -> User:
    group = Group.objects.create(name="desk")
    user = make_user("Chen Wei")
    user.groups.add(group)
    return user


def may(user: User) -> bool:
    return User.objects.get(pk=user.pk).has_perm("accounts.view_user")


def permission() -> Permission:
    return Permission.objects.get(content_type__app_label="accounts", codename="view_user")


def test_rights_are_read_once_for_many_requests(clerk, django_assert_num_queries):
    may(clerk)
    with django_assert_num_queries(1):  # the person
        assert not may(clerk)


def test_a_right_given_to_the_role_or_the_person_counts_at_once(clerk):
    assert not may(clerk)
    Group.objects.get(name="desk").permissions.add(permission())
    assert may(clerk)
    Group.objects.get(name="desk").permissions.clear()
    assert not may(clerk)
    clerk.user_permissions.add(permission())
    assert may(clerk)
    clerk.user_permissions.clear()
    assert not may(clerk)


def test_a_role_that_is_taken_away_or_deleted_counts_at_once(clerk):
    group = Group.objects.get(name="desk")
    group.permissions.add(permission())
    assert may(clerk)
    clerk.groups.remove(group)
    assert not may(clerk)
    clerk.groups.add(group)
    assert may(clerk)
    group.delete()
    assert not may(clerk)


def test_another_process_notices_by_the_stamp(clerk):
    assert not may(clerk)
    known = dict(rights._known)
    clerk.user_permissions.add(permission())
    rights._known.update(known)  # what another process still knows
    assert may(clerk)


def test_a_change_that_is_rolled_back_leaves_nothing(clerk):
    assert not may(clerk)
    with pytest.raises(RuntimeError), transaction.atomic():
        clerk.user_permissions.add(permission())
        assert may(clerk)
        raise RuntimeError
    assert not may(clerk)


def test_without_the_cache_rights_come_from_the_database(clerk, monkeypatch):
    assert not may(clerk)

    def away(*_args: object, **_kwargs: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(cache, "get", away)
    monkeypatch.setattr(cache, "set", away)
    clerk.user_permissions.add(permission())
    assert may(clerk)
