"""Figures: right to the row, and one click from it."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from aftersales.defaults import load as load_aftersales
from aftersales.models import Survey
from foundation.accounts.models import User
from foundation.accounts.roles import load_roles
from foundation.calendars.models import Calendar
from foundation.sla.models import Clock
from foundation.sla.services.by_hand import reset_clock
from kpi.defaults import load as load_goals
from kpi.figures import FIGURES, get_figure, measure, measure_by, measure_with_course
from kpi.periods import Period
from kpi.selectors import rows_of, state_of
from logistics.models import Shipment, ShipmentLine
from orders.models import Order, OrderLine
from tests.accounts.factories import make_user
from tests.crm.factories import make_customer
from tests.sla.conftest import add_target, tell

pytestmark = pytest.mark.django_db


def line(quantity: int = 10) -> OrderLine:
    customer = make_customer()
    ref = f"o{Order.objects.count()}"
    order = Order.objects.create(
        number=f"SO-{ref}", customer=customer, status="completed", import_source="test", external_ref=ref
    )
    return OrderLine.objects.create(order=order, position=1, description="SPC", quantity=quantity, unit="m2")


def delivery(
    order_line: OrderLine, promised: str, delivered: str | None, quantity: int = 10, **shipment: Any
) -> ShipmentLine:
    ref = f"s{Shipment.objects.count()}"
    given = {
        "number": f"SH-{ref}", "customer": order_line.order.customer, "status": "archived", "import_source": "test",
        "external_ref": ref, "incoterm": "CIF", "mode": "ocean", "destination_country": "DE",
    }  # fmt: skip
    return ShipmentLine.objects.create(
        shipment=Shipment.objects.create(**{**given, **shipment}),
        order_line=order_line,
        quantity=quantity,
        unit="m2",
        promised_on=date.fromisoformat(promised),
        delivered_on=date.fromisoformat(delivered) if delivered else None,
    )


def answer(name: str, **options: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command("kpi", name, as_json=True, stdout=out, **options)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_delivered_on_the_promised_day_is_on_time_and_a_day_later_is_not() -> None:
    delivery(line(), "2026-03-10", "2026-03-10")
    delivery(line(), "2026-03-10", "2026-03-09")
    delivery(line(), "2026-03-10", "2026-03-11")
    found = answer("on_time_delivery_lines")
    assert (found["numerator"], found["denominator"], found["value"]) == (2, 3, 66.67)
    assert found["unit"] == "percent" and found["from"] is None and found["by"] == []


def test_an_order_line_in_two_deliveries_counts_once_on_the_day_of_the_last() -> None:
    one = line(10)
    delivery(one, "2026-03-10", "2026-03-01", 6)
    assert measure(get_figure("on_time_delivery_lines"), Period()).denominator == 0
    delivery(one, "2026-03-10", "2026-04-01", 4)
    assert measure(get_figure("on_time_delivery_lines"), Period()).denominator == 1
    march = Period(date(2026, 3, 1), date(2026, 3, 31))
    assert measure(get_figure("on_time_delivery_lines"), march).denominator == 0


def test_both_days_of_the_period_are_included() -> None:
    for day in ("2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01"):
        delivery(line(), "2026-12-31", day)
    found = answer("on_time_delivery_lines", first=date(2026, 3, 1), last=date(2026, 3, 31))
    assert found["denominator"] == 2 and found["from"] == "2026-03-01" and found["to"] == "2026-03-31"


def test_a_split_is_sorted_with_null_last_and_adds_up() -> None:
    for term, country in (("FOB", "NA"), ("CIF", "CI"), ("", ""), ("CIF", "DE")):
        delivery(line(), "2026-03-10", "2026-03-10", incoterm=term, destination_country=country)
    found = answer("on_time_delivery_lines", by="incoterm")
    assert [(part["key"], part["denominator"]) for part in found["by"]] == [("CIF", 2), ("FOB", 1), (None, 1)]
    assert sum(part["denominator"] for part in found["by"]) == found["denominator"]
    assert [part["key"] for part in answer("on_time_delivery_lines", by="country")["by"]] == ["CI", "DE", "NA", None]


def test_nothing_to_divide_by_is_null_and_not_zero() -> None:
    for name in FIGURES:
        assert answer(name)["value"] is None and answer(name)["denominator"] == 0


def test_unknown_figures_splits_and_periods_are_refused() -> None:
    with pytest.raises(CommandError, match="there are"):
        call_command("kpi", "sales")
    with pytest.raises(CommandError, match="not split by"):
        call_command("kpi", "satisfaction", by="moon")
    with pytest.raises(CommandError, match="lies after"):
        call_command("kpi", "satisfaction", first=date(2026, 2, 1), last=date(2026, 1, 1))


def test_satisfaction_counts_from_the_policys_score() -> None:
    load_aftersales()
    for n, score in enumerate((5, 4, 3)):
        Survey.objects.create(number=f"SV-{n}", status="answered", score=score, answered_at=timezone.now())
    Survey.objects.create(number="SV-9")
    assert measure(get_figure("satisfaction"), Period()).value == Decimal("66.67")


def test_a_goal_is_reached_near_or_missed() -> None:
    figure = get_figure("satisfaction")
    states = [state_of(figure, Decimal(value), Decimal(95)) for value in (95, 90, 50)]
    assert states == ["in-time", "soon", "late"]
    slow = get_figure("resolution_time")
    assert [state_of(slow, Decimal(v), Decimal(3)) for v in ("3", "3.2", "9")] == ["in-time", "soon", "late"]
    assert state_of(figure, None, Decimal(95)) == "plain"


def test_the_course_by_month_adds_up_to_the_period() -> None:
    for day in ("2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01"):
        delivery(line(), "2026-02-10", day)
    year = Period(date(2025, 7, 1), date(2026, 6, 30))
    period = Period(date(2026, 1, 31), date(2026, 2, 28))
    result, course = measure_with_course(get_figure("on_time_delivery_lines"), period, year)
    assert (result.numerator, result.denominator) == (2, 3)
    assert [(month.month, one.denominator) for month, one in course] == [(1, 1), (2, 2), (3, 1)]
    assert result == measure(get_figure("on_time_delivery_lines"), period)


@pytest.fixture
def manager() -> User:
    load_roles()
    load_goals()
    return make_user("Wang Min", role="manager")


def test_the_page_of_figures_leads_to_as_many_rows_as_it_counts(
    client: Client, manager: User, django_assert_max_num_queries: Any
) -> None:
    for day in ("2026-03-09", "2026-03-11"):
        delivery(line(), "2026-03-10", day)
    client.force_login(manager)
    client.get("/figures/")
    with django_assert_max_num_queries(6 + len(FIGURES)):  # nothing is rolled up yet: each figure counts its rows
        assert client.get("/figures/").status_code == 200
    page = client.get("/figures/?period=all").content.decode()
    assert "50.0" in page and "/figures/on_time_delivery_lines/?period=all" in page
    rows = client.get("/figures/on_time_delivery_lines/?period=all").content.decode()
    assert rows.count('<th scope="row"') == 2 and "2 rows" in rows


def test_each_part_of_a_split_leads_to_its_rows(client: Client, manager: User) -> None:
    for term in ("CIF", "CIF", ""):
        delivery(line(), "2026-03-10", "2026-03-10", incoterm=term)
    figure = get_figure("on_time_delivery_lines")
    for part in measure_by(figure, Period(), "incoterm"):
        assert rows_of(figure, Period(), "incoterm", part.key).count() == part.denominator
    client.force_login(manager)
    page = client.get("/figures/on_time_delivery_lines/?period=all&by=incoterm&key=CIF").content.decode()
    assert "2 rows" in page


@pytest.mark.parametrize(
    "query", ["period=x", "from=yesterday", "by=moon", "key=1", "page=0", "page=x", "from=2026-13-99&to=", "format=csv"]
)
def test_no_address_breaks_the_rows(client: Client, manager: User, query: str) -> None:
    client.force_login(manager)
    assert client.get(f"/figures/on_time_delivery_lines/?{query}").status_code == 200


def test_figures_are_for_managers(client: Client, manager: User) -> None:
    client.force_login(make_user(role="sales"))
    assert client.get("/figures/").status_code == 403
    client.force_login(manager)
    assert client.get("/figures/nothing/").status_code == 404


def test_tightened_misses_stand_beside_the_figure_and_resets_are_left_out(client: Client, manager: User) -> None:
    add_target("urgent", metric="first_response", position=1, priorities=["urgent"], amount=1, unit="minutes")
    add_target("calm", metric="first_response", amount=100)
    for number, priority in enumerate(("urgent", "normal")):
        parcel = Calendar.objects.create(code=f"p-{number}", name="x")
        tell(parcel, "arrived", priority="normal")
        Clock.objects.filter(object_id=parcel.pk).update(
            started_at=timezone.now() - timedelta(hours=2),
            consumed_until=timezone.now() - timedelta(hours=2),
        )
        tell(parcel, "ranked", priority=priority)
        Clock.objects.filter(object_id=parcel.pk, due_at__lte=timezone.now()).update(
            due_at=timezone.now() - timedelta(seconds=5)
        )
        tell(parcel, "answered")
    begun_afresh = Calendar.objects.create(code="p-9", name="x")
    tell(begun_afresh, "arrived", priority="normal")
    reset_clock(Clock.objects.get(object_id=begun_afresh.pk).pk, actor=manager, reason="x")
    figure = get_figure("first_response_in_time")
    assert measure(figure, Period()).denominator == 2
    assert measure(figure, Period()).numerator == 1
    client.force_login(manager)
    page = client.get("/figures/first_response_in_time/?period=all").content.decode()
    assert "1 miss was tightened on the way" in page
