"""The customer's tracking page: links to it, and their end."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts import tokens
from foundation.journal.machine import Refused
from foundation.journal.services import record
from logistics.models import Shipment

PURPOSE = "track"


def tracking_url(shipment: Shipment, *, contact_key: str = "") -> str:
    """A new address of the customer's tracking page; whoever has it may look, until it ends or is revoked."""
    return f"{settings.ORIGIN}/p/{PURPOSE}/{tokens.issue(PURPOSE, shipment, contact_key=contact_key)}/"


@transaction.atomic
def make_tracking_link(pk: int, *, actor: Any) -> str:
    """A tracking address to hand to the customer; it is shown once. Raises Refused."""
    shipment = _share(pk, actor)
    if shipment.status == Shipment.Status.CANCELLED:
        raise Refused(_("%(shipment)s was cancelled: there is nothing to follow.") % {"shipment": shipment})
    address = tracking_url(shipment)
    record("shipment.shared", shipment, actor=actor)
    return address


@transaction.atomic
def revoke_tracking_links(pk: int, *, actor: Any) -> int:
    """End every tracking address of this shipment; answers how many there were."""
    shipment = _share(pk, actor)
    count = tokens.revoke(PURPOSE, shipment)
    if count:
        record("shipment.unshared", shipment, actor=actor, facts={"links": count})
    return count


def _share(pk: int, actor: Any) -> Shipment:
    if actor is not None and not actor.has_perm("logistics.share_tracking"):
        raise Refused(_("You do not have the right to do this."), reason="permission")
    return Shipment.objects.select_for_update(of=("self",)).get(pk=pk)
