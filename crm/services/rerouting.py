"""Inquiries that wait with somebody who is away: given out anew, so that their first answer does not wait for a return.

Whoever has a deputy hands over by the absence itself (`accounts.handovers`). This is for those without one.
"""

from __future__ import annotations

from django.db import transaction

from crm.models import Inquiry
from crm.services import changes
from crm.services.inquiries import hand_over_inquiry
from crm.services.routing import choose_owner
from foundation.accounts.leaves import away_today
from foundation.journal.machine import Refused

MOST_AT_ONCE = 200


def reroute_waiting(limit: int = MOST_AT_ONCE) -> int:
    """Give out anew what waits unanswered with people who are away today; returns how many. Safe to repeat."""
    away = away_today()
    if not away:
        return 0
    rows = Inquiry.objects.unanswered().filter(owner__in=away).order_by("received_at")
    return sum(_reroute(pk) for pk in list(rows.values_list("pk", flat=True)[:limit]))


@transaction.atomic
def _reroute(pk: int) -> bool:
    """False where nobody else is there, or somebody was faster."""
    inquiry = changes.lock(Inquiry, pk)
    if inquiry.owner_id not in away_today() or inquiry.status not in Inquiry.UNANSWERED:
        return False
    choice = choose_owner(inquiry)
    if choice.owner is None or choice.owner.pk == inquiry.owner_id:
        return False
    try:
        hand_over_inquiry(pk, actor=None, owner=choice.owner, was_owner=inquiry.owner_id, routing=choice.verdicts)
    except Refused:
        return False
    return True
