"""Service records in the tamper-evident chain, and their words on the timeline."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.models import IncomingCall, ServiceRecord, ServiceRecordText
from crm.services.recordings import needs_consent
from foundation.journal.chain import digested_part, register_sealed
from foundation.journal.models import Event
from foundation.journal.timeline import register_word_search, register_words
from foundation.ui import formats
from foundation.ui.ahead import Wish, lying_ready, register_wishes, wish
from foundation.ui.escape import esc
from foundation.ui.prepared import prepared

SEALED = (
    "id", "customer_id", "contact_id", "type", "channel", "result", "started_at", "ended_at", "author_id", "corrects_id",
    "inquiry_id", "imported", "text_digest", "recorded_at", "transaction",
)  # fmt: skip
FEW = 20  # records of a customer that are read with the page; of more, those that its entries name
PLACE = 987654321  # where a record's key stands in an address
USUAL = {"type": ServiceRecord.Type.CALL, "result": ServiceRecord.Result.DONE}
SHOWN = (
    "type", "channel", "result", "started_at", "ended_at", "corrects", "next_step_on", "customer", "contact__name",
    "text__subject", "text__content", "text__feedback", "text__remark", "text__next_step", "text__no_step_reason",
    "text__recording_by", "recording_consent__how", "recording_consent__agreed_at",
)  # fmt: skip


def _words_of(text: Any) -> dict[str, Any]:
    words: dict[str, Any] = text.words()
    return words


@prepared
def _rows(keys: list[int]) -> QuerySet[ServiceRecord]:
    return _told(ServiceRecord.objects.filter(pk__in=keys))


@prepared
def _of_customer(customer_id: int) -> QuerySet[ServiceRecord]:
    return _told(ServiceRecord.objects.filter(customer=customer_id).order_by())


def _told(rows: QuerySet[ServiceRecord]) -> QuerySet[ServiceRecord]:
    recorded = IncomingCall.objects.filter(service_record=OuterRef("pk")).values("recording_url")[:1]
    rows = rows.select_related("text", "contact", "recording_consent").only(*SHOWN)
    return rows.annotate(is_corrected=ServiceRecord.corrected(), recording_url=Subquery(recorded))


def wishes(user: Any, customer: Any) -> list[Wish]:
    """What was said to a customer, where it is so little that the first page of the timeline shows most of it."""
    return [wish(_of_customer, customer.pk)] if 0 < (customer.record_count or 0) <= FEW else []


def say(events: list[Event]) -> dict[int, tuple[object, object]]:
    """What was said, for the timeline: one query for all, none where a customer's page has asked ahead."""
    customers = {event.customer_id for event in events}
    known = lying_ready(wish(_of_customer, *customers)) if len(customers) == 1 else None
    rows = {row.pk: row for row in known or ()}
    missing = [event.object_id for event in events if event.object_id not in rows]
    rows |= {row.pk: row for row in (_rows(missing) if missing else ())}
    unknown = {row.corrects_id for row in rows.values() if row.corrects_id} - rows.keys()
    firsts = rows | {row.pk: row for row in (_rows(sorted(unknown)) if unknown else ())}
    rows = {pk: row for pk, row in rows.items() if hasattr(row, "text")}
    lines = _lines(rows.values())
    return {
        event.pk: (lines[event.object_id], _whole(rows[event.object_id], firsts))
        for event in events
        if event.object_id in rows
    }


def _whole(row: Any, firsts: dict[int, Any]) -> str:
    """The words, above them what else a correction says otherwise than the first record."""
    first = firsts.get(row.corrects_id) if row.corrects_id else None
    return "\n".join(filter(None, [*(differences(first, row) if first else ()), row.text.whole]))


