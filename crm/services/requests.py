"""Asking for a customer that belongs to a colleague, and the manager's answer."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import Customer, CustomerShare, OwnershipRequest, OwnershipSpell
from crm.services import changes
from crm.services.ownership import change_owner, refuse_unless_standing
from foundation.journal.machine import Refused, perform
from foundation.journal.services import record


@transaction.atomic
def ask_for_customer(customer_id: int, *, actor: Any, note: str = "", typed: str = "") -> OwnershipRequest:
    """Ask the manager for a customer that belongs to a colleague; who has asked already gets the request that waits."""
    changes.demand(actor, "crm.add_ownershiprequest")
    customer = changes.lock(Customer, customer_id)
    refuse_unless_standing(customer)
    if Customer.objects.visible_to(actor).filter(pk=customer_id).exists():
        raise Refused(_("You see this customer already."))
    waiting = OwnershipRequest.objects.waiting().filter(customer=customer_id, asker=actor.pk).first()
    if waiting is not None:
        return waiting
    request = OwnershipRequest(customer=customer, asker=actor, note=note[:1000], typed=typed[:300])
    request.save(force_insert=True)
    record("ownership.requested", request, actor=actor, private={"asker": str(actor), "note": note})
    return request


@transaction.atomic
def share_requested(pk: int, *, actor: Any, reason: str = "") -> OwnershipRequest:
    """The asker sees the customer from now on; the owner stays."""
    request = _decide(pk, "share", actor, reason)
    CustomerShare.objects.get_or_create(user=request.asker, customer=request.customer, defaults={"granted_by": actor})
    return request


@transaction.atomic
def hand_requested(pk: int, *, actor: Any, reason: str = "") -> OwnershipRequest:
    """The customer is the asker's from now on."""
    customer = changes.lock(Customer, OwnershipRequest.objects.values_list("customer", flat=True).get(pk=pk))
    refuse_unless_standing(customer)
    former = customer.owner_id
    asker = OwnershipRequest.objects.select_related("asker").get(pk=pk).asker
    if not asker.is_active:
        raise Refused(_("%(name)s does not work here any more.") % {"name": asker})
    request = _decide(pk, "hand", actor, reason, former_owner_id=former)
    change_owner(customer, asker, how=OwnershipSpell.How.HANDED, reason=reason)
    return request


@transaction.atomic
def refuse_requested(pk: int, *, actor: Any, reason: str = "") -> OwnershipRequest:
    """Everything stays as it is, and the asker hears why. Raises Refused without a reason."""
    if not reason.strip():
        raise Refused(_("Say why, please."), reason="input", field="reason")
    return _decide(pk, "refuse", actor, reason)


def _decide(pk: int, name: str, actor: Any, reason: str, **facts: Any) -> OwnershipRequest:
    return perform(
        OwnershipRequest,
        pk,
        name,
        actor=actor,
        facts=facts,
        private={"reason": reason} if reason else None,
        by=actor,
        at=timezone.now(),
        reason=reason[:1000],
    )
