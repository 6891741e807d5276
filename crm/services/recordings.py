"""Consent to a recording: demanded where the house has decided so, kept as a fact, and never made up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import AgreedHow, CallPolicy, IncomingCall, RecordingConsent, ServiceRecord
from foundation.journal.contents import media_type_of
from foundation.journal.machine import Refused
from foundation.journal.services import record
from foundation.ui import formats
from foundation.ui.inserts import insert

START = 4096  # so much of a file tells whether it is sound


@dataclass(frozen=True)
class Agreed:
    """How somebody agreed; `by` names whoever is not the contact of the record, `at` is empty for the beginning of the talk."""

    how: str
    by: str = ""
    at: datetime | None = None


def needs_consent() -> bool:
    """Whether the house asks for a noted consent wherever a voice is kept."""
    return CallPolicy.current().recording_needs_consent


def holds_voice(files: Iterable[Any]) -> bool:
    """Whether one of these uploads is sound, by its content."""
    for one in files:
        one.seek(0)
        found = media_type_of(one.read(START)) or ""
        one.seek(0)
        if found.startswith("audio/"):
            return True
    return False


def demand_consent(agreed: Agreed | None, *, files: Iterable[Any] = (), is_recorded: bool = False) -> None:
    """Raise Refused where a voice is about to be kept, and nobody has said how those who are heard agreed."""
    if agreed is None and needs_consent() and (is_recorded or holds_voice(files)):
        raise Refused(
            _("A voice is recorded: say how those who are heard have agreed."),
            reason="input",
            field="recording_consent",
        )


def keep_consent(row: ServiceRecord, agreed: Agreed, *, actor: Any) -> dict[str, str]:
    """The consent beside its record; what the journal keeps of it. Raises Refused for what cannot be."""
    if agreed.how not in AgreedHow.values:
        raise Refused(_("Say how they agreed."), reason="input", field="recording_consent")
    if row.contact_id is None and not agreed.by.strip() and agreed.how not in (AgreedHow.ANNOUNCED, AgreedHow.KEY):
        raise Refused(_("Say who agreed."), reason="input", field="recording_by")
    at = agreed.at or row.started_at
    if at > timezone.now() + timedelta(minutes=1):
        raise Refused(_("Nobody can have agreed in the future."), reason="input", field="recording_at")
    person = actor if getattr(actor, "pk", None) else None
    insert(RecordingConsent(record=row, how=agreed.how, agreed_at=at, recorded_by=person))
    return {"recording_agreed": agreed.how, "recording_agreed_at": at.isoformat()}


def consent_of(call: IncomingCall) -> Agreed | None:
    """What the telephone system has told of it."""
    return Agreed(call.consent_how, at=call.consent_at) if call.consent_how else None


@transaction.atomic
def note_recording_consent(pk: int, *, actor: Any, recording: Agreed) -> ServiceRecord:
    """Those who are heard on the recording of this record agreed, as we hear now. Raises Refused where it is noted already."""
    row = ServiceRecord.objects.select_related("customer", "text").get(pk=pk)
    if RecordingConsent.objects.filter(record=row).exists():
        raise Refused(_("The consent to this recording is noted already."))
    facts = keep_consent(row, recording, actor=actor)
    name = recording.by.strip()
    record("service_record.recording_agreed", row, actor=actor, facts=facts, private={"by": name} if name else None)
    return row


def is_kept_back(call: IncomingCall) -> bool:
    """Whether the recording of this call is not opened: a consent is needed, and none is noted."""
    if not call.recording_url or call.consent_how or not needs_consent():
        return False
    return not RecordingConsent.objects.filter(record=call.service_record_id).exists()


def consent_said(call: IncomingCall) -> str:
    """What the telephone system told of the caller's consent, for people."""
    if not call.consent_how or call.consent_at is None:
        return ""
    return f"{call.get_consent_how_display()} · {formats.moment(call.consent_at)}"
