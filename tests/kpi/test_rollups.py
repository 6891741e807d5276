"""The roll-up: always what a count of the rows would say, whatever happened and whether or not it was refreshed."""

from __future__ import annotations

import io
import random
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from aftersales.models import Survey
from foundation.accounts.models import User
from foundation.accounts.roles import load_roles
from foundation.journal.machine import Refused
from foundation.sla.models import Clock
from kpi.defaults import load as load_goals
from kpi.figures import FIGURES, measure_with_course
from kpi.models import DailyFigure, RollUp, Touch
from kpi.periods import Period
from kpi.rollups import _states_sql, read_states
from kpi.selectors import cards, measures_from_days
from kpi.services import differences, refresh_figures, uncounted_figures
from logistics.models import Shipment, ShipmentLine
from logistics.services import cancel_shipment
from orders.models import OrderLine
from tests.accounts.factories import make_user
from tests.imports.test_imports import ROWS, csv_of, run
from tests.kpi.test_figures import delivery, line
from tests.kpi.world import DEEDS, YEAR, World, clock, moment, pages_and_rows_agree

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_the_days_add_up_to_what_the_rows_say(seed: int) -> None:
    dice = random.Random(seed)
    world = World()
    refresh_figures()
    for step in range(70):
        # first things to change, then changes; a refresh in between now and then
        deed = dice.choice(
            ("deliver", "stop", "ask", "check", "visit", "send_sample", "close_inquiry")
            if step < 12
            else (*DEEDS, "refresh")
        )
        number = dice.randrange(60)
        getattr(world, deed)(number)
        for name, (result, course) in measures_from_days(read_states().values(), YEAR, YEAR).items():
            assert (result, course) == measure_with_course(FIGURES[name], YEAR, YEAR), (step, deed, number, name)
        assert differences() == [], (step, deed, number)
    refresh_figures()
    pages_and_rows_agree()
    assert not Touch.objects.exists()


def test_a_touched_day_is_right_before_it_is_counted_and_after(counted: None) -> None:
    one = line(10)
    first = delivery(one, "2026-03-03", "2026-03-03", 6)
    pages_and_rows_agree()
    assert refresh_figures() == 1
    delivery(one, "2026-03-03", "2026-03-05", 4)
    assert not DailyFigure.objects.exists()  # in full only with the second one
    found = measures_from_days(read_states().values(), YEAR, YEAR)["on_time_delivery_lines"][0]
    assert (found.numerator, found.denominator) == (0, 1)
    assert refresh_figures() == 2 and refresh_figures() == 0
    assert DailyFigure.objects.get().day == date(2026, 3, 5)
    first.delete()
    refresh_figures()
    assert not DailyFigure.objects.exists()
    pages_and_rows_agree()


def test_a_line_that_was_ordered_smaller_afterwards_is_delivered_in_full(counted: None) -> None:
    one = line(10)
    delivery(one, "2026-03-03", "2026-03-03", 6)
    refresh_figures()
    one.quantity = Decimal(6)
    one.save()
    assert Touch.objects.count() == 1
    pages_and_rows_agree()
    refresh_figures()
    assert DailyFigure.objects.get().denominator == 1


def test_what_moves_no_figure_touches_none(counted: None) -> None:
    one = delivery(line(10), "2026-03-03", "2026-03-03")
    running = clock("resolution", None)
    Survey.objects.create(number="SV-1")
    refresh_figures()
    ShipmentLine.objects.update(weight_kg=5)
    Shipment.objects.update(container_number="MSKU")
    OrderLine.objects.filter(pk=one.order_line_id).update(description="Oak")
    Clock.objects.filter(pk=running.pk).update(breached_at=moment(1), consumed_s=60)
    Survey.objects.update(language="de")
    assert not Touch.objects.exists()


def test_after_very_many_changes_rows_are_counted_until_the_refresh(counted: None, monkeypatch: Any) -> None:
    monkeypatch.setattr("kpi.rollups.MANY", 2)
    _states_sql.cache_clear()
    one = line(10)
    for day in ("2026-03-03", "2026-03-04"):
        delivery(one, "2026-03-03", day, 5)
    assert "on_time_delivery_lines" not in measures_from_days(read_states().values(), YEAR, YEAR)
    assert cards(YEAR, YEAR)[0].result.denominator == 1
    assert refresh_figures() == 0 and not Touch.objects.exists()  # counted whole
    pages_and_rows_agree()
    assert measures_from_days(read_states().values(), YEAR, YEAR)["on_time_delivery_lines"][0].denominator == 1
    _states_sql.cache_clear()


