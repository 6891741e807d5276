"""Automatic answers: outside working hours, and while the colleague in charge is away; who may get one, and how often."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Value

from foundation.accounts.leaves import away_today, leave_today
from foundation.calendars.selectors import is_office_open
from foundation.journal.models import ClockTimestamp
from foundation.journal.services import record
from foundation.mailroom import events
from foundation.mailroom.models import IncomingMail
from foundation.mailroom.registry import answering
from foundation.notifications.models import Message
from foundation.notifications.subjects import subject_type

A_DAY = timedelta(hours=24)


def answer_at_once(mail: IncomingMail, subject: models.Model) -> None:
    """Remember that a mail came while nobody was in, or not whom it is for; rules of these events answer, and tell the deputy.

    At most one automatic answer a day to one sender about one case, the acknowledgement of an inquiry included.
    """
    owner = _owner(subject)
    team_id = getattr(owner, "team_id", None)
    absence = _absence(owner, mail)
    is_open = is_office_open(mail.received_at, team_id=team_id)
    if is_open and not absence:
        return
    may_answer = not was_answered_today(subject, mail.sender)
    facts = {"mail_id": mail.pk, "team_id": team_id, **absence}
    if may_answer and not is_open:
        record(events.AFTER_HOURS, subject, facts=facts)
    if absence:
        record(events.OWNER_AWAY, subject, facts={**facts, "answers": may_answer and is_open})


def _absence(owner: Any, mail: IncomingMail) -> dict[str, Any]:
    """Who is away until when, and who stands in, if that person is there; empty while the owner is."""
    leave = leave_today(owner.pk, mail.received_at) if owner is not None else None
    if leave is None:
        return {}
    deputy = leave.deputy
    stands_in = deputy is not None and deputy.is_active and deputy.pk not in away_today(mail.received_at)
    takers = [deputy.pk] if deputy is not None and stands_in else []
    return {"owner_id": leave.person_id, "taker_ids": takers, "last_day": leave.last_day.isoformat()}


def was_answered_today(subject: models.Model, address: str) -> bool:
    """Whether an automatic answer went, or is going, to this address about this record within a day."""
    sent = Message.objects.about(subject).filter(
        to_address__iexact=address, event__code__in=answering(), created_at__gt=ClockTimestamp() - Value(A_DAY)
    )
    return sent.exists()


def _owner(subject: Any) -> Any:
    kind = subject_type(type(subject))
    return kind.owner(subject) if kind is not None and kind.owner is not None else None
