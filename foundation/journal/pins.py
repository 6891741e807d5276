"""Entries that stay on top of a timeline: a note or a record that everybody should see first."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.journal import registry
from foundation.journal.machine import Refused
from foundation.journal.models import Event, Pin
from foundation.journal.services import record

KINDS = ("note", "record")  # what somebody has written; the rest is found where it belongs
MOST = 5


def can_be_pinned(code: str) -> bool:
    """Whether entries of this code are somebody's own words."""
    try:
        return registry.get_type(code).kind in KINDS
    except LookupError:
        return False


@transaction.atomic
def pin_event(pk: int, *, actor: Any) -> Pin:
    """Keep the entry on top. Pinned already, it stays so. Raises Refused for what cannot be pinned, and when the top is full."""
    event = Event.objects.get(pk=pk)
    if not can_be_pinned(event.code):
        raise Refused(_("Only notes and records can be pinned."), reason="input")
    here = pins_of(content_type_id=event.content_type_id, object_id=event.object_id)
    if known := here.filter(event=event).first():
        return known
    if len(here) >= MOST:
        raise Refused(_("At most %(count)s entries can be pinned. Take one off first.") % {"count": MOST})
    pin = Pin(
        event=event,
        content_type_id=event.content_type_id,
        object_id=event.object_id,
        customer_id=event.customer_id,
        by=actor,
    )
    try:
        with transaction.atomic():
            pin.save(force_insert=True)
    except IntegrityError:  # a colleague did the same at this moment
        return here.get(event=event)
    record("entry.pinned", _subject(event), actor=actor, facts={"event_id": event.pk})
    return pin


@transaction.atomic
def unpin_event(pk: int, *, actor: Any) -> bool:
    """Take the entry off the top; False when it is not there any more."""
    taken = Pin.objects.filter(event=pk, removed_at=None).update(removed_at=timezone.now(), removed_by=actor)
    if taken:
        event = Event.objects.get(pk=pk)
        record("entry.unpinned", _subject(event), actor=actor, facts={"event_id": event.pk})
    return bool(taken)


def _subject(event: Event) -> models.Model:
    found: Any = event.subject
    if found is None:
        raise Refused(_("The record of this entry is gone."), reason="state")
    return found  # type: ignore[no-any-return]


def pins_of(**where: Any) -> models.QuerySet[Pin]:
    """What is pinned now on a record's (`content_type_id`, `object_id`) or a customer's (`customer_id`) timeline."""
    return Pin.objects.filter(removed_at=None, **where)
