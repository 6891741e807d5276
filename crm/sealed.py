"""Service records in the tamper-evident chain, and their words on the timeline."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.models import ServiceRecord, ServiceRecordText
from foundation.journal.chain import digested_part, register_sealed
from foundation.journal.models import Event
from foundation.journal.timeline import register_words

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
    known = ServiceRecord.objects.select_related("text", "contact").annotate(is_corrected=corrected)
    rows = known.in_bulk([event.object_id for event in events])
    said: dict[int, tuple[object, object]] = {}
    for event in events:
        row = rows.get(event.object_id)
        if row is not None and hasattr(row, "text"):
            said[event.pk] = (_line(row), row.text.whole)
    return said


def _line(row: Any) -> SafeString:
    """The headline, what became of the record, and the way to correct it."""
    word = _("Correction") if row.corrects_id else _("corrected") if row.is_corrected else ""
    mark = format_html(' <span class="badge quiet plain">{}</span>', word) if word else ""
    url = reverse("crm:record-correct", args=[row.pk])
    return format_html(
        '<span id="record-{}">{}</span>{} <a href="{}">{}</a>',
        row.pk,
        row.headline,
        mark,
        url,
        pgettext("verb", "Correct"),
    )


def register() -> None:
    """Called once, when the apps are ready."""
    inspect = digested_part(ServiceRecordText, "record_id", "text_digest", _words_of)
    register_sealed(ServiceRecord, SEALED, inspect=inspect)
    register_words("service_record.added", say)
