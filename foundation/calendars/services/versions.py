"""A plan is checked first, then written as a new version."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.calendars import events
from foundation.calendars.engine import BusinessCalendar
from foundation.calendars.models import EIGHT_HOURS, Calendar, CalendarVersion
from foundation.calendars.zones import to_second
from foundation.journal.machine import Refused
from foundation.journal.services import record
from foundation.ui import formats


def lock_calendar(calendar_id: int) -> Calendar:
    """The calendar with its current version, for whoever is about to write the next one."""
    return Calendar.objects.select_for_update(of=("self",)).select_related("current").get(pk=calendar_id)


@transaction.atomic
def revise_calendar(
    calendar_id: int,
    *,
    actor: Any,
    plan: dict[str, Any],
    day_seconds: int | None = None,
    based_on: int | None = None,
    code: str = events.REVISED,
    facts: dict[str, Any] | None = None,
) -> Calendar:
    """Give the calendar a new version from now on; nothing happens when the plan is the current one.

    Running clocks follow by the event that this records; what they counted before stays. `day_seconds` None keeps the
    length of the working day. Raises CalendarError when the plan contradicts itself or has no working time within 400
    days, and Refused when the plan was made from another version (`based_on`) than the current one.
    """
    BusinessCalendar.from_plan(plan).check_working_time(to_second(timezone.now()))
    calendar = lock_calendar(calendar_id)
    last = calendar.current
    if based_on is not None and last is not None and last.number != based_on:
        raise Refused(overtaken(last))
    if day_seconds is None:
        day_seconds = last.day_seconds if last else EIGHT_HOURS
    if last is not None and last.plan == plan and last.day_seconds == day_seconds:
        return calendar
    version = CalendarVersion.objects.create(
        calendar=calendar,
        number=last.number + 1 if last else 1,
        plan=plan,
        day_seconds=day_seconds,
        created_by=actor if getattr(actor, "pk", None) else None,
    )
    calendar.current = version
    calendar.save(update_fields=["current"])
    if last is not None:
        record(code, calendar, actor=actor, facts={"version": version.number, **(facts or {})})
    return calendar


@transaction.atomic
def create_calendar(
    *, actor: Any, code: str, name: str, plan: dict[str, Any], day_seconds: int = EIGHT_HOURS, **fields: Any
) -> Calendar:
    """A new calendar with its first version; `fields` are further ones of the calendar. Raises CalendarError."""
    calendar = Calendar.objects.create(code=code, name=name, **fields)
    return revise_calendar(calendar.pk, actor=actor, plan=plan, day_seconds=day_seconds)


@transaction.atomic
def edit_calendar(
    calendar: Calendar, *, actor: Any, changed: list[str], plan: dict[str, Any], day_seconds: int, based_on: int | None
) -> Calendar:
    """Save the fields of a calendar that a form has changed, and its plan as the next version."""
    saved = [name for name in changed if name in ("name", "needs_notice", "country", "region")]
    if saved:
        calendar.save(update_fields=saved)
    return revise_calendar(calendar.pk, actor=actor, plan=plan, day_seconds=day_seconds, based_on=based_on)


def overtaken(last: CalendarVersion) -> str:
    """The sentence for whoever saves what was made from an older version."""
    values = {
        "number": last.number,
        "who": str(last.created_by) if last.created_by else _("the system"),
        "when": formats.moment(last.valid_from),
    }
    return _("Meanwhile version %(number)s was written: %(who)s, %(when)s. Look at it before you save.") % values
