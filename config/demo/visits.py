"""Visits of the people in the demo company: past ones with their arrivals, a week that is planned, one that waits for consent."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from config.demo.present import Stage
from crm.models import Address, CheckIn, Visit
from crm.services import agree_visit, plan_visit, propose_visit
from foundation.documents.numbering import next_number
from foundation.journal.services import record

# customer, purpose, what they asked for, days from the next Monday, hour, what was agreed by
PLANNED = (
    ("Thames", "Show the spring collection", ("samples",), 0, 10, "phone"),
    ("Pennine", "Talk about the terms for next year", ("quote",), 0, 14, "email"),
    ("Blue Ridge", "Measure the second hall", ("measuring", "references"), 2, 11, "phone"),
)
# customer, purpose, days ago, minutes after the start at which we came, result
PAST = (
    ("Thames", "Present the SPC range", 24, -14, "quote"),
    ("Pennine", "Introduce ourselves", 17, -11, "interested"),
    ("Lone Star", "Settle the colours", 10, 6, "order"),
)


def play(stage: Stage) -> None:
    """What Emily and Jiahao have on the road."""
    emily, jiahao = stage.staff["emily.carter"], stage.staff["jiahao.wu"]
    _place(stage, "Thames", "51.505600", "-0.091800")
    _place(stage, "Pennine", "53.796500", "-1.547800")
    for name, purpose, days, minutes, result in PAST:
        day = stage.times.weekday(stage.times.today - timedelta(days=days), back=True)
        start = stage.times.there(day, 10, stage.client(name).row.time_zone)
        _arrived(stage, emily, name, purpose, start, minutes, result)
    _gone(stage, jiahao)
    _under_way(stage, jiahao)
    for name, purpose, wishes, days, hour, channel in PLANNED:
        visit = _agreed(stage, emily, name, purpose, wishes, channel)
        start = _at(stage, name, days, hour)
        plan_visit(visit.pk, actor=emily, start=start, end=start + timedelta(minutes=90), tells_customer=False)
    _agreed(stage, emily, "Lone Star", "Train the new sales team", (), "video")
    _propose(stage, emily, "Southern Cross", "See the new showroom", ("technical",))
    _propose(stage, jiahao, "Guangzhou Huazhu", "带样品去现场看尺寸", ("samples", "measuring"))


def _gone(stage: Stage, owner: Any) -> None:
    """One that the customer missed, one that was called off."""
    day = stage.times.weekday(stage.times.today - timedelta(days=8), back=True)
    start = datetime.combine(day, time(14), stage.times.zone)
    missed = {"missed_by": "customer", "reason": "客户临时出差，前台无人接待"}
    visit = _kept(stage, owner, "Shenzhen", "看办公室隔断方案", start, status="missed", **missed)
    record("visit.missed", visit, actor=owner, occurred_at=start, private={"reason": visit.reason}, imported=True)
    start = datetime.combine(stage.times.weekday(day + timedelta(days=2)), time(14), stage.times.zone)
    visit = _kept(
        stage, owner, "Shanghai Ruijian", "谈明年合作", start, status="cancelled", reason="展会延期，改到下月"
    )
    record("visit.cancelled", visit, actor=owner, occurred_at=start, private={"reason": visit.reason}, imported=True)


def _under_way(stage: Stage, owner: Any) -> None:
    """Today: one where somebody is sitting now, one to which somebody is driving."""
    now = stage.times.now
    _arrived(stage, owner, "Guangzhou Huazhu", "样品确认", now - timedelta(minutes=25), -12, "")
    soon = now + timedelta(minutes=50)
    left = now - timedelta(minutes=5)
    visit = _kept(stage, owner, "Shenzhen", "重新看办公室隔断方案", soon, status="on_the_way", departed_at=left)
    record("visit.departed", visit, actor=owner, occurred_at=left, imported=True)


def _agreed(stage: Stage, owner: Any, name: str, purpose: str, wishes: tuple[str, ...], channel: str) -> Visit:
    visit = _propose(stage, owner, name, purpose, wishes)
    return agree_visit(visit.pk, actor=owner, by=stage.client(name).main.name, channel=channel)


def _place(stage: Stage, name: str, latitude: str, longitude: str) -> None:
    rows = Address.objects.filter(customer=stage.client(name).row, kind=Address.Kind.OFFICE)
    rows.update(latitude=Decimal(latitude), longitude=Decimal(longitude))


def _at(stage: Stage, name: str, days: int, hour: int) -> datetime:
    """On the week that begins with the next Monday, by the customer's clock."""
    today = stage.times.today
    monday = today + timedelta(days=7 - today.weekday())
    return stage.times.there(monday + timedelta(days=days), hour, stage.client(name).row.time_zone)


def _propose(stage: Stage, actor: Any, name: str, purpose: str, wishes: tuple[str, ...]) -> Visit:
    client = stage.client(name)
    return propose_visit(client.row.pk, actor=actor, purpose=purpose, contact=client.main, wishes=wishes)


def _arrived(stage: Stage, owner: Any, name: str, purpose: str, start: datetime, minutes: int, result: str) -> None:
    """A visit that took place, or takes place now while it has no result."""
    arrived = start + timedelta(minutes=minutes)
    ended = start + timedelta(minutes=80)
    done: dict[str, Any] = {"result": result, "ended_at": ended} if result else {}
    status = "done" if result else "arrived"
    visit = _kept(stage, owner, name, purpose, start, status=status, arrived_at=arrived, **done)
    CheckIn.objects.create(visit=visit, person=owner, received_at=arrived, no_position="no_signal")
    record("visit.arrived", visit, actor=owner, occurred_at=arrived, imported=True)
    if result:
        record("visit.finished", visit, actor=owner, occurred_at=ended, imported=True)


def _kept(stage: Stage, owner: Any, name: str, purpose: str, start: datetime, **values: Any) -> Visit:
    """A visit that was planned, as imported history is kept: no clock starts and nobody is told."""
    client = stage.client(name)
    visit = Visit.objects.create(
        number=next_number("visit", at=start),
        customer=client.row,
        contact=client.main,
        address=client.row.addresses.filter(kind=Address.Kind.OFFICE).first(),
        owner=owner,
        purpose=purpose,
        consent_by=client.main.name,
        consent_at=start - timedelta(days=5),
        consent_channel="phone",
        consent_noted_by=owner,
        planned_start=start,
        planned_end=start + timedelta(minutes=90),
        arrive_by=start - timedelta(minutes=10),
        created_at=start - timedelta(days=6),
        **values,
    )
    record("visit.planned", visit, actor=owner, occurred_at=start - timedelta(days=5), imported=True)
    return visit
