"""The roll-up: always what a count of the rows would say, whatever happened and whether or not it was refreshed."""

from __future__ import annotations

import io
import random
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import call_command
from django.db import close_old_connections, connection, connections, transaction
from django.test import Client

from aftersales.defaults import load as load_aftersales
from aftersales.models import AfterSalesPolicy, Survey
from crm.models import Inquiry, Sample, Visit
from foundation.accounts.models import COMPANY_CACHE_KEY, Company, User
from foundation.accounts.roles import load_roles
from foundation.calendars.models import Calendar
from foundation.journal.machine import Refused
from foundation.journal.models import Attachment
from foundation.sla.models import Clock, Target
from kpi.defaults import load as load_goals
from kpi.figures import FIGURES, measure, measure_with_course
from kpi.models import DailyFigure, RollUp, Touch
from kpi.periods import Period
from kpi.rollups import _states_sql, read_states
from kpi.selectors import cards, measures_from_days
from kpi.services import LOCK, differences, rebuild_figures, refresh_figures, uncounted_figures
from logistics.models import Shipment, ShipmentLine
from logistics.services import cancel_shipment
from orders.models import DocumentKind, DocumentVersion, OrderLine, TradeDocument
from tests.accounts.factories import make_user
from tests.imports.test_imports import ROWS, csv_of, run
from tests.kpi.test_figures import delivery, line

pytestmark = pytest.mark.django_db

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
PERIODS = [Period(), YEAR, Period(date(2026, 3, 2), date(2026, 3, 4)), Period(date(2025, 12, 30), None)]


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path


@pytest.fixture
def counted() -> None:
    """The roll-up is in use."""
    load_aftersales()
    rebuild_figures()


def pages_and_rows_agree() -> None:
    """What the pages add up from days is what the rows say, for every figure and period; and no untouched day is off."""
    for period in PERIODS:
        found = measures_from_days(read_states().values(), period, YEAR)
        assert set(found) == set(FIGURES)
        for name, figure in FIGURES.items():
            assert found[name] == measure_with_course(figure, period, YEAR), (name, period)
            assert found[name][0] == measure(figure, period)
    assert differences() == []


def clock(metric: str, stopped_at: datetime | None, **values: Any) -> Clock:
    """A clock of some record; which one does not matter."""
    target, _made = Target.objects.get_or_create(
        code=metric, defaults={"metric": metric, "name": metric, "start_events": ["a.b"], "stop_events": ["a.c"], "amount": 1},
    )  # fmt: skip
    subject = Calendar.objects.create(code=f"subject-{Calendar.objects.count()}", name="Subject")
    given = {
        "metric": metric, "target": target, "target_s": 3600, "consumed_until": datetime(2026, 1, 1, tzinfo=UTC),
        "started_at": datetime(2026, 1, 1, tzinfo=UTC), "state": "stopped" if stopped_at else "running",
        "stopped_at": stopped_at, "content_type_id": _kind(), "object_id": subject.pk, "number": "T-1",
    }  # fmt: skip
    return Clock.objects.create(**{**given, **values})


def _kind() -> int:
    from django.contrib.contenttypes.models import ContentType

    return int(ContentType.objects.get_for_model(Calendar).pk)


def moment(number: int) -> datetime:
    """Moments around midnight in several zones, in the first days of March."""
    return datetime(2026, 3, 1, 15, 30, tzinfo=UTC) + timedelta(hours=number * 4)


