"""Several questions in one statement are answered as each by itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Value
from django.db.models.functions import JSONObject
from django.utils import timezone

from catalog.models import Price
from crm.models import Customer
from foundation.accounts.models import User
from foundation.journal.models import Event
from foundation.ui.ahead import ask_together, wish
from foundation.ui.once import kept
from foundation.ui.prepared import forget_all, prepared, prepared_count
from tests.catalog.factories import make_floor, make_price, prepare
from tests.crm.factories import make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> Any:
    forget_all()
    yield
    forget_all()


@prepared
def people(since: dt.datetime) -> QuerySet[User]:
    return User.objects.filter(date_joined__gt=since).order_by("-pk")


@prepared
def customers(pks: list[int]) -> QuerySet[Customer]:
    return Customer.objects.filter(pk__in=pks).select_related("owner").annotate(upper=Value("x")).order_by("name")


@prepared
def events(code: str) -> QuerySet[Event]:
    return Event.objects.filter(code=code).only("facts", "occurred_at")


@prepared
def owned(pk: int) -> QuerySet[User]:
    theirs = Customer.objects.filter(owner=OuterRef("pk")).order_by("pk")
    said = JSONObject(name="name", since="next_step_on")
    return User.objects.filter(pk=pk).annotate(
        keys=ArraySubquery(theirs.values("pk")), words=ArraySubquery(theirs.values(said=said))
    )


@prepared
def prices(pk: int) -> QuerySet[Price]:
    return Price.objects.filter(pk=pk).select_related("price_list", "unit")


@prepared
def lasting(pk: int) -> QuerySet[Group]:
    return Group.objects.filter(pk=pk).annotate(while_=Value(dt.timedelta(days=1)))


@prepared_count
def groups() -> QuerySet[Group]:
    return Group.objects.all()


def _said(row: Any) -> dict[str, Any]:
    related = {name: _said(one) for name, one in row._state.fields_cache.items() if one is not None}
    return {**{key: value for key, value in row.__dict__.items() if key != "_state"}, **related}


def test_the_answers_are_those_of_the_queries_one_by_one(django_assert_num_queries: Any) -> None:
    prepare()
    owner = User.objects.create_user(email="a@example.com", name='Ünä "quoted" \\ 中文\nline')
    first = make_customer("Bär & <b>", owner=owner, next_step_on=dt.date(2026, 2, 28), next_step="x")
    second = make_customer("Zoo", country="CN", language="zh-hans")
    price = make_price(make_floor(price=None), "7.8500")
    Group.objects.create(name="one")
    since = timezone.now() - dt.timedelta(days=1)
    asked = [
        (people, (since,)), (customers, ([second.pk, first.pk],)), (events, ("customer.created",)), (prices, (price.pk,)),
        (customers, ([0],)), (events, ("no.such",)), (groups, ()), (owned, (owner.pk,)), (owned, (0,)),
    ]  # fmt: skip
    plain = [ask(*values) for ask, values in asked]
    assert plain[-2][0].words == [{"name": "Bär & <b>", "since": "2026-02-28"}]
    with kept():
        with django_assert_num_queries(1):
            ask_together(wish(ask, *values) for ask, values in asked)
            together = [ask(*values) for ask, values in asked]
        for one, other in zip(plain, together, strict=True):
            if isinstance(one, int):
                assert one == other > 0
                continue
            assert [_said(row) for row in one] == [_said(row) for row in other]
            assert [type(v) for row in one for v in row.__dict__.values()] == [
                type(v) for row in other for v in row.__dict__.values()
            ]
        with django_assert_num_queries(1):  # an answer serves once: later the row may be another
            assert [one.pk for one in people(since)] == [one.pk for one in plain[0]]


def test_the_statement_is_kept_and_filled_with_other_values(django_assert_num_queries: Any) -> None:
    first, second = make_customer("A"), make_customer("B")
    for customer, code in ((first, "customer.created"), (second, "no.such")):
        with kept(), django_assert_num_queries(1):
            ask_together([wish(customers, [customer.pk]), wish(events, code)])
            assert [one.name for one in customers([customer.pk])] == [customer.name]
            assert len(events(code)) == (2 if code == "customer.created" else 0)


def test_what_does_not_fit_is_asked_by_itself(django_assert_num_queries: Any) -> None:
    group = Group.objects.create(name="one")
    with kept(), django_assert_num_queries(2):
        ask_together([wish(lasting, group.pk), wish(customers, []), wish(groups)])
        assert lasting(group.pk)[0].while_ == dt.timedelta(days=1) and customers([]) == [] and groups() > 0
    with django_assert_num_queries(2):  # outside of a request nothing is kept
        ask_together([wish(groups), wish(customers, [1])])
        assert groups() and customers([1]) == []
