"""The automatic answer outside working hours: who may get it, and how often."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Value

from foundation.calendars.selectors import is_office_open
from foundation.journal.models import ClockTimestamp, Event
from foundation.journal.services import record
from foundation.mailroom import events
from foundation.mailroom.models import IncomingMail
from foundation.mailroom.registry import answering
from foundation.notifications.models import Message
from foundation.notifications.subjects import subject_type

A_DAY = timedelta(hours=24)


def answer_after_hours(mail: IncomingMail, subject: models.Model) -> Event | None:
    """Remember that a mail came while nobody was in; the rule of that event answers it. None when nothing is to be said.

    At most one automatic answer a day to one sender about one case, the acknowledgement of an inquiry included.
    """
    owner = _owner(subject)
    team_id = getattr(owner, "team_id", None)
    if is_office_open(mail.received_at, team_id=team_id) or was_answered_today(subject, mail.sender):
        return None
    return record(events.AFTER_HOURS, subject, facts={"mail_id": mail.pk, "team_id": team_id})


def was_answered_today(subject: models.Model, address: str) -> bool:
    """Whether an automatic answer went, or is going, to this address about this record within a day."""
    sent = Message.objects.about(subject).filter(
        to_address__iexact=address, event__code__in=answering(), created_at__gt=ClockTimestamp() - Value(A_DAY)
    )
    return sent.exists()


def _owner(subject: Any) -> Any:
    kind = subject_type(type(subject))
    return kind.owner(subject) if kind is not None and kind.owner is not None else None
