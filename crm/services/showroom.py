"""In the showroom: steps ticked live, visitors signing in, what came of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import AppointmentPolicy, Reception, ReceptionVisitor, ServiceRecord, StepRun, Visit
from crm.services.hours import office_at
from crm.services.outcomes import NEXT_TASK, Next, ask_for_next, write_down
from crm.services.receptions import held
from foundation.accounts.models import Company
from foundation.calendars.zones import load_zone
from foundation.journal.attachments import attach_bytes
from foundation.journal.machine import Refused, demand, perform
from foundation.journal.services import record

MOST_VISITORS = 200
# Whom we meet at the road is met before they have arrived.
EARLY = timedelta(hours=2)


@transaction.atomic
def tick_step(pk: int, step_pk: int, *, actor: Any, to_end: bool | None = None) -> Reception:
    """Begin a step, which ends the one that runs; or end it, when it runs itself. The time is the server's. Raises Refused.

    `to_end` is what the button said: of two who begin the same step, the later does not end it.
    """
    reception = _live(pk, actor)
    now = timezone.now()
    steps = list(StepRun.objects.filter(reception=reception).select_for_update(of=("self",)))
    step = next((one for one in steps if one.pk == step_pk), None)
    if step is None or step.ended_at is not None:
        raise Refused(_("This step has ended already."))
    if to_end is False and step.is_running:
        raise Refused(_("%(name)s has begun this step already.") % {"name": step.ticked_by or "–"})
    running = next((one for one in steps if one.is_running), None)
    if running is not None:
        running.ended_at, running.ticked_by = now, actor
        running.save(update_fields=["ended_at", "ticked_by"])
    if running is not step:
        step.began_at, step.ticked_by = now, actor
        step.save(update_fields=["began_at", "ticked_by"])
    facts = {"step": step.own_text, "is_begun": running is not step}
    if reception.status == Reception.Status.ARRIVED:
        return perform(Reception, pk, "begin", actor=actor, facts=facts)
    record("reception.stepped", reception, actor=actor, facts=facts)
    return reception


@transaction.atomic
def undo_tick(pk: int, *, actor: Any) -> Reception:
    """Take the last tick back; what it ended runs again. Raises Refused when nothing is ticked."""
    reception = _live(pk, actor)
    steps = list(StepRun.objects.filter(reception=reception).select_for_update(of=("self",)))
    moments = [at for one in steps for at in (one.began_at, one.ended_at) if at is not None]
    if not moments:
        raise Refused(_("Nothing is ticked yet."))
    last = max(moments)
    for one in sorted(steps, key=lambda one: one.ended_at == last):  # what began then is taken back first
        if one.began_at == last or one.ended_at == last:
            one.ended_at = None
            one.began_at = None if one.began_at == last else one.began_at
            one.save(update_fields=["began_at", "ended_at"])
    record("reception.unticked", reception, actor=actor)
    return reception


def _live(pk: int, actor: Any) -> Reception:
    reception = held(pk, actor)
    is_near = reception.planned_start - timezone.now() < EARLY
    if reception.status not in Reception.HERE and not (reception.status == Reception.Status.PLANNED and is_near):
        raise Refused(_("Steps are ticked while the visitors are here."))
    return reception


@transaction.atomic
def sign_visitor(pk: int, *, actor: Any, name: str, signature: bytes, **values: Any) -> ReceptionVisitor:
    """Keep the visitor form with the signature that was drawn on the screen. Raises Refused."""
    reception = held(pk, actor)
    if reception.status not in Reception.HERE:
        raise Refused(_("Visitors sign while they are here."))
    if not signature:
        raise Refused(_("A signature is missing."), reason="input", field="signature")
    if reception.visitors.count() >= MOST_VISITORS:
        raise Refused(_("At most %(count)s visitors sign.") % {"count": MOST_VISITORS})
    visitor = ReceptionVisitor(reception=reception, name=name.strip(), noted_by=actor, **values)
    visitor.full_clean(exclude=["signature", "signed_at", "reception", "noted_by"])
    event = record(
        "reception.signed",
        reception,
        actor=actor,
        facts={"rating": visitor.rating, "has_consented": visitor.has_consented},
        private={"name": visitor.name},
    )
    keep = partial(attach_bytes, reception, signature, "image/png", actor=actor, event=event, purpose="signature")
    try:
        visitor.signature = keep(title=_("Signature of %(name)s") % {"name": visitor.name})
    except Refused as refusal:
        raise Refused(refusal.message, reason="input", field="signature") from refusal
    visitor.save(force_insert=True)
    return visitor


@transaction.atomic
def finish_reception(
    pk: int,
    *,
    actor: Any,
    result: str,
    discussed: str,
    feedback: str = "",
    next_kind: str = NEXT_TASK,
    next_step: str = "",
    next_step_on: date | None = None,
    no_next_step_reason: str = "",
    thanks: str = Reception.Thanks.EVENING,
) -> Reception:
    """They have left: a service record for good, a task for what comes next, thanks when they are wanted. Raises Refused."""
    if result not in Visit.Result.values:
        raise Refused(_("Choose the result."), reason="input", field="result")
    following = Next(next_kind, next_step, next_step_on, no_next_step_reason)
    following.refuse_endless()
    reception = held(pk, actor)
    demand(reception, "finish", actor=actor)
    now = timezone.now()
    StepRun.objects.filter(reception=reception, began_at__isnull=False, ended_at=None).update(ended_at=now)
    row = write_down(
        reception,
        following,
        actor=actor,
        kind=ServiceRecord.Type.RECEPTION,
        discussed=discussed,
        feedback=feedback,
        ended_at=now,
    )
    reception = perform(
        Reception,
        pk,
        "finish",
        actor=actor,
        facts={"result": result, "next": next_kind, "thanks": thanks},
        result=result,
        at=now,
        outcome=row,
        thanks_at=thanks_moment(thanks, now),
        no_next_step_reason=following.kept_reason,
    )
    ask_for_next(reception, following, actor=actor)
    return reception


def thanks_moment(thanks: str, now: datetime) -> datetime | None:
    """When to thank, in the company's zone: at once, this evening, on the next working morning, or never (None)."""
    if thanks not in (Reception.Thanks.NOW, Reception.Thanks.EVENING, Reception.Thanks.MORNING):
        return None
    if thanks == Reception.Thanks.NOW:
        return now
    policy, zone = AppointmentPolicy.current(), load_zone(Company.current().time_zone)
    here = now.astimezone(zone).date()
    if thanks == Reception.Thanks.EVENING:
        return max(now, datetime.combine(here, policy.thanks_evening_at, zone))
    for ahead in range(1, 15):
        morning = datetime.combine(here + timedelta(days=ahead), policy.thanks_morning_at, zone)
        if office_at(morning.replace(hour=11, minute=0)).is_open:
            return morning
    return datetime.combine(here + timedelta(days=1), policy.thanks_morning_at, zone)
