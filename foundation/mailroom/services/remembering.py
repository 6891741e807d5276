"""What a mail leaves on its record."""

from __future__ import annotations

from typing import Any

from django.db import models

from foundation.journal.attachments import attach
from foundation.journal.models import Event
from foundation.journal.services import record
from foundation.mailroom import events
from foundation.mailroom.registry import Arrival


def remember(subject: models.Model, arrival: Arrival, *, actor: Any = None) -> Event:
    """Record `mail.received` on the record and keep the files with it; the owner is told by the rule of that event."""
    facts = {"mail_id": arrival.mail_id, "files": len(arrival.files)}
    event = record(events.RECEIVED, subject, actor=actor, facts=facts, private={"text": arrival.text})
    customer_id = getattr(subject, "customer_ref", lambda: None)()
    for one in arrival.files:
        attach(subject, one, actor=actor, purpose="mail", customer_id=customer_id, event=event)
    return event
