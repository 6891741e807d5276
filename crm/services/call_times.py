"""Another time for a call that nobody has begun."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import Call
from crm.services import changes
from foundation.journal.machine import Refused, perform

MOVABLE = (Call.Status.OPEN, Call.Status.POSTPONED)


def may_move_call(call: Call, user: Any) -> bool:
    """One's own, nobody's, or anybody's for those who plan calls."""
    mine = call.owner_id in (None, user.pk) or user.has_perm("crm.plan_call")
    return call.status in MOVABLE and mine and user.has_perm("crm.make_call")


@transaction.atomic
def reschedule_call(pk: int, *, actor: Any, due_at: datetime) -> Call:
    """Put the call off, or bring it forward, without an attempt; nothing happens when nothing differs. Raises Refused."""
    call = changes.lock(Call, pk)
    if call.status not in MOVABLE:
        raise Refused(_("%(call)s cannot be moved any more.") % {"call": call})
    if actor is not None and not may_move_call(call, actor):
        raise Refused(_("This call belongs to %(owner)s.") % {"owner": call.owner}, reason="permission")
    if call.due_at == due_at:
        return call
    if due_at <= timezone.now():
        raise Refused(_("This time has passed already."), reason="input", field="start")
    facts = {"due_at": due_at.isoformat(), "was_due_at": call.due_at.isoformat()}
    return perform(Call, pk, "postpone", actor=actor, until=due_at, facts=facts)
