"""Receptions of the demo company's showroom: one of every state, the tour that runs over and the guests of tomorrow among them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from config.demo.present import Stage
from crm.models import Reception, ServiceRecord
from crm.services import add_service_record, book_reception
from crm.services.preparation import fill_checklist
from crm.services.receptions import fill_steps
from foundation.documents.numbering import next_number
from foundation.journal.services import record


def play(stage: Stage) -> None:
    """Whom Emily and Jiahao receive."""
    emily, jiahao = stage.staff["emily.carter"], stage.staff["jiahao.wu"]
    _ended(stage, emily)
    _under_way(stage, jiahao)
    _others(stage, emily)
    day = stage.times.weekday(stage.times.today + timedelta(days=1))
    tomorrow = datetime.combine(day, time(15), stage.times.zone)
    client = stage.client("Blue Ridge")
    book_reception(
        client.row.pk,
        actor=emily,
        purpose="See the acoustic floors for the second hall",
        start=tomorrow,
        assistant=jiahao,
        contact=client.main,
        head_count=3,
        wishes=("samples", "quote"),
    )


def _ended(stage: Stage, owner: Any) -> None:
    day = stage.times.weekday(stage.times.today - timedelta(days=4), back=True)
    start = datetime.combine(day, time(10), stage.times.zone)
    one = _kept(stage, owner, "Thames", "Choose the floor for the London offices", start, 2)
    at = start
    for step in one.steps.all():
        step.began_at, at = at, at + timedelta(minutes=step.planned_minutes + step.pk % 3)
        step.ended_at, step.ticked_by = at, owner
        step.save()
    row = add_service_record(
        one.customer_id,
        actor=owner,
        subject=one.purpose,
        content="They like the light oak best and want it in two thicknesses.",
        type=ServiceRecord.Type.RECEPTION,
        channel=ServiceRecord.Channel.MEETING,
        contact=one.contact,
        started_at=start,
        ended_at=at,
        imported=True,
    )
    done = {"arrived_at": start, "ended_at": at, "result": "quote", "outcome": row}
    for status in ("arrived", "under_way", "ended"):
        Reception.objects.filter(pk=one.pk).update(status=status, **done)
    one.refresh_from_db()
    record("reception.ended", one, actor=owner, occurred_at=at, imported=True)


def _under_way(stage: Stage, owner: Any) -> None:
    """Here since twenty minutes; the first steps are ticked, the film runs over."""
    now = stage.times.now
    start = now - timedelta(minutes=31)
    one = _kept(stage, owner, "Guangzhou Huazhu", "看办公室地板样品", start, 4)
    steps = list(one.steps.all())
    for step, begin, end in zip(steps, (31, 22, 17), (22, 17, None), strict=False):
        step.began_at = now - timedelta(minutes=begin)
        step.ended_at = now - timedelta(minutes=end) if end is not None else None
        step.ticked_by = owner
        step.save()
    for status in ("arrived", "under_way"):
        Reception.objects.filter(pk=one.pk).update(status=status, arrived_at=now - timedelta(minutes=22))
    one.refresh_from_db()
    record("reception.begun", one, actor=owner, occurred_at=now - timedelta(minutes=22), imported=True)


def _others(stage: Stage, owner: Any) -> None:
    """Guests at the desk, guests who never came, and an appointment that was called off."""
    now = stage.times.now
    here = _kept(stage, owner, "Pennine", "Compare wear layers", now - timedelta(minutes=4), 1)
    Reception.objects.filter(pk=here.pk).update(status="arrived", arrived_at=now - timedelta(minutes=4))
    record("reception.arrived", here, actor=owner, occurred_at=now - timedelta(minutes=4), imported=True)
    for name, days, status, code, reason in (
        ("Lone Star", 9, "no_show", "reception.missed", "The flight was cancelled, nobody told us"),
        ("Southern Cross", 6, "cancelled", "reception.cancelled", "They come with the architect next month"),
    ):
        day = stage.times.weekday(stage.times.today - timedelta(days=days), back=True)
        start = datetime.combine(day, time(14), stage.times.zone)
        one = _kept(stage, owner, name, "See the new collection", start, 2)
        Reception.objects.filter(pk=one.pk).update(status=status, reason=reason)
        one.refresh_from_db()
        record(code, one, actor=owner, occurred_at=start, private={"reason": reason}, imported=True)


def _kept(stage: Stage, owner: Any, name: str, purpose: str, start: datetime, visitors: int) -> Reception:
    """A reception as imported history is kept: nobody is told."""
    client = stage.client(name)
    one = Reception.objects.create(
        number=next_number("reception", at=start),
        customer=client.row,
        contact=client.main,
        owner=owner,
        purpose=purpose,
        planned_start=start,
        planned_end=start + timedelta(minutes=90),
        language=client.row.language,
        head_count=visitors,
        briefed_on=start.date(),
        created_at=start - timedelta(days=3),
    )
    fill_checklist(one, wishes=())
    fill_steps(one)
    record("reception.planned", one, actor=owner, occurred_at=start - timedelta(days=3), imported=True)
    return one
