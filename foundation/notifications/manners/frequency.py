"""How often one person gets marketing, and that no customer gets the same text twice (PRE-6)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from foundation.notifications.manners import reasons
from foundation.notifications.models import MarketingLimit, MarketingText, Message
from foundation.ui.shelf import Shelf, follow

_LINK = re.compile(r"https?://\S+")
_NO_WORD = re.compile(r"[\W_]+")
# What was not sent after all takes nobody's place.
NOT_SENT = (Message.State.FAILED, Message.State.CANCELLED, Message.State.SUPPRESSED)


def _read() -> tuple[int, int] | None:
    row = MarketingLimit.objects.first()
    return (row.most, row.days) if row else None


_limit: Shelf[tuple[int, int] | None] = Shelf(_read, of=[MarketingLimit])
follow(MarketingLimit)


def limit() -> tuple[int, int] | None:
    """At most so many within so many days; None where the company has set none."""
    return _limit.get()


def text_digest(body: str, name: str = "") -> str:
    """What makes a text the same text: its words, whatever its case, spaces, marks, links and the name that it greets."""
    text = _LINK.sub(" ", unicodedata.normalize("NFKC", body)).casefold()
    greeted = unicodedata.normalize("NFKC", name).casefold().strip()
    if greeted:
        text = text.replace(greeted, " ")
    return hashlib.sha256(_NO_WORD.sub(" ", text).strip().encode()).hexdigest()


def customer_key(message: Message) -> str:
    """Who must not read the same text again: the whole customer, or the person where we know no customer."""
    return f"customer:{message.customer_id}" if message.customer_id else message.recipient_key


@transaction.atomic
def take_turn(message: Message) -> str:
    """Let a marketing message take its place in its person's week; else why not, as a code of `reasons`.

    Asking again for the same message, or for one sent in its stead, is granted: it has its place already. Messages to one
    person wait for each other here, so that two workers cannot both take the last place.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"manners {message.recipient_key}"])
    mine = {message.pk, message.fallback_of_id}
    if MarketingText.objects.filter(message__in=[pk for pk in mine if pk]).exists():
        return ""
    if (found := limit()) and _taken(message.recipient_key, found[1]) >= found[0]:
        return reasons.TOO_MANY
    key, digest = customer_key(message), text_digest(message.body, message.to_name)
    MarketingText.objects.filter(customer_key=key, digest=digest, message__state__in=NOT_SENT).delete()
    row = MarketingText(customer_key=key, person_key=message.recipient_key, digest=digest, message=message)
    MarketingText.objects.bulk_create([row], ignore_conflicts=True)
    return "" if MarketingText.objects.filter(message=message).exists() else reasons.SAME_TEXT


def _taken(person_key: str, days: int) -> int:
    since = timezone.now() - timedelta(days=days)
    taken = MarketingText.objects.filter(person_key=person_key, created_at__gt=since)
    return taken.exclude(message__state__in=NOT_SENT).count()
