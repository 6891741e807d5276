"""Who makes the revenue, and what a customer's page says of money."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from crm.models import Customer
from crm.services import plans
from foundation.accounts.roles import load_roles
from kpi.models import ParetoPolicy
from kpi.pareto import classed, curve
from orders.models import Order, Quote
from tests.accounts.factories import make_team, make_user
from tests.crm.factories import make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def maria(db: None) -> Any:
    load_roles()
    return make_user("Maria Roth", role="manager")


def order(customer: Customer, total: int, currency: str = "USD", *, status: str = "completed", days: int = 5) -> Order:
    ref = f"o{Order.objects.count()}"
    return Order.objects.create(
        number=f"SO-{ref}", customer=customer, status=status, total=total, currency=currency, import_source="test",
        external_ref=ref, ordered_at=timezone.now() - timedelta(days=days),
    )  # fmt: skip


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_classes_begin_where_the_shares_say():
    found = classed([(1, Decimal(800), 4), (2, Decimal(150), 2), (3, Decimal(50), 1)], 80, 95)
    assert [(one.letter, one.together) for one in found] == [("A", 80), ("B", 95), ("C", 100)]
    assert [one.letter for one in classed([(1, Decimal(10), 1)], 80, 95)] == ["A"]
    assert curve([]) == [] and curve(found)[-1] == (100, 100)


def test_the_report_counts_what_was_bought_in_one_currency_and_leads_to_its_orders(maria):
    large, small = make_customer("Large"), make_customer("Small")
    for customer, total in ((large, 900), (small, 100)):
        order(customer, total)
    order(large, 5000, status="draft")
    order(small, 7000, "EUR")
    order(small, 7000, days=400)
    page = client_of(maria).get("/figures/pareto/?period=90&currency=USD")
    body = page.content.decode()
    assert page.context["total"] == 2
    assert body.index("Large") < body.index("Small")
    assert f"customer={large.pk}&amp;currency=USD" in body and "90.0%" in body
    only = client_of(maria).get("/figures/pareto/?period=90&currency=USD&class=B").content.decode()
    assert "Small" in only and ">Large<" not in only
    text = client_of(maria).get("/figures/pareto/?period=90&currency=USD&format=csv").content.decode()
    assert "Large,A,900.00,USD" in text


def test_a_team_is_told_from_the_others_and_only_managers_look(maria):
    team = make_team("Europe")
    anna = make_user("Anna Berg", role="sales", team=team)
    order(make_customer("Ours", owner=anna), 100)
    order(make_customer("Theirs"), 100)
    body = client_of(maria).get(f"/figures/pareto/?team={team.pk}").content.decode()
    assert ">Ours<" in body and ">Theirs<" not in body
    assert client_of(anna).get("/figures/pareto/").status_code == 403


def test_the_shares_are_a_row_and_stand_in_order(maria):
    policy = ParetoPolicy(a_percent=95, b_percent=80)
    with pytest.raises(ValidationError):
        policy.full_clean()
    assert ParetoPolicy.current().a_percent == 80


@pytest.mark.parametrize("rows", [2, 20])
def test_the_report_costs_the_same(maria, rows, django_assert_max_num_queries):
    for number in range(rows):
        order(make_customer(f"Firm {number}"), 100 + number)
    client = client_of(maria)
    client.get("/figures/pareto/")
    with django_assert_max_num_queries(9):
        client.get("/figures/pareto/")


def test_the_customers_page_says_what_they_buy_by_currency(maria):
    customer = make_customer("Large")
    order(customer, 900, days=0)
    order(customer, 300, "EUR", days=0)
    order(customer, 70, days=366)
    order(customer, 5000, status="draft", days=0)
    Quote.objects.create(
        number="Q-1",
        customer=customer,
        status="sent",
        total=Decimal("12345.60"),
        currency="USD",
        incoterm="FOB",
        valid_until=timezone.localdate(),
        sent_at=timezone.now(),
    )
    client = client_of(maria)
    body = client.get(customer.get_absolute_url()).content.decode()
    section = body[body.index('id="money"') :]
    for words in ("12,345.60", "900.00", "300.00", "70.00"):
        assert words in section
    assert "5,000" not in section[: section.index("</section>")]
    year = timezone.now().year
    listed = client.get(
        f"/orders/?view=all&customer={customer.pk}&currency=USD&status=completed&ordered_at_after={year}-01-01"
    ).content.decode()
    assert listed.count('<tr role="row"') == 2  # the heading and one order


def test_a_plan_says_how_much_of_the_volume_is_reached(maria):
    customer = make_customer("Large", tier="key")
    order(customer, 500, days=0)
    plan = plans.create_plan(
        customer.pk, actor=maria, year=timezone.now().year, volume_goal=Decimal(1000), potential=Decimal(5000)
    )
    body = client_of(maria).get(plan.get_absolute_url()).content.decode()
    assert "50.0% of" in body and "10.0%" in body
