"""Giving up a new customer, and beginning again."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import Customer, GivenUp
from crm.services import changes
from foundation.journal.machine import Refused
from foundation.journal.services import record


@transaction.atomic
def give_up(pk: int, *, actor: Any, reason: str, note: str = "") -> Customer:
    """Nobody works at this customer any more. Raises Refused when it is given up already."""
    customer = changes.lock(Customer, pk)
    if GivenUp.objects.filter(customer=customer, resumed_at=None).exists():
        raise Refused(_("This customer is given up already."))
    row = GivenUp.objects.create(
        customer=customer, reason=reason, note=note, by=actor if getattr(actor, "pk", None) else None
    )
    record(
        "customer.given_up",
        customer,
        actor=actor,
        facts={"reason": row.reason},
        private={"note": note} if note else None,
    )
    return customer


@transaction.atomic
def take_up_again(pk: int, *, actor: Any) -> Customer:
    """Somebody begins again. Raises Refused when nobody had given it up."""
    customer = changes.lock(Customer, pk)
    if not GivenUp.objects.filter(customer=customer, resumed_at=None).update(resumed_at=timezone.now()):
        raise Refused(_("This customer is being worked at already."))
    record("customer.taken_up", customer, actor=actor)
    return customer
