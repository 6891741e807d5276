"""The same question again: the same sender, the same or nearly the same words, within some days. It joins the open inquiry."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import timedelta
from difflib import SequenceMatcher
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from crm.models import Inquiry, InquiryPolicy
from crm.services import changes
from foundation.journal.attachments import attach
from foundation.journal.services import record

MOST_COMPARED = 20
LONGEST_COMPARED = 4000
FEWEST_LETTERS = 6
FEW_LETTERS = 20  # a question so short says little without its subject
_GAPS = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")


def plain_words(text: str) -> str:
    """A question without what does not matter: case, punctuation, line ends."""
    return " ".join(_GAPS.sub(" ", text[:LONGEST_COMPARED].casefold()).split())


def is_alike(first: str, second: str, percent: int) -> bool:
    """Whether two questions are the same or nearly the same words. Their numbers must be the same in any case."""
    if first.strip().casefold() == second.strip().casefold():
        return True
    one, other = plain_words(first), plain_words(second)
    if sum(map(str.isalpha, one)) < FEWEST_LETTERS:
        return False  # of so few, each sign counts
    if one == other:
        return True
    if not other or _DIGITS.findall(one) != _DIGITS.findall(other):
        return False
    matcher, least = SequenceMatcher(None, one, other, autojunk=False), percent / 100
    return matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least and matcher.ratio() >= least


def is_repeat(first: Inquiry, subject: str, text: str, percent: int) -> bool:
    """Whether this is the inquiry's question once more; where its words are few, the subject must be alike, too."""
    if not is_alike(first.text, text, percent):
        return False
    is_short = sum(map(str.isalpha, text[:LONGEST_COMPARED])) < FEW_LETTERS
    return not is_short or is_alike(first.subject, subject, percent)


def lock_sender(*, email: str, phone: str) -> None:
    """Let two posts of one sender wait for one another, until the end of the transaction."""
    keys = sorted({f"inquiry:{one}" for one in (email.lower(), phone) if one})
    numbers = [int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big", signed=True) for key in keys]
    with connection.cursor() as cursor:
        for number in sorted(numbers):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def earlier_of(*, email: str, phone: str, subject: str, text: str) -> Inquiry | None:
    """The open inquiry that this is once more, or None. Call it after `lock_sender`. One query."""
    policy = InquiryPolicy.current()
    sender = (Q(email=email.lower()) if email else Q()) | (Q(phone=phone) if phone else Q())
    if not policy.repeat_days or not sender:
        return None
    since = timezone.now() - timedelta(days=policy.repeat_days)
    again = Q(received_at__gte=since) | Q(asked_again_at__gte=since)
    rows = Inquiry.objects.open().filter(sender & again).order_by("-pk")[:MOST_COMPARED]
    return next((one for one in rows if is_repeat(one, subject, text, policy.repeat_percent)), None)


def count_again(pk: int) -> Inquiry:
    """The inquiry, locked, asked once more by now."""
    inquiry = changes.lock(Inquiry, pk)
    inquiry.times_asked += 1
    inquiry.asked_again_at = timezone.now()
    inquiry.save(update_fields=["times_asked", "asked_again_at"])
    return inquiry


def join_repeat(
    earlier: Inquiry,
    *,
    actor: Any,
    channel: str,
    subject: str,
    text: str,
    source: Any = None,
    files: Iterable[Any] = (),
) -> Inquiry:
    """Keep a repeated question with the inquiry that it repeats: its words, its files, and how often it was asked."""
    inquiry = count_again(earlier.pk)
    facts = {"again_by": channel, "times_asked": inquiry.times_asked, **({"source": source.code} if source else {})}
    words = text if plain_words(subject) == plain_words(inquiry.subject) else f"{subject}\n\n{text}"
    event = record("inquiry.repeated", inquiry, actor=actor, facts=facts, private={"text": words})
    for one in files:
        attach(inquiry, one, actor=actor, purpose="inquiry", customer_id=inquiry.customer_id, event=event)
    inquiry.was_joined = True
    return inquiry
