"""Service records in the tamper-evident chain, and their words on the timeline."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.models import IncomingCall, ServiceRecord, ServiceRecordText
from foundation.journal.chain import digested_part, register_sealed
from foundation.journal.models import Event
from foundation.journal.timeline import register_word_search, register_words

SEALED = (
    "id", "customer_id", "contact_id", "type", "channel", "result", "started_at", "ended_at", "author_id", "corrects_id",
    "inquiry_id", "imported", "text_digest", "recorded_at", "transaction",
)  # fmt: skip


def _words_of(text: Any) -> dict[str, Any]:
    words: dict[str, Any] = text.words()
    return words


def say(events: list[Event]) -> dict[int, tuple[object, object]]:
    """What was said, for the timeline: one query for all."""
    corrected = Exists(ServiceRecord.objects.filter(corrects=OuterRef("pk")))
    recorded = IncomingCall.objects.filter(service_record=OuterRef("pk")).values("recording_url")[:1]
    known = ServiceRecord.objects.select_related("text", "contact")
    known = known.annotate(is_corrected=corrected, recording_url=Subquery(recorded))
    rows = known.in_bulk([event.object_id for event in events])
    said: dict[int, tuple[object, object]] = {}
    for event in events:
        row = rows.get(event.object_id)
        if row is not None and hasattr(row, "text"):
            said[event.pk] = (_line(row), row.text.whole)
    return said


def find(words: str) -> QuerySet[Any]:
    """The service records that contain these words, for the search of a timeline."""
    fields = ("subject", "content", "feedback", "remark")
    fits = reduce(or_, (Q(**{f"{name}__icontains": words}) for name in fields))
    return ServiceRecordText.objects.filter(fits | Q(record__contact__name__icontains=words)).values("record_id")


def _line(row: Any) -> SafeString:
    """The headline, what became of the record, and the way to correct it."""
    word = _("Correction") if row.corrects_id else _("corrected") if row.is_corrected else ""
    mark = format_html(' <span class="badge quiet plain">{}</span>', word) if word else ""
    url = reverse("crm:record-correct", args=[row.pk])
    sound = ""
    if row.recording_url:
        sound = format_html(' <a href="{}" rel="noreferrer">{}</a>', row.recording_url, _("Recording"))
    return format_html(
        '<span id="record-{}">{}</span>{}{} <a href="{}">{}</a>',
        row.pk,
        row.headline,
        mark,
        sound,
        url,
        pgettext("verb", "Correct"),
    )


def register() -> None:
    """Called once, when the apps are ready."""
    inspect = digested_part(ServiceRecordText, "record_id", "text_digest", _words_of)
    register_sealed(ServiceRecord, SEALED, inspect=inspect)
    register_words("service_record.added", say)
    register_word_search("service_record.added", find)
