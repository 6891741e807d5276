"""Incoming mail on the timelines of its record and its customer: the new words, what is quoted folded away."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from foundation.journal.timeline import Entry, register_source
from foundation.mailroom.models import IncomingMail
from foundation.mailroom.registry import target_of
from foundation.ui import html
from foundation.ui.labels import choice_label
from foundation.ui.prepared import prepared
from foundation.ui.presence import register_presence

MARKS = {
    "stored": "plain",
    "joined": "done",
    "inquiry": "done",
    "review": "soon",
    "bounce": "late",
    "automatic": "plain",
    "duplicate": "plain",
    "quarantined": "late",
    "discarded": "paused",
}
RESULT = IncomingMail._meta.get_field("result")
ON_TIMELINES = ("joined", "inquiry", "automatic", "bounce")
SHOWN = (
    "result", "reason", "sender", "sender_name", "subject_line", "text", "quoted", "language", "received_at", "event_id",
)  # fmt: skip


def result_badge(mail: IncomingMail) -> SafeString:
    """The result as a word with its mark."""
    return html.badge(choice_label(RESULT, mail.result), MARKS[mail.result], quiet=True)


def headline(mail: IncomingMail) -> str:
    """“Email from Anna Berg: Damaged boards”."""
    values = {"name": mail.sender_name or mail.sender or _("somebody unnamed"), "subject": mail.subject_line or "–"}
    return _("Email from %(name)s: %(subject)s") % values


def words(mail: IncomingMail) -> SafeString:
    """The new words, and the quoted ones folded."""
    language = html.HTML_LANG.get(mail.language, mail.language)
    drawn = render_to_string("mailroom/words.html", {"mail": mail, "language": language})
    return SafeString(
        drawn.replace("\n", "")
    )  # a timeline makes a break of each line end, and these are paragraphs already


def entries(
    *, subject: Model | None = None, customer_id: int | None = None, limit: int, before: datetime | None = None
) -> list[Entry]:
    """The newest mails, in one query; none is asked for on records that no mail joins, whose returned letters say so themselves."""
    if subject is not None and target_of(type(subject)) is None:
        return []
    values: list[Any] = [customer_id]
    if subject is not None:
        values = [ContentType.objects.get_for_model(subject, for_concrete_model=False).pk, subject.pk]
    if before is not None:
        values.append(before)
    by = "subject" if subject is not None else "customer"
    return [_entry(row) for row in _rows(*values, by=by, limit=limit)]


@prepared
def _rows(*values: Any, by: str, limit: int) -> QuerySet[IncomingMail]:
    """`values`: the key of the record's type and its own, or the customer's, and the moment to continue from."""
    rows = IncomingMail.objects.filter(result__in=ON_TIMELINES).only(*SHOWN).order_by("-received_at", "-id")
    if by == "subject":
        rows, rest = rows.filter(content_type=values[0], object_id=values[1]), values[2:]
    else:
        rows, rest = rows.filter(customer_id=values[0]), values[1:]
    return (rows.filter(received_at__lt=rest[0]) if rest else rows)[:limit]


def _entry(mail: IncomingMail) -> Entry:
    def finish(entry: Entry) -> None:
        entry.text = headline(mail)
        if mail.result != IncomingMail.Result.BOUNCE:
            entry.body = words(mail)
        entry.body_language = html.HTML_LANG.get(mail.language, mail.language)
        entry.state = result_badge(mail)
        entry.url = mail.get_absolute_url()

    return Entry(
        kind="message",
        text="",
        when=mail.received_at,
        id=f"mail-{mail.pk}",
        replaces=f"event-{mail.event_id}" if mail.event_id else "",
        finish=finish,
    )


def register() -> None:
    """Let every timeline show incoming mail."""
    register_source("mail", entries, kinds=("message",))
    register_presence("mail", lambda model: IncomingMail.objects.filter(customer_id=OuterRef("pk")))
