"""On the road: setting off, checking in at the customer's door, writing down what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.models import AppointmentPolicy, CheckIn, ServiceRecord, Visit
from crm.routes import Position, distance_m
from crm.services import changes
from crm.services.addresses import update_address
from crm.services.outcomes import NEXT_TASK, NEXT_VISIT, Next, ask_for_next, who_goes_on, write_down
from crm.services.recordings import Agreed, holds_voice
from crm.services.visits import propose_visit
from foundation.accounts.models import User
from foundation.journal.attachments import attach
from foundation.journal.machine import Refused, demand, perform

# A check-in that states an earlier time than this was entered late.
PROMPT = timedelta(minutes=2)


@dataclass(frozen=True)
class Fix:
    """What a phone says about where it is: degrees, and the radius in metres within which it is sure."""

    latitude: Decimal
    longitude: Decimal
    accuracy_m: int


@transaction.atomic
def depart(pk: int, *, actor: Any) -> Visit:
    """Set off to the customer. Raises Refused."""
    return perform(Visit, pk, "depart", actor=actor)


@transaction.atomic
def check_in(
    pk: int,
    *,
    actor: Any,
    fix: Fix | None = None,
    no_position: str = "",
    stated_at: datetime | None = None,
    note: str = "",
    keep_position: bool = False,
) -> Visit:
    """At the customer's. The time is the server's, unless an earlier one is stated: then it is marked as entered late.

    Without a position there must be a reason. With `keep_position` a good position becomes the address's. Raises Refused.
    """
    now = timezone.now()
    arrived_at, is_late = _arrival(now, stated_at)
    if fix is None and no_position not in CheckIn.NoPosition.values:
        raise Refused(
            _("There is no position: say why, or let the phone tell it."), reason="input", field="no_position"
        )
    visit = changes.lock(Visit, pk)
    metres = _distance(visit, fix)
    punctual = visit.arrive_by is not None and arrived_at <= visit.arrive_by
    visit = perform(
        Visit,
        pk,
        "arrive",
        actor=actor,
        occurred_at=arrived_at if is_late else None,
        facts={
            "has_position": fix is not None,
            "distance_m": metres,
            "is_late_entry": is_late,
            "is_punctual": punctual,
        },
        at=arrived_at,
    )
    CheckIn.objects.create(
        visit=visit,
        person=actor if getattr(actor, "pk", None) else None,
        stated_at=arrived_at if is_late else None,
        latitude=fix.latitude if fix else None,
        longitude=fix.longitude if fix else None,
        accuracy_m=fix.accuracy_m if fix else None,
        distance_m=metres,
        no_position="" if fix else no_position,
        note=note,
    )
    # a position that is less exact says nothing about where an address lies
    is_exact = fix is not None and fix.accuracy_m <= AppointmentPolicy.current().exact_metres
    if keep_position and fix is not None and is_exact and visit.address is not None:
        update_address(visit.address.pk, actor=actor, latitude=fix.latitude, longitude=fix.longitude)
    return visit


def _arrival(now: datetime, stated_at: datetime | None) -> tuple[datetime, bool]:
    """When we arrived, and whether that is what somebody says afterwards."""
    if stated_at is None:
        return now, False
    if stated_at > now + timedelta(minutes=1):
        raise Refused(_("You cannot have arrived in the future."), reason="input", field="stated_at")
    days = AppointmentPolicy.current().check_in_days
    if stated_at < now - timedelta(days=days):
        said = ngettext(
            "A check-in is entered within %(days)s day.", "A check-in is entered within %(days)s days.", days
        )
        raise Refused(said % {"days": days}, reason="input", field="stated_at")
    return (stated_at, True) if now - stated_at > PROMPT else (now, False)


def _distance(visit: Visit, fix: Fix | None) -> int | None:
    place = visit.address.position if visit.address else None
    if place is None or fix is None:
        return None
    return distance_m(place, Position(float(fix.latitude), float(fix.longitude)))


@transaction.atomic
def finish_visit(
    pk: int,
    *,
    actor: Any,
    result: str,
    discussed: str,
    feedback: str = "",
    ended_at: datetime | None = None,
    next_kind: str = NEXT_TASK,
    next_step: str = "",
    next_step_on: date | None = None,
    no_next_step_reason: str = "",
    photos: Iterable[Any] = (),
    recording: Agreed | None = None,
) -> Visit:
    """What came of the visit: a service record for good, and a task or a next visit. Raises Refused.

    A next step needs its day; without one there must be a reason. `recording` is the consent of those who are heard on one.
    """
    if result not in Visit.Result.values:
        raise Refused(_("Choose the result."), reason="input", field="result")
    following = Next(next_kind, next_step, next_step_on, no_next_step_reason)
    following.refuse_endless()
    visit = changes.lock(Visit, pk)
    demand(visit, "finish", actor=actor)
    assert visit.arrived_at is not None
    ended, photos = ended_at or timezone.now(), list(photos)
    row = write_down(
        visit,
        following,
        actor=actor,
        kind=ServiceRecord.Type.VISIT,
        discussed=discussed,
        feedback=feedback,
        ended_at=ended,
        recording=recording,
        is_recorded=holds_voice(photos),
    )
    visit = perform(
        Visit,
        pk,
        "finish",
        actor=actor,
        facts={"result": result, "next": next_kind},
        result=result,
        ended_at=ended,
        outcome=row,
        no_next_step_reason=following.kept_reason,
    )
    for one in photos:
        attach(visit, one, actor=actor, purpose="photo", voices=True)
    if following.kind == NEXT_VISIT:
        _propose_next(visit, following, actor)
    else:
        ask_for_next(visit, following, actor=actor)
    return visit


def _propose_next(visit: Visit, following: Next, actor: Any) -> None:
    """The visit that comes next, at the same time of day."""
    person = who_goes_on(visit, actor)
    assert visit.planned_start is not None and following.on is not None and isinstance(person, User)
    at: time = timezone.localtime(visit.planned_start).time()
    propose_visit(
        visit.customer_id,
        actor=actor,
        owner=person,
        purpose=following.step,
        contact=visit.contact,
        address=visit.address,
        start=timezone.make_aware(datetime.combine(following.on, at)),
    )
