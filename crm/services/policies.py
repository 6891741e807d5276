"""What follows when an administrator has changed the rules of ownership."""

from __future__ import annotations

from django.db import transaction

from crm.models import OwnershipPolicy
from crm.models.cadence import company_today
from foundation.ui.shelf import renew


@transaction.atomic
def changed() -> None:
    """Remember since when the pool is switched on, and have the background job work out every customer anew."""
    policy = OwnershipPolicy.objects.select_for_update().first()
    if policy is None:
        return
    if policy.is_on and policy.started_on is None:
        policy.started_on = company_today()
    elif not policy.is_on:
        policy.started_on = None
    policy.is_applied = False
    policy.save(update_fields=["started_on", "is_applied"])
    renew(OwnershipPolicy)
