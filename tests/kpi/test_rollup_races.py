"""The roll-up while several write and count at once: nothing is lost, nothing is counted twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import close_old_connections, connection, connections, transaction

from aftersales.defaults import load as load_aftersales
from aftersales.models import Survey
from kpi.models import DailyFigure, Touch
from kpi.services import LOCK, rebuild_figures, refresh_figures
from logistics.models import ShipmentLine
from tests.kpi.test_figures import delivery, line
from tests.kpi.world import moment, pages_and_rows_agree

pytestmark = pytest.mark.django_db


def elsewhere(call: Callable[[], Any]) -> Any:
    """Run in a thread of its own, that is on a connection of its own."""
    answer: list[Any] = []

    def work() -> None:
        close_old_connections()
        try:
            answer.append(call())
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(60)
    return answer[0]


@pytest.mark.django_db(transaction=True)
def test_a_refresh_between_two_open_transactions_loses_neither() -> None:
    load_aftersales()
    rebuild_figures()
    one = line(10)
    refresh_figures()
    with transaction.atomic():
        delivery(one, "2026-03-03", "2026-03-03", 6)
        # The other half arrives and is counted while this half is not visible yet.
        elsewhere(lambda: delivery(one, "2026-03-03", "2026-03-05", 4, number="SH-other", external_ref="other"))
        elsewhere(refresh_figures)
        assert elsewhere(Touch.objects.count) == 0
    assert refresh_figures() == 2
    pages_and_rows_agree()
    assert DailyFigure.objects.get().day == date(2026, 3, 5)


@pytest.mark.django_db(transaction=True)
def test_many_writers_and_refreshers_at_once_end_with_the_right_count() -> None:
    load_aftersales()
    rebuild_figures()
    orders = [line(12) for _n in range(3)]
    is_over = threading.Event()
    failed: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> Callable[[], None]:
        def run_guarded() -> None:
            try:
                close_old_connections()
                work()
            except BaseException as error:
                failed.append(error)
            finally:
                connections.close_all()

        return run_guarded

    def writes(writer: int) -> Iterator[Callable[[], object]]:
        for number in range(12):
            ref = f"w{writer}-{number}"
            day = f"2026-03-0{1 + (writer + number) % 4}"
            order = orders[number % 3]
            yield lambda ref=ref, day=day, order=order: delivery(
                order, "2026-03-03", day, 4, number=f"SH-{ref}", external_ref=ref
            )
            yield lambda ref=ref, number=number: Survey.objects.create(
                number=f"SV-{ref}", status="answered", score=1 + number % 5, answered_at=moment(number)
            )
            yield lambda ref=ref: ShipmentLine.objects.filter(shipment__external_ref=ref).update(
                delivered_on="2026-03-05"
            )

    def write(writer: int) -> Callable[[], None]:
        def work() -> None:
            for deed in writes(writer):
                with transaction.atomic():
                    deed()

        return work

    def count() -> None:
        while not is_over.is_set():
            refresh_figures()

    writers = [threading.Thread(target=guarded(write(n))) for n in range(3)]
    counters = [threading.Thread(target=guarded(count)) for _n in range(2)]
    for thread in [*counters, *writers]:
        thread.start()
    for thread in writers:
        thread.join(120)
    is_over.set()
    for thread in counters:
        thread.join(120)
    assert not failed
    pages_and_rows_agree()
    refresh_figures()
    assert not Touch.objects.exists()
    pages_and_rows_agree()


@pytest.mark.django_db(transaction=True)
def test_while_another_process_counts_a_refresh_does_nothing() -> None:
    load_aftersales()
    rebuild_figures()
    delivery(line(10), "2026-03-03", "2026-03-03")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        assert elsewhere(refresh_figures) == 0
        assert Touch.objects.exists()
    assert refresh_figures() == 1
