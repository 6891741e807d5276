"""Messages on the timelines of their record and their customer, each with what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, OuterRef, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from foundation.journal.timeline import PAGE, Entry, register_source
from foundation.notifications.models import Message
from foundation.notifications.selectors import explain
from foundation.ui import html
from foundation.ui.ahead import Wish, register_wishes, wish
from foundation.ui.labels import choice_label
from foundation.ui.prepared import prepared
from foundation.ui.presence import lacks, register_presence

MARKS = {
    "queued": "plain",
    "sending": "plain",
    "sent": "done",
    "delivered": "done",
    "failed": "late",
    "unknown": "soon",
    "cancelled": "paused",
    "suppressed": "paused",
}


def state_badge(message: Message) -> SafeString:
    """The state as a word with its mark; the reason on hover."""
    word = choice_label(STATE, message.state)
    return html.badge(word, MARKS[message.state], title=explain(message), quiet=True)


STATE = Message._meta.get_field("state")
SHOWN = (
    "state", "last_error", "channel", "to_name", "to_address", "subject_line", "created_at", "body", "language", "event_id",
    "rule_key", "waits_for", "next_attempt_at", "time_zone", "actor__name", "actor__email",
)  # fmt: skip


def headline(message: Message) -> str:
    """“Email to Anna Berg: Your order is confirmed”."""
    values = {"name": message.to_name or message.to_address, "subject": message.subject_line}
    if message.channel == "sms":
        return _("Text message to %(name)s") % values
    if message.channel == "wecom":
        return _("WeCom message to %(name)s: %(subject)s") % values
    return _("Email to %(name)s: %(subject)s") % values


def entries(
    *, subject: Model | None = None, customer_id: int | None = None, limit: int, before: datetime | None = None
) -> list[Entry]:
    """The newest messages, in one query. Messages to colleagues are their own affair and left out."""
    values: list[Any] = [customer_id]
    if subject is not None:
        values = [ContentType.objects.get_for_model(subject, for_concrete_model=False).pk, subject.pk]
    if before is not None:
        values.append(before)
    by = "subject" if subject is not None else "customer"
    return [_entry(row) for row in _rows(*values, by=by, limit=limit)]


def wishes(user: Any, customer: Model) -> list[Wish]:
    """What a customer's page will ask for the first page of its timeline."""
    return [] if lacks(customer, "messages") else [wish(_rows, customer.pk, by="customer", limit=PAGE + 1)]


@prepared
def _rows(*values: Any, by: str, limit: int) -> QuerySet[Message]:
    """`values`: the key of the record's type and its own, or the customer's, and the moment to continue from."""
    rows = Message.objects.filter(user=None).select_related("actor").only(*SHOWN).order_by("-created_at", "-id")
    if by == "subject":
        rows, rest = rows.filter(content_type=values[0], object_id=values[1]), values[2:]
    else:
        rows, rest = rows.filter(customer_id=values[0]), values[1:]
    return (rows.filter(created_at__lt=rest[0]) if rest else rows)[:limit]


def _entry(message: Message) -> Entry:
    def finish(entry: Entry) -> None:
        own_words = message.actor_id is not None or message.channel == "sms"
        entry.text = headline(message)
        entry.actor = str(message.actor) if message.actor else ""
        entry.body = message.body if own_words else ""
        entry.body_language = html.HTML_LANG.get(message.language, message.language)
        entry.state = state_badge(message)
        entry.url = message.get_absolute_url()

    return Entry(
        kind="message",
        text="",
        when=message.created_at,
        id=f"message-{message.pk}",
        replaces=f"event-{message.event_id}" if message.event_id and not message.rule_key else "",
        finish=finish,
    )


def register() -> None:
    """Let every timeline show messages."""
    register_source("messages", entries, kinds=("message",))
    register_wishes("customer", wishes)
    register_presence("messages", lambda model: Message.objects.filter(customer_id=OuterRef("pk"), user=None))
