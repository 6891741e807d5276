"""Changing calendars: checked first, then written as a new version."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from foundation.calendars import events
from foundation.calendars.engine import BusinessCalendar
from foundation.calendars.models import EIGHT_HOURS, Calendar, CalendarVersion
from foundation.calendars.zones import to_second
from foundation.journal.services import record


@transaction.atomic
def revise_calendar(calendar_id: int, *, actor: Any, plan: dict[str, Any], day_seconds: int = EIGHT_HOURS) -> Calendar:
    """Give the calendar a new version from now on; nothing happens when the plan is the current one.

    Running clocks follow by the event that this records; what they counted before stays. Raises CalendarError when
    the plan contradicts itself or has no working time within 400 days.
    """
    BusinessCalendar.from_plan(plan).check_working_time(to_second(timezone.now()))
    calendar = Calendar.objects.select_for_update().get(pk=calendar_id)
    last = calendar.versions.first()
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
        record(events.REVISED, calendar, actor=actor, facts={"version": version.number})
    return calendar


@transaction.atomic
def create_calendar(
    *,
    actor: Any,
    code: str,
    name: str,
    plan: dict[str, Any],
    day_seconds: int = EIGHT_HOURS,
    needs_notice: bool = False,
) -> Calendar:
    """A new calendar with its first version; raises CalendarError."""
    calendar = Calendar.objects.create(code=code, name=name, needs_notice=needs_notice)
    return revise_calendar(calendar.pk, actor=actor, plan=plan, day_seconds=day_seconds)
