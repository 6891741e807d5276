"""What people do to a clock themselves: set its due time, begin its promise afresh."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.calendars.engine import CalendarError
from foundation.calendars.zones import to_datetime, to_second
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.journal.services import record
from foundation.sla import engine, escalation, events, store
from foundation.sla.aim import Anchor, first_target
from foundation.sla.models import Clock
from foundation.sla.rows import calendar_of, entry, put_back, timers_of, to_engine, version_of
from foundation.sla.services.changes import fairly
from foundation.sla.services.following import version_now
from foundation.sla.services.steps import kept_facts


@transaction.atomic
def set_due(pk: int, *, actor: Any, due_at: datetime, reason: str) -> Clock:
    """Set the due time of an open clock by hand. From then on only another person moves it; pauses do not. Raises Refused."""
    _demand(actor, "sla.set_due")
    _refuse_without(reason)
    row, moment = _locked(pk)
    clock = to_engine(row)
    _refuse_if_late(clock, moment)
    if to_second(due_at) <= moment:
        raise Refused(_("The due time has to lie in the future."), reason="input", field="due_at")

    def change() -> list[Any]:
        clock.set_due(to_second(due_at), moment)
        return [entry("due", moment, clock, row)]

    try:
        entries = fairly(clock, row, change)
    except CalendarError as error:
        raise Refused(
            _("The calendar has no working hours up to that time."), reason="input", field="due_at"
        ) from error
    put_back(clock, row)
    event = _tell(events.DUE_SET, row, actor, reason)
    store.save(row, timers_of(clock, escalation.minutes_of(row)), entries, event_id=event.pk, code=event.code)
    return row


@transaction.atomic
def reset_clock(pk: int, *, actor: Any, reason: str) -> Clock:
    """End this cycle, neither kept nor missed by it, and begin the promise afresh. Answers the new clock; raises Refused.

    A promise that was missed already stays missed in the cycle that ends.
    """
    _demand(actor, "sla.reset_clock")
    _refuse_without(reason)
    row, moment = _locked(pk)
    clock = to_engine(row)
    clock.reset(moment)
    put_back(clock, row)
    event = _tell(events.RESET, row, actor, reason)
    timers = timers_of(clock, escalation.minutes_of(row))
    store.save(row, timers, [entry("reset", moment, clock, row)], event_id=event.pk, code=event.code)
    return _begin_again(row, moment, event)


def _begin_again(old: Clock, moment: int, event: Event) -> Clock:
    """The next cycle of the same promise, with the calendar that counts now."""
    target = old.target
    version = version_now(target, old.facts, old.customer_id)
    anchor = Anchor.kept(old)
    seconds = first_target(target, version, anchor, moment)
    if seconds is None:  # the target hangs on a date now that this clock has never heard of
        seconds = old.target_s
    clock = engine.Clock.start(calendar_of(version.pk if version else None), seconds, target.warning_percent, moment)
    row = Clock(
        content_type_id=old.content_type_id,
        object_id=old.object_id,
        metric=old.metric,
        target=target,
        calendar_version=version,
        started_at=to_datetime(moment),
        number=old.number,
        customer_id=old.customer_id,
        owner_id=old.owner_id,
        target_revision=target.revision,
        facts={**kept_facts(old.facts), **escalation.facts_of(target), **(anchor.stored() if anchor else {})},
        path=old.path,
    )
    put_back(clock, row)
    store.insert([(row, timers_of(clock, escalation.minutes_of(row)))], event_id=event.pk, code=event.code)
    return Clock.objects.open().get(content_type_id=old.content_type_id, object_id=old.object_id, metric=old.metric)


def _demand(actor: Any, permission: str) -> None:
    if not actor.has_perm(permission):
        raise Refused(_("You do not have the right to do this."), reason="permission")


def _refuse_without(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Say why."), reason="input", field="reason")


def _locked(pk: int) -> tuple[Clock, int]:
    """The open clock under its lock, and the second that counts."""
    row = store.lock_one(pk)
    if row is None:
        raise Refused(_("This promise has been kept, missed or begun afresh already."))
    version_of(row.calendar_version_id)
    locked_at: datetime = row.locked_at  # type: ignore[attr-defined]
    return row, max(to_second(locked_at), to_second(row.consumed_until))


def _refuse_if_late(clock: engine.Clock, moment: int) -> None:
    if clock.breached_at is not None or (clock.due_at is not None and clock.due_at < moment):
        raise Refused(_("This promise is missed already: a miss is a fact, and its time stays."))


def _tell(code: str, row: Clock, actor: Any, reason: str) -> Event:
    """Record what somebody did to a clock on the timeline of its record, with the facts of all events of clocks."""
    facts = {
        **row.facts,
        "owner_id": row.owner_id,
        "clock_id": row.pk,
        "metric": row.metric,
        "target": row.target.code,
        "promise": row.target.names,
        "due_at": row.due_at.isoformat() if row.due_at else None,
    }
    if row.subject is None:
        raise Refused(_("The record of this promise is gone."))
    return record(code, row.subject, actor=actor, facts=facts, private={"reason": reason.strip()})