def test_imported_deliveries_are_counted(counted: None, tmp_path: Path) -> None:
    run(tmp_path, csv_of(ROWS))
    found = measures_from_days(read_states().values(), Period(), YEAR)["on_time_delivery_lines"][0]
    assert (found.numerator, found.denominator) == (2, 3)
    refresh_figures()
    assert DailyFigure.objects.filter(figure="on_time_delivery_lines").count() == 3
    later = [*ROWS[0][:9], "9-Jun-06", *ROWS[0][10:]]
    run(tmp_path, csv_of([later]))
    pages_and_rows_agree()
    refresh_figures()
    assert measures_from_days(read_states().values(), Period(), YEAR)["on_time_delivery_lines"][0].numerator == 1
    pages_and_rows_agree()


def test_a_refusal_and_a_rollback_leave_nothing_behind(counted: None) -> None:
    one = delivery(line(10), "2026-03-03", "2026-03-03")
    refresh_figures()
    before = list(DailyFigure.objects.values()), list(RollUp.objects.values())
    with pytest.raises(Refused):
        cancel_shipment(one.shipment_id, actor=None, reason="late")
    with pytest.raises(RuntimeError), transaction.atomic():
        one.delete()
        raise RuntimeError
    assert not Touch.objects.exists() and refresh_figures() == 0
    assert (list(DailyFigure.objects.values()), list(RollUp.objects.values())) == before
    pages_and_rows_agree()


def test_until_the_first_count_and_after_a_new_setting_figures_are_counted_live(client: Client) -> None:
    World().ask(4)
    load_roles()
    client.force_login(make_user(role="manager"))
    assert measures_from_days(read_states().values(), YEAR, YEAR) == {} and len(uncounted_figures()) == len(FIGURES)
    assert "100" in client.get("/figures/?period=all").content.decode()
    refresh_figures()
    pages_and_rows_agree()
    World.require(World.__new__(World), 2)  # from five
    Survey.objects.update(score=4)
    assert uncounted_figures() == ["satisfaction"]
    assert "<b>0.0%</b>" in client.get("/figures/?period=all").content.decode()
    refresh_figures()
    assert not uncounted_figures()
    pages_and_rows_agree()


def test_what_was_counted_wrongly_is_found_and_mended(counted: None) -> None:
    delivery(line(10), "2026-03-03", "2026-03-04")
    Survey.objects.create(number="SV-1", status="answered", score=5, answered_at=moment(1))
    refresh_figures()
    check("0 days differ")
    DailyFigure.objects.filter(figure="satisfaction").update(numerator=0)
    DailyFigure.objects.filter(figure="on_time_delivery_lines").delete()
    DailyFigure.objects.create(figure="resolution_time", day=date(2026, 3, 9), numerator="1.5", denominator=2)
    DailyFigure.objects.create(figure="of yesterday", day=date(2026, 3, 9), numerator=1, denominator=1)
    RollUp.objects.create(figure="of yesterday", basis="x")
    with pytest.raises(SystemExit) as ended:
        check("3 days differ")
    assert ended.value.code == 1
    assert {(one.figure, one.kept) for one in differences()} == {
        ("satisfaction", (0, 1)), ("on_time_delivery_lines", None), ("resolution_time", (Decimal("1.5"), 2)),
    }  # fmt: skip
    call_command("rebuild_figures", stdout=io.StringIO())
    check("0 days differ")
    assert not DailyFigure.objects.filter(figure="of yesterday") and not RollUp.objects.filter(basis="x")
    pages_and_rows_agree()


def check(last: str) -> None:
    out = io.StringIO()
    try:
        call_command("rebuild_figures", check=True, stdout=out)
    finally:
        assert out.getvalue().splitlines()[-1] == last


def test_days_are_those_of_the_companys_zone(counted: None) -> None:
    clock("first_response", datetime(2026, 3, 1, 16, 30, tzinfo=UTC))  # half past midnight in Shanghai
    refresh_figures()
    assert DailyFigure.objects.get().day == date(2026, 3, 2)
    World.move(World.__new__(World), 1)
    assert len(uncounted_figures()) > 0
    refresh_figures()
    assert DailyFigure.objects.get().day == date(2026, 3, 1)
    pages_and_rows_agree()


@pytest.fixture
def manager() -> User:
    load_roles()
    load_goals()
    return make_user("Wang Min", role="manager")


@pytest.mark.parametrize("is_touched", [False, True])
def test_the_page_takes_as_many_queries_for_twenty_rows_as_for_two(
    client: Client, manager: User, counted: None, is_touched: bool, django_assert_num_queries: Any
) -> None:
    client.force_login(manager)
    for count in (2, 20):
        for number in range(count):
            delivery(line(), "2026-03-03", "2026-03-04")
            clock("first_response", moment(number))
            clock("resolution", moment(number), consumed_s=60)
            Survey.objects.create(number=f"SV-{count}-{number}", status="answered", score=5, answered_at=moment(number))
        if not is_touched:
            refresh_figures()
        client.get("/figures/?period=all")
        with django_assert_num_queries(4 if is_touched else 3):
            assert client.get("/figures/?period=all").status_code == 200
