"""Whose hours count: for a team, and by agreement for a customer."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from foundation.calendars import events
from foundation.calendars.models import Calendar, CalendarUse
from foundation.journal.services import record


@transaction.atomic
def use_for_team(calendar_id: int, *, actor: Any, team: Any) -> CalendarUse:
    """Let this calendar count for a team's promises that are started from now on."""
    calendar = Calendar.objects.get(pk=calendar_id)
    use = _put(actor, calendar, team=team)
    record(events.TEAM_ASSIGNED, calendar, actor=actor, facts={"team": str(team)})
    return use


@transaction.atomic
def end_use_for_team(use_id: int, *, actor: Any) -> Calendar:
    """The team goes by each target's own calendar again."""
    use = CalendarUse.objects.select_related("calendar", "team").exclude(team=None).get(pk=use_id)
    calendar, team = use.calendar, str(use.team)
    use.delete()
    record(events.TEAM_RELEASED, calendar, actor=actor, facts={"team": team})
    return calendar


def agree_with_customer(customer_id: int, *, actor: Any, calendar: Calendar | None) -> bool:
    """Write down which calendar was agreed with a customer, None for none; returns whether that is new.

    The caller is the customer's stage, in its own transaction, and records the event on the customer.
    """
    current = CalendarUse.objects.filter(customer_id=customer_id).first()
    if (current.calendar_id if current else None) == (calendar.pk if calendar else None):
        return False
    if calendar is None:
        assert current is not None
        current.delete()
    else:
        _put(actor, calendar, customer_id=customer_id)
    return True


def _put(actor: Any, calendar: Calendar, **whose: Any) -> CalendarUse:
    values = {"calendar": calendar, "set_by": actor if getattr(actor, "pk", None) else None}
    return CalendarUse.objects.update_or_create(**whose, defaults=values)[0]