def differences(first: Any, row: Any) -> list[str]:
    """What a correction says of kind, way, person, times and result, beside what the first record said."""
    pairs = [
        (_("Type of service"), first.get_type_display(), row.get_type_display()),
        (_("Channel"), first.get_channel_display(), row.get_channel_display()),
        (pgettext("person", "With"), _name(first), _name(row)),
        (_("Began"), _minute(first.started_at), _minute(row.started_at)),
        (_("Ended"), _minute(first.ended_at), _minute(row.ended_at)),
        (_("Execution status"), first.get_result_display(), row.get_result_display()),
    ]
    return [f"{label}: {before} → {after}" for label, before, after in pairs if before != after]


def _name(row: Any) -> str:
    return str(row.contact.name) if row.contact else "–"


def _minute(moment: Any) -> str:
    return formats.moment(moment) if moment else "–"


def find(words: str) -> QuerySet[Any]:
    """The service records that contain these words, for the search of a timeline."""
    fields = ("subject", "content", "feedback", "remark")
    fits = reduce(or_, (Q(**{f"{name}__icontains": words}) for name in fields))
    return ServiceRecordText.objects.filter(fits | Q(record__contact__name__icontains=words)).values("record_id")


def _lines(rows: Iterable[Any]) -> dict[int, SafeString]:
    """For each record its headline, what became of it, and the way to correct it; what all share is put into words once."""
    before, after = reverse("crm:record-correct", args=[PLACE]).split(str(PLACE))
    words = {
        "correct": pgettext("verb", "Correct"),
        "correction": _("Correction"),
        "corrected": _("corrected"),
        "sound": _("Recording"),
    }
    words = {name: esc(word) for name, word in words.items()}
    labels: dict[tuple[str, str], str] = {}
    found = {}
    for row in rows:
        how = " · ".join(filter(None, (_label(row, name, labels) for name in ("type", "channel", "contact", "result"))))
        word = words["corrected"] if row.is_corrected else words["correction"] if row.corrects_id else ""
        mark = f' <span class="badge quiet plain">{word}</span>' if word else ""
        sound = _sound(row, words["sound"])
        said = f"{esc(how)}: {esc(row.text.subject)}"
        found[row.pk] = mark_safe(
            f'<span id="record-{row.pk}">{f"<s>{said}</s>" if row.is_corrected else said}</span>{mark}{sound} '
            f'<a href="{before}{row.pk}{after}">{words["correct"]}</a>'
        )
    return found


def _sound(row: Any, word: str) -> str:
    """The way to the recording, and how those who are heard agreed to it; no way where a consent is needed and none is noted."""
    consent, url = getattr(row, "recording_consent", None), row.recording_url
    if consent is None:
        if not url:
            return ""
        if needs_consent():
            kept, note = esc(_("Recording kept back: no consent is noted")), esc(_("Note the consent"))
            return f' <span class="badge quiet soon">{kept}</span> <a href="{reverse("crm:record-consent", args=[row.pk])}">{note}</a>'
        return f' <a href="{esc(url)}" rel="noreferrer">{word}</a>'
    who = row.text.recording_by or (row.contact.name if row.contact else "")
    how = " · ".join(filter(None, (who, consent.get_how_display(), formats.moment(consent.agreed_at))))
    said = esc(_("Consent to the recording: %(how)s") % {"how": how})
    link = f' <a href="{esc(url)}" rel="noreferrer">{word}</a>' if url else ""
    return f'{link} <span class="muted">{said}</span>'


def _label(row: Any, name: str, labels: dict[tuple[str, str], str]) -> str:
    """A part of the headline; what goes without saying is left out."""
    if name == "contact":
        return str(row.contact.name) if row.contact else ""
    value = getattr(row, name)
    if value == USUAL.get(name):
        return ""
    if (name, value) not in labels:
        labels[name, value] = str(getattr(row, f"get_{name}_display")())
    return labels[name, value]


def register() -> None:
    """Called once, when the apps are ready."""
    inspect = digested_part(ServiceRecordText, "record_id", "text_digest", _words_of)
    register_sealed(ServiceRecord, SEALED, inspect=inspect)
    register_words("service_record.added", say)
    register_wishes("customer", wishes)
    register_word_search("service_record.added", find)
