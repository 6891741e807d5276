"""What is told about receptions when its time has come: the assistant in the morning, the customer's thanks."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from crm.models import AppointmentPolicy, Reception
from foundation.accounts.models import Company
from foundation.calendars.zones import load_zone
from foundation.journal.services import record

BATCH = 200


def tell_due() -> int:
    """Both, each reception in a transaction of its own; returns how many were told. Repeating it tells nobody twice."""
    now = timezone.now()
    return brief_assistants(now) + send_thanks(now)


def brief_assistants(now: datetime) -> int:
    """From the hour of the rule on: every planned reception of today of which the assistant has not heard."""
    zone = load_zone(Company.current().time_zone)
    here = now.astimezone(zone)
    if here.time() < AppointmentPolicy.current().brief_at:
        return 0
    midnight = datetime.combine(here.date() + timedelta(days=1), time(), zone)
    due = Reception.objects.filter(status=Reception.Status.PLANNED, briefed_on=None)
    keys = due.between(now, midnight).order_by("planned_start").values_list("pk", flat=True)[:BATCH]
    return sum(_brief(pk, here) for pk in keys)


@transaction.atomic
def _brief(pk: int, here: datetime) -> bool:
    rows = Reception.objects.select_for_update(of=("self",), skip_locked=True)
    reception = rows.filter(pk=pk, status=Reception.Status.PLANNED, briefed_on=None).first()
    if reception is None:
        return False
    reception.briefed_on = here.date()
    reception.save(update_fields=["briefed_on"])
    record("reception.due_today", reception, actor=None)
    return True


def send_thanks(now: datetime) -> int:
    """Every reception whose thanks are due."""
    due = Reception.objects.filter(thanks_at__lte=now, thanked_at=None)
    keys = due.order_by("thanks_at").values_list("pk", flat=True)[:BATCH]
    return sum(_thank(pk, now) for pk in keys)


@transaction.atomic
def _thank(pk: int, now: datetime) -> bool:
    rows = Reception.objects.select_for_update(of=("self",), skip_locked=True)
    reception = rows.filter(pk=pk, thanks_at__lte=now, thanked_at=None).first()
    if reception is None:
        return False
    reception.thanked_at = now
    reception.save(update_fields=["thanked_at"])
    record("reception.thanked", reception, actor=None)
    return True
