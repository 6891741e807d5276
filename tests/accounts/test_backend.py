"""Rights are read in one query, and are exactly those that Django itself would find."""

from __future__ import annotations

import pytest
from django.contrib.auth.backends import ModelBackend

from foundation.accounts.models import User
from foundation.accounts.roles import load_roles
from tests.accounts.factories import make_user

pytestmark = pytest.mark.django_db


def test_rights_of_the_person_and_of_the_roles_come_in_one_query(django_assert_num_queries):
    load_roles()
    person = User.objects.get(pk=make_user("Ada", role="sales", permissions=("crm.assign_inquiry",)).pk)
    with django_assert_num_queries(1):
        assert person.has_perm("crm.assign_inquiry")
        assert person.has_perm("crm.answer_inquiry")
        assert not person.has_perm("crm.view_all_customers")
    assert person.get_all_permissions() == ModelBackend().get_all_permissions(User.objects.get(pk=person.pk))


def test_somebody_who_has_left_may_do_nothing_and_an_administrator_everything():
    gone = make_user("Gone", permissions=("crm.view_customer",), is_active=False)
    assert not gone.has_perm("crm.view_customer")
    assert make_user("Root", is_superuser=True).has_perm("crm.view_customer")


def test_a_right_taken_away_is_gone_on_the_next_request():
    person = make_user("Ada", permissions=("crm.view_customer",))
    assert User.objects.get(pk=person.pk).has_perm("crm.view_customer")
    person.user_permissions.clear()
    assert not User.objects.get(pk=person.pk).has_perm("crm.view_customer")
