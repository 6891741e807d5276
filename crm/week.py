"""The week of one person: visits by day, in the order of the road, with when to leave and when to be there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from crm.models import AppointmentPolicy, Visit
from crm.routes import Leg, Pace, Position, Stop, plan_day
from crm.selectors import visible_visits
from foundation.accounts.models import User


@dataclass(frozen=True)
class Call:
    """One visit of the day and how it is reached. `is_first` and `is_last` among those that can change places."""

    visit: Visit
    leg: Leg
    is_first: bool
    is_last: bool
    may_move: bool


@dataclass(frozen=True)
class Day:
    """One day of the week."""

    on: date
    is_today: bool
    calls: list[Call] = field(default_factory=list)


def pace() -> Pace:
    """How fast we travel, as the rules say."""
    rules = AppointmentPolicy.current()
    return Pace(rules.speed_kmh, rules.detour_percent, rules.travel_minutes)


def home() -> Position | None:
    """Where the day begins, if the rules say so."""
    rules = AppointmentPolicy.current()
    if rules.start_latitude is None or rules.start_longitude is None:
        return None
    return Position(float(rules.start_latitude), float(rules.start_longitude))


def monday_of(day: date) -> date:
    """The Monday on or before the day."""
    return day - timedelta(days=day.weekday())


def start_of(day: date) -> datetime:
    """Midnight in the active time zone."""
    return timezone.make_aware(datetime.combine(day, time()))


def people_of(user: Any) -> QuerySet[User]:
    """Whose weeks this person may look at: everybody's, those of the team, or their own."""
    people = User.objects.filter(is_active=True).order_by("name")
    if user.has_perm("crm.plan_visits_of_others") or user.has_perm("crm.view_all_customers"):
        return people.filter(groups__permissions__codename="plan_visit").distinct()
    return people.filter(team=user.team_id) if user.team_id else people.filter(pk=user.pk)


def visits_of_week(user: Any, person: Any, monday: date) -> list[Visit]:
    """What this person may see of the person's visits in that week, with their records. One query."""
    rows = visible_visits(user).of(person.pk).between(start_of(monday), start_of(monday + timedelta(days=7)))
    rows = rows.exclude(status__in=[Visit.Status.CANCELLED, Visit.Status.MISSED])
    rows = rows.select_related("customer", "address", "contact", "owner")
    return list(rows.order_by("planned_start", "pk"))


def week_of(user: Any, person: Any, monday: date) -> list[Day]:
    """Monday to Sunday, with the route of each day."""
    by_day: dict[date, list[Visit]] = {}
    for visit in visits_of_week(user, person, monday):
        assert visit.planned_start is not None
        by_day.setdefault(timezone.localtime(visit.planned_start).date(), []).append(visit)
    today = timezone.localdate()
    days = [monday + timedelta(days=number) for number in range(7)]
    return [Day(day, day == today, _calls(user, by_day.get(day, []))) for day in days]


def legs_of(visits: Iterable[Visit]) -> list[Leg]:
    """The way through these visits, which have times and come sorted."""
    early = AppointmentPolicy.current().arrive_early_minutes
    return plan_day([_stop(one, early) for one in visits], pace(), home())


def _stop(visit: Visit, early: int) -> Stop:
    assert visit.planned_start is not None and visit.planned_end is not None
    if visit.arrive_by is not None:
        early = round((visit.planned_start - visit.arrive_by).total_seconds() / 60)
    position = visit.address.position if visit.address is not None else None
    return Stop(visit.planned_start, visit.planned_end, early, position, visit.travel_minutes)


def _calls(user: Any, visits: list[Visit]) -> list[Call]:
    plans_others = user.has_perm("crm.plan_visits_of_others")
    may_plan = user.has_perm("crm.plan_visit")
    movable = [one.pk for one in visits if one.status in Visit.BEFORE]
    return [
        Call(
            visit,
            leg,
            is_first=bool(movable) and movable[0] == visit.pk,
            is_last=bool(movable) and movable[-1] == visit.pk,
            may_move=visit.pk in movable and may_plan and (plans_others or visit.owner_id in (None, user.pk)),
        )
        for visit, leg in zip(visits, legs_of(visits), strict=True)
    ]
