"""Public holidays: proposed from the library, and counted only once a person has confirmed them."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.calendars import events
from foundation.calendars.engine import CalendarError, format_time, parse_spans
from foundation.calendars.models import Calendar, HolidayDay, HolidayYear
from foundation.calendars.public_days import CLOSED, HALF, PublicDay, public_days, source
from foundation.calendars.reasons import explain
from foundation.calendars.services.versions import lock_calendar, revise_calendar
from foundation.journal.machine import Refused
from foundation.journal.services import record

Spans = list[list[str]]


@transaction.atomic
def propose_holidays(calendar_id: int, *, actor: Any, country: str, region: str = "", year: int) -> HolidayYear:
    """Put the year's public holidays before a person; nothing counts yet. Raises Refused.

    Asked again, it brings what the library has learnt since: decisions stay, days that nobody decided on are read anew.
    """
    calendar = lock_calendar(calendar_id)
    try:
        found = public_days(country, region, year)
    except CalendarError as error:
        about = "year" if "year" in error.params else "region" if "known" in error.params else "country"
        raise Refused(explain(error), reason="input", field=about) from error
    proposal, is_new = HolidayYear.objects.get_or_create(
        calendar=calendar,
        year=year,
        defaults={
            "country": country,
            "region": region,
            "source": source(),
            "proposed_by": actor if getattr(actor, "pk", None) else None,
        },
    )
    if not is_new:
        proposal.country, proposal.region, proposal.source = country, region, source()
        proposal.save(update_fields=["country", "region", "source"])
        proposal.days.filter(decision=HolidayDay.Decision.OPEN).delete()
    known = set(proposal.days.values_list("day", flat=True))
    weekly = calendar.plan.get("weekly", {})
    rows = [
        HolidayDay(holiday_year=proposal, day=one.day, name=one.name[:200], kind=one.kind, spans=usual(one, weekly))
        for one in found
        if one.day not in known and (one.kind != HALF or weekly.get(str(one.day.isoweekday())))
    ]
    HolidayDay.objects.bulk_create(rows)
    record(events.HOLIDAYS_PROPOSED, calendar, actor=actor, facts={"year": year, "country": country})
    return proposal


@transaction.atomic
def confirm_holidays(
    proposal_id: int, *, actor: Any, days: dict[int, Spans], leave_out: set[int] | None = None
) -> Calendar:
    """Let these proposed days count from now on, as one new version of the calendar.

    `days` names rows of the proposal with their hours (none: closed); `leave_out` names those that shall not count. A year
    with no day undecided is known. Raises Refused, with the field `day_<row>` of the day that does not fit.
    """
    proposal = HolidayYear.objects.select_for_update().get(pk=proposal_id)
    calendar = lock_calendar(proposal.calendar_id)
    rows = {row.pk: row for row in proposal.days.filter(decision=HolidayDay.Decision.OPEN)}
    unknown = (set(days) | (leave_out or set())) - set(rows)
    if unknown:
        raise Refused(_("Somebody has decided on these days already. Look again."))
    taken = [rows[pk] for pk in days]
    for row in taken:
        row.spans = days[row.pk]
    plan = with_days(calendar.plan, [(row.pk, row.day.isoformat(), row.name, row.kind, row.spans) for row in taken])
    left = [rows[pk] for pk in sorted(leave_out or ())]
    if len(taken) + len(left) == len(rows):
        plan["years"] = sorted({*plan.get("years", []), proposal.year})
    _decide(taken, HolidayDay.Decision.TAKEN, actor)
    _decide(left, HolidayDay.Decision.LEFT, actor)
    facts = {"year": proposal.year, "days": len(taken), "left_out": len(left)}
    code, current = events.HOLIDAYS_CONFIRMED, calendar.current
    if current is not None and plan == current.plan:
        record(code, calendar, actor=actor, facts={"version": current.number, **facts})
        return calendar
    try:
        return revise_calendar(calendar.pk, actor=actor, plan=plan, code=code, facts=facts)
    except CalendarError as error:
        day = str(error.params.get("date", ""))
        field = next((f"day_{row.pk}" for row in taken if row.day.isoformat() == day), None)
        raise Refused(explain(error), reason="input", field=field) from error


def with_days(plan: dict[str, Any], days: list[tuple[int, str, str, str, Spans]]) -> dict[str, Any]:
    """The plan with (row, date, name, kind, hours) added; raises Refused where a date would be both closed and special."""
    closed, special = set(plan.get("closed", [])), dict(plan.get("special", {}))
    names = dict(plan.get("names", {}))
    for pk, day, name, kind, spans in days:
        if (kind == CLOSED and day in special) or (kind != CLOSED and day in closed):
            reason = CalendarError("%(date)s is both closed and special", date=day)
            raise Refused(explain(reason), reason="input", field=f"day_{pk}")
        if kind == CLOSED:
            closed.add(day)
        elif not spans:
            raise Refused(_("Say from when to when is worked."), reason="input", field=f"day_{pk}")
        else:
            special[day] = spans
        names.setdefault(day, name)
    return {
        **plan,
        "closed": sorted(closed),
        "special": dict(sorted(special.items())),
        "names": dict(sorted(names.items())),
    }


def usual(one: PublicDay, weekly: dict[str, Spans]) -> Spans:
    """The hours that a make-up day or a half day has unless somebody says otherwise; none for a closed date."""
    if one.kind == CLOSED:
        return []
    hours = weekly.get(str(one.day.isoweekday())) or next((weekly[n] for n in sorted(weekly) if weekly[n]), [])
    return first_half(hours) if one.kind == HALF else hours


def first_half(hours: Spans) -> Spans:
    """The morning: until the lunch break, or until half of the only span."""
    if len(hours) != 1:
        return hours[:1]
    begin, end = parse_spans(hours, "")[0]
    return [[format_time(begin), format_time(begin + (end - begin) // 2)]]


def _decide(rows: list[HolidayDay], decision: str, actor: Any) -> None:
    now = timezone.now()
    for row in rows:
        row.decision, row.decided_at = decision, now
        row.decided_by = actor if getattr(actor, "pk", None) else None
    HolidayDay.objects.bulk_update(rows, ["decision", "decided_at", "decided_by", "spans"])
