"""Entering and calling off absences, and who is away today where they are."""

from __future__ import annotations

import zoneinfo
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.models import Leave, User
from foundation.journal.machine import Refused
from foundation.journal.services import record
from foundation.ui import formats
from foundation.ui.shelf import Shelf, follow

LONGEST = timedelta(days=400)


def today_of(person: Any, now: datetime | None = None) -> date:
    """The date where this person is."""
    return _today_in(person.time_zone, now or timezone.now())


def _today_in(zone: str, now: datetime) -> date:
    return now.astimezone(zoneinfo.ZoneInfo(zone)).date()


def _read_absences() -> list[tuple[int, str, date, date]]:
    recent = timezone.now().date() - timedelta(days=2)
    rows = Leave.objects.standing().filter(last_day__gte=recent)
    return list(rows.order_by().values_list("person_id", "person__time_zone", "first_day", "last_day"))


_absences: Shelf[list[tuple[int, str, date, date]]] = Shelf(_read_absences)
follow(Leave)


def away_today(now: datetime | None = None) -> set[int]:
    """Everybody who is away today, each by the calendar of their own zone. Remembered until an absence changes."""
    now = now or timezone.now()
    return {
        person for person, zone, first_day, last_day in _absences.get() if first_day <= _today_in(zone, now) <= last_day
    }


def leave_today(person_id: int, now: datetime | None = None) -> Leave | None:
    """The absence that this colleague is in today, with the deputy; None for who is there. No query in a warm process then."""
    now = now or timezone.now()
    if person_id not in away_today(now):
        return None
    leaves = Leave.objects.standing().filter(person_id=person_id).select_related("person", "deputy")
    today = [one for one in leaves.order_by("-last_day", "-pk") if one.first_day <= today_of(one.person, now)]
    return next(iter(today), None)


def is_away_on(person: Any, day: date) -> bool:
    """Whether this colleague has an absence with that day in it."""
    return Leave.objects.standing().filter(person=person, first_day__lte=day, last_day__gte=day).exists()


def may_manage_absence(actor: Any, person: User) -> bool:
    """The person's manager, the lead of their team, and who has the right for everybody."""
    is_above = person.manager_id == actor.pk or (person.team is not None and person.team.lead_id == actor.pk)
    return is_above or bool(actor.has_perm("accounts.manage_leave"))


def demand_absence(actor: Any, person: User) -> None:
    """Raise Refused unless this is oneself or somebody whom one manages."""
    if actor.pk != person.pk and not may_manage_absence(actor, person):
        raise Refused(_("You do not have the right to do this."), reason="permission")


@transaction.atomic
def enter_leave(
    person_id: int,
    *,
    actor: Any,
    first_day: date,
    last_day: date,
    kind: str = Leave.Kind.HOLIDAY,
    deputy: User | None = None,
    note: str = "",
) -> Leave:
    """Enter days of absence: one's own for days to come, a manager's also for today. Raises Refused."""
    person = User.objects.select_for_update(of=("self",)).select_related("team").get(pk=person_id)
    demand_absence(actor, person)
    today = today_of(person)
    if last_day < first_day:
        raise Refused(_("The last day lies before the first."), reason="input", field="last_day")
    if last_day - first_day > LONGEST:
        raise Refused(_("An absence of more than 400 days is not entered here."), reason="input", field="last_day")
    if actor.pk == person.pk and not may_manage_absence(actor, person) and first_day <= today:
        raise Refused(_("For today ask your manager; you enter days to come."), reason="input", field="first_day")
    if last_day < today:
        raise Refused(_("These days are over."), reason="input", field="last_day")
    if deputy is not None and (deputy.pk == person.pk or not deputy.is_active):
        raise Refused(_("Choose somebody else as deputy."), reason="input", field="deputy")
    _refuse_overlap(person, first_day, last_day)
    leave = Leave.objects.create(
        person=person, first_day=first_day, last_day=last_day, kind=kind, deputy=deputy, note=note, entered_by=actor
    )
    record("user.leave_entered", person, actor=actor, facts=_days(leave), private={"note": note} if note else None)
    return leave


def _refuse_overlap(person: User, first_day: date, last_day: date) -> None:
    """Under the lock on the person, so that of two overlapping absences entered at once one is refused."""
    other = Leave.objects.standing().filter(person=person, first_day__lte=last_day, last_day__gte=first_day).first()
    if other is not None:
        days = {"first": formats.day(other.first_day), "last": formats.day(other.last_day)}
        raise Refused(
            _("There is an absence from %(first)s to %(last)s already.") % days, reason="input", field="first_day"
        )


@transaction.atomic
def cancel_leave(pk: int, *, actor: Any) -> Leave:
    """Call an absence off, or end it early; what was handed over because of it goes back with the next round."""
    person_id = Leave.objects.values_list("person_id", flat=True).get(pk=pk)
    person = User.objects.select_for_update(of=("self",)).select_related("team").get(pk=person_id)
    demand_absence(actor, person)
    leave = Leave.objects.select_for_update(of=("self",)).get(pk=pk)
    if leave.cancelled_at is not None:
        raise Refused(_("This absence has been called off already."))
    if leave.last_day < today_of(person):
        raise Refused(_("These days are over."))
    leave.cancelled_at = timezone.now()
    leave.save(update_fields=["cancelled_at"])
    if (handover := getattr(leave, "handover", None)) is not None and handover.returned_at is None:
        handover.back_on = today_of(person)
        handover.save(update_fields=["back_on"])
    record("user.leave_cancelled", person, actor=actor, facts=_days(leave))
    return leave


def _days(leave: Leave) -> dict[str, Any]:
    return {"first_on": leave.first_day, "last_on": leave.last_day, "deputy_id": leave.deputy_id, "leave_id": leave.pk}
