"""Appointments and arrivals on the first page of the day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from foundation.accounts.models import User
from logistics.day import day_today
from logistics.models import Shipment
from tests.logistics.factories import bring_to, make_user


def entries(rf: Any, user: User) -> list[Any]:
    request = rf.get("/")
    request.user = User.objects.get(pk=user.pk)
    return day_today(request)


def of(owner: User, state: str, **values: Any) -> Shipment:
    shipment = bring_to(state)
    Shipment.objects.filter(pk=shipment.pk).update(owner=owner, **{"eta": None, **values})
    return shipment


def test_unloading_appointments_and_arrivals_of_today_stand_on_my_day(desk: Client, clerk: User) -> None:
    here = timezone.now().astimezone(ZoneInfo(clerk.time_zone)).replace(hour=12, minute=5)
    unloading = of(clerk, "arrived", appointment_at=here)
    arriving = of(clerk, "in_transit", eta=here + timedelta(hours=3))
    late = of(clerk, "in_transit", eta=here - timedelta(days=2))
    later = of(clerk, "in_transit", eta=here + timedelta(days=2))
    theirs = of(make_user("logistics"), "in_transit", eta=here)
    shown = desk.get("/").content.decode()
    today = shown[shown.index("<h2>Today</h2>") :]
    places = [today.index(one.number) for one in (late, unloading, arriving)]
    assert places == sorted(places)
    assert f"Unloading of {unloading.number}" in today
    assert f"Arrival of {arriving.number}" in today
    assert ">12:05</time>" in today
    assert later.number not in today
    assert theirs.number not in today


@pytest.mark.parametrize("rows", [2, 20])
def test_the_day_costs_one_question_however_much_is_planned(
    rf: Any, clerk: User, rows: int, django_assert_max_num_queries: Any
) -> None:
    for _number in range(rows):
        of(clerk, "in_transit", eta=timezone.now())
    with django_assert_max_num_queries(4):  # the reader, two for rights, and the shipments
        assert len(entries(rf, clerk)) == min(rows, 10)
