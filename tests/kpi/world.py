"""Things that happen to figures, and what must hold whatever happened."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache

from aftersales.defaults import load as load_aftersales
from aftersales.models import AfterSalesPolicy, Survey
from crm.models import Inquiry, Sample, Visit
from foundation.accounts.models import COMPANY_CACHE_KEY, Company
from foundation.calendars.models import Calendar
from foundation.journal.models import Attachment
from foundation.sla.models import Clock, Target
from kpi.figures import FIGURES, measure, measure_with_course
from kpi.models import Touch
from kpi.periods import Period
from kpi.rollups import read_states
from kpi.selectors import measures_from_days
from kpi.services import differences, rebuild_figures, refresh_figures, uncounted_figures
from logistics.models import Shipment, ShipmentLine
from orders.models import DocumentKind, DocumentVersion, OrderLine, TradeDocument
from tests.kpi.test_figures import delivery, line

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
PERIODS = [Period(), YEAR, Period(date(2026, 3, 2), date(2026, 3, 4)), Period(date(2025, 12, 30), None)]


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
