"""What somebody does from the list of touches: note a call, take it back, see a neighbour on the same trip."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import Customer, CustomerTouch, Visit
from crm.services import changes
from crm.services.cadence import reckon
from crm.services.records import correct_service_record
from crm.services.visits import propose_visit
from foundation.journal.machine import Refused

UNDO = timedelta(minutes=15)
BETWEEN = timedelta(minutes=30)


@transaction.atomic
def undo_touch(pk: int, *, actor: Any) -> Customer:
    """It was noted by mistake: the customer is due as before, and the conversation has a correction that says so.

    Raises Refused when somebody else noted it, or longer than a quarter of an hour ago.
    """
    customer = changes.lock(Customer, CustomerTouch.objects.values_list("customer", flat=True).get(pk=pk))
    touch = CustomerTouch.objects.select_for_update(of=("self",)).select_related("record").get(pk=pk)
    if touch.undone_at is not None:
        raise Refused(_("This is taken back already."))
    if touch.record is None or touch.by_id != actor.pk or touch.record.recorded_at < timezone.now() - UNDO:
        raise Refused(_("Too late to take it back. Correct the service record instead."))
    touch.undone_at = timezone.now()
    touch.save(update_fields=["undone_at"])
    correct_service_record(touch.record.pk, actor=actor, subject=_("Noted by mistake"), next_step="", next_step_on=None)
    reckon(customer)
    return customer


@transaction.atomic
def visit_nearby(visit_pk: int, customer_pk: int, *, actor: Any) -> Visit:
    """Propose a visit to a customer nearby, by the same person, half an hour after the other one ends. Raises Refused."""
    other = Visit.objects.select_related("owner").get(pk=visit_pk)
    start = other.planned_end + BETWEEN if other.planned_end is not None else None
    if start is not None and start < timezone.now():
        start = None
    return propose_visit(
        customer_pk, actor=actor, owner=other.owner or actor, purpose=_("In the neighbourhood: a visit"), start=start
    )