class World:
    """Things that happen, each by one number; all go past the services, as imports and corrections by hand do."""

    def __init__(self) -> None:
        from foundation.calendars.services import create_calendar
        from tests.calendars.plans import OFFICE

        load_aftersales()
        self.version = create_calendar(actor=None, code="office", name="Office", plan=OFFICE).current
        self.lines = [line(10), line(10)]
        self.made = 0
        order, kind = self.lines[0].order, DocumentKind.objects.create(code="invoice", name="Invoice")
        self.document = TradeDocument.objects.create(number="DOC-1", order=order, customer=order.customer, kind=kind)

    def _one(self, rows: Any, number: int) -> Any:
        found = list(rows.order_by("pk"))
        return found[number % len(found)] if found else None

    def deliver(self, number: int) -> None:
        day = f"2026-03-0{1 + number % 5}" if number % 4 else None
        status = {"status": "planned", "import_source": "", "external_ref": "", "number": f"SH-x{self.made}"}
        self.made += 1
        delivery(self.lines[number % 2], "2026-03-03", day, 4 + number % 8, **status)

    def hand_over(self, number: int) -> None:
        if one := self._one(ShipmentLine.objects, number):
            ShipmentLine.objects.filter(pk=one.pk).update(delivered_on=date(2026, 3, 1 + number % 6))

    def promise(self, number: int) -> None:
        ShipmentLine.objects.filter(pk__gt=number % 3).update(promised_on=date(2026, 3, 1 + number % 6))

    def cancel(self, number: int) -> None:
        if one := self._one(Shipment.objects.filter(status="planned"), number):
            Shipment.objects.filter(pk=one.pk).update(status="cancelled")

    def remove(self, number: int) -> None:
        if one := self._one(ShipmentLine.objects, number):
            ShipmentLine.objects.filter(pk=one.pk).delete()

    def order_more(self, number: int) -> None:
        OrderLine.objects.filter(pk=self.lines[number % 2].pk).update(quantity=4 + number % 12)

    def stop(self, number: int) -> None:
        metric = ("first_response", "resolution", "other")[number % 3]
        at = moment(number) if number % 4 else None
        late = at if number % 5 == 0 else None
        clock(metric, at, breached_at=late, consumed_s=number * 1237, calendar_version=self.version)

    def correct(self, number: int) -> None:
        if one := self._one(Clock.objects, number):
            Clock.objects.filter(pk=one.pk).update(
                state="stopped", stopped_at=moment(number), consumed_s=number * 7, breached_at=None, met_at=None
            )

    def forget(self, number: int) -> None:
        if one := self._one(Clock.objects, number):
            Clock.objects.filter(pk=one.pk).delete()

    def ask(self, number: int) -> None:
        self.made += 1
        answered = {"status": "answered", "score": 1 + number % 5, "answered_at": moment(number)} if number % 3 else {}
        Survey.objects.create(number=f"SV-{self.made}", **answered)

    def rate(self, number: int) -> None:
        Survey.objects.filter(status="answered", score=1 + number % 5).update(
            score=1 + (number + 1) % 5, answered_at=moment(number)
        )

    def withdraw(self, number: int) -> None:
        if one := self._one(Survey.objects, number):
            Survey.objects.filter(pk=one.pk).delete()

    def check(self, number: int) -> None:
        self.made += 1
        file = Attachment.objects.create(
            content_type=ContentType.objects.get_for_model(TradeDocument),
            object_id=self.document.pk,
            title="Invoice",
            media_type="application/pdf",
            size=1,
            digest="0" * 64,
            file=f"{self.made}.pdf",
        )
        version = DocumentVersion(document=self.document, number=self.made, attachment=file, digest=file.digest)
        if number % 3:
            self._decide(version, number)
        version.save()

    def find_error(self, number: int) -> None:
        if one := self._one(DocumentVersion.objects.filter(outcome=""), number):
            self._decide(one, number)
            one.save()

    @staticmethod
    def _decide(version: DocumentVersion, number: int) -> None:
        version.outcome, version.checked_at = ("approved", moment(number))
        if number % 2:
            version.outcome, version.error, version.reason = "returned", "goods", "Another code"

    def visit(self, number: int) -> None:
        self.made += 1
        start = moment(number)
        arrived = start - timedelta(minutes=number % 20) if number % 3 else None
        Visit.objects.create(
            number=f"VIS-x{self.made}", purpose="Show", customer=self.lines[0].order.customer, planned_start=start,
            planned_end=start + timedelta(hours=1), arrive_by=start - timedelta(minutes=10), arrived_at=arrived,
            status="proposed" if arrived else "missed", missed_by="us" if number % 2 else "customer", reason="Snow",
        )  # fmt: skip

    def be_late(self, number: int) -> None:
        if one := self._one(Visit.objects.filter(arrived_at__isnull=False), number):
            Visit.objects.filter(pk=one.pk).update(
                arrived_at=moment(number), planned_start=moment(number + 3), planned_end=None
            )

    def call_off(self, number: int) -> None:
        if one := self._one(Visit.objects, number):
            one.delete()

    def send_sample(self, number: int) -> None:
        self.made += 1
        day = {"sent_on": date(2026, 3, 1 + number % 5), "days_to_send": number % 7}
        decided = {"decided_at": moment(number), "decided_via": "phone", "status": ("approved", "rejected")[number % 2]}
        Sample.objects.create(
            number=f"SA-x{self.made}", purpose="Choose", customer=self.lines[0].order.customer, delivery_address="Here",
            reason="Dark", **{"status": "sent", **day, **(decided if number % 3 else {})},
        )  # fmt: skip

    def decide_sample(self, number: int) -> None:
        if one := self._one(Sample.objects, number):
            Sample.objects.filter(pk=one.pk).update(
                sent_on=date(2026, 3, 1 + number % 5),
                days_to_send=number % 9,
                decided_at=moment(number),
                decided_via="link",
            )

    def lose_sample(self, number: int) -> None:
        if one := self._one(Sample.objects, number):
            one.delete()

    def close_inquiry(self, number: int) -> None:
        self.made += 1
        closed = {"closed_at": moment(number), "status": "closed", "outcome": ("won", "lost", "spam")[number % 3]}
        Inquiry.objects.create(
            number=f"INQ-x{self.made}", contact_name="Jo", subject="Oak", text="Oak?", language="en", email="jo@x.example",
            **(closed if number % 4 else {}),
        )  # fmt: skip

    def close_otherwise(self, number: int) -> None:
        if one := self._one(Inquiry.objects.filter(status="closed"), number):
            Inquiry.objects.filter(pk=one.pk).update(closed_at=moment(number), outcome=("lost", "won")[number % 2])

    def open_again(self, number: int) -> None:
        if one := self._one(Inquiry.objects.filter(status="closed"), number):
            Inquiry.objects.filter(pk=one.pk).update(status="assigned", closed_at=None, outcome="")

    def lose_inquiry(self, number: int) -> None:
        if one := self._one(Inquiry.objects, number):
            one.delete()

    def require(self, number: int) -> None:
        policy = AfterSalesPolicy.current()
        policy.satisfied_score = 3 + number % 3
        policy.save()

    def move(self, number: int) -> None:
        company = Company.current()
        company.time_zone = ("Asia/Shanghai", "Europe/Berlin", "America/Havana", "Pacific/Kiritimati")[number % 4]
        company.save()
        cache.set(COMPANY_CACHE_KEY, company)

    def refresh(self, number: int) -> None:
        refresh_figures()
        assert not Touch.objects.exists() and not uncounted_figures()

    def rebuild(self, number: int) -> None:
        rebuild_figures()


DEEDS = [name for name in vars(World) if not name.startswith("_")]


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


# ---------------------------------------------------------------- several at once


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
