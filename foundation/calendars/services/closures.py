"""Own closures: the factory is shut, or works shorter, from one day to another. Each change is a new version."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.calendars import events
from foundation.calendars.engine import CalendarError
from foundation.calendars.models import Calendar
from foundation.calendars.reasons import explain
from foundation.calendars.services.versions import lock_calendar, revise_calendar
from foundation.journal.machine import Refused

Closure = dict[str, Any]


def find_closure(calendar: Calendar, closure_id: int) -> Closure | None:
    """The closure of that number in the current plan."""
    return next((one for one in calendar.plan.get("closures", []) if one["id"] == closure_id), None)


@transaction.atomic
def add_closure(
    calendar_id: int,
    *,
    actor: Any,
    first: date,
    last: date,
    name: str,
    reason: str = "",
    spans: list[list[str]] | None = None,
) -> Calendar:
    """Close the calendar from `first` to `last`, or let it work in `spans` only. Raises Refused."""
    calendar = lock_calendar(calendar_id)
    assert calendar.current is not None
    if last < calendar.today():
        raise Refused(_("These days are over: what was counted then stays."), reason="input", field="last")
    # A version adds one closure at most, so its number names the closure for good.
    added = _closure(calendar.current.number + 1, first, last, name, reason, spans)
    return _write(calendar, [*_closures(calendar), added], actor, events.CLOSURE_ADDED, added)


@transaction.atomic
def change_closure(
    calendar_id: int,
    closure_id: int,
    *,
    actor: Any,
    first: date,
    last: date,
    name: str,
    reason: str = "",
    spans: list[list[str]] | None = None,
) -> Calendar:
    """Change a closure that has not begun. Raises Refused."""
    calendar = lock_calendar(calendar_id)
    old = _known(calendar, closure_id)
    if date.fromisoformat(old["first"]) <= calendar.today():
        raise Refused(_("This closure has begun: take it back, and add another one for what is left."))
    if last < calendar.today():
        raise Refused(_("These days are over: what was counted then stays."), reason="input", field="last")
    changed = _closure(closure_id, first, last, name, reason, spans)
    rest = [changed if one["id"] == closure_id else one for one in _closures(calendar)]
    return _write(calendar, rest, actor, events.CLOSURE_CHANGED, changed)


@transaction.atomic
def take_back_closure(calendar_id: int, closure_id: int, *, actor: Any) -> Calendar:
    """Open again from today on what a closure still shuts; the days that have passed stay closed. Raises Refused."""
    calendar = lock_calendar(calendar_id)
    old, today = _known(calendar, closure_id), calendar.today()
    if date.fromisoformat(old["last"]) < today:
        raise Refused(_("This closure is over."))
    rest = [one for one in _closures(calendar) if one["id"] != closure_id]
    if date.fromisoformat(old["first"]) < today:
        rest.append({**old, "last": (today - timedelta(days=1)).isoformat()})
    return _write(calendar, rest, actor, events.CLOSURE_TAKEN_BACK, old)


def _closures(calendar: Calendar) -> list[Closure]:
    return list(calendar.plan.get("closures", []))


def _known(calendar: Calendar, closure_id: int) -> Closure:
    found = find_closure(calendar, closure_id)
    if found is None:
        raise Refused(_("This closure has been taken back already."))
    return found


def _closure(number: int, first: date, last: date, name: str, reason: str, spans: list[list[str]] | None) -> Closure:
    return {
        "id": number,
        "first": first.isoformat(),
        "last": last.isoformat(),
        "name": name,
        "reason": reason,
        "spans": spans or [],
    }


def _write(calendar: Calendar, closures: list[Closure], actor: Any, code: str, about: Closure) -> Calendar:
    plan = {**calendar.plan, "closures": sorted(closures, key=lambda one: one["first"])}
    facts = {"closure": about["name"], "first_on": about["first"], "last_on": about["last"]}
    try:
        return revise_calendar(calendar.pk, actor=actor, plan=plan, code=code, facts=facts)
    except CalendarError as error:
        raise Refused(explain(error), reason="input", field="first") from error
