"""How letters to customers are headed, so that both sides' mail programs keep a conversation together."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet, prefetch_related_objects

from foundation.mailroom.addresses import reply_address
from foundation.mailroom.models import IncomingMail
from foundation.mailroom.registry import answering, target_of
from foundation.notifications.channels.email.letter import Dress
from foundation.notifications.manners.kinds import MARKETING, kind_of
from foundation.notifications.models import Message

MOST_REFERENCES = 20
MOST_BEFORE = 5
THREAD = ("message_id", "references", "in_reply_to", "sender")
LONGEST_SUBJECT = 250
_ANSWERED = re.compile(r"\s*(re|aw|antw|sv|回复|回覆|答复|答覆)\s*(\[\d+\])?\s*[:：]", re.IGNORECASE)


class Sent(NamedTuple):
    """A letter that went out."""

    pk: int
    to_address: str
    message_id: str
    sent_at: datetime


def look_ahead(messages: Sequence[Message]) -> None:
    """Read for a batch of letters their records, the mails that came in about them and the letters before: a few queries."""
    letters = [one for one in messages if one.user_id is None]
    if not letters:
        return
    prefetch_related_objects(letters, "subject")
    places = [(one.content_type_id, one.object_id) for one in letters]
    came: dict[tuple[int, int], list[IncomingMail]] = defaultdict(list)
    for mail in _mails().filter(_about(places)).only(*THREAD, "content_type", "object_id", "received_at"):
        came[(mail.content_type_id or 0, mail.object_id or 0)].append(mail)
    went: dict[tuple[int, int], list[Sent]] = defaultdict(list)
    sent = Message.objects.filter(_about(places), channel="email", sent_at__isnull=False).order_by("-pk")
    for kind, key, *rest in sent.values_list("content_type", "object_id", *Sent._fields):
        went[(kind, key)].append(Sent(*rest))
    for letter, place in zip(letters, places, strict=True):
        letter._came, letter._went = came[place], went[place]  # type: ignore[attr-defined]


def _about(places: Sequence[tuple[int, int]]) -> Q:
    kinds: dict[int, set[int]] = defaultdict(set)
    for kind, key in places:
        kinds[kind].add(key)
    found = Q()
    for kind, keys in kinds.items():
        found |= Q(content_type=kind, object_id__in=keys)
    return found


def dress(message: Message) -> Dress:
    """Subject, address for answers and headers of one letter; reads ahead for it if nobody has."""
    if not hasattr(message, "_came"):
        look_ahead([message])
    if message.user_id is not None:
        return Dress()
    subject = message.subject
    if subject is None or target_of(type(subject)) is None:
        return Dress()
    if (
        kind_of(message.kind).nature == MARKETING
    ):  # said to many: part of no conversation, though answers find their record
        to_record = reply_address(message.content_type_id, message.object_id)
        return Dress(reply_to=to_record, headers={"X-Auto-Response-Suppress": "All"})
    incoming = _last_incoming(message)
    code = message.event.code if message.event is not None else ""
    is_answer = incoming is not None and (message.actor_id is not None or code in answering())
    answered = incoming if is_answer else None
    headers = _thread(answered, _earlier(message, answered))
    if message.actor_id is None:
        headers["Auto-Submitted"] = "auto-replied" if is_answer else "auto-generated"
        headers["X-Auto-Response-Suppress"] = "All"
    return Dress(
        subject=subject_line(message.subject_line, str(getattr(subject, "number", "")), is_answer=is_answer),
        reply_to=reply_address(message.content_type_id, message.object_id),
        headers=headers,
    )


def subject_line(said: str, number: str, *, is_answer: bool) -> str:
    """The subject with the record's number in brackets, once, and `Re:` before an answer, once."""
    line = said if not is_answer or _ANSWERED.match(said) else f"Re: {said}"
    if number and number.lower() not in line.lower():
        token = f" [{number}]"
        line = line[: LONGEST_SUBJECT - len(token)].rstrip() + token
    return line[:LONGEST_SUBJECT]


def _mails() -> QuerySet[IncomingMail]:
    results = (IncomingMail.Result.JOINED, IncomingMail.Result.INQUIRY)
    return IncomingMail.objects.filter(~Q(message_id=""), result__in=results).order_by("-received_at", "-pk")


def _last_incoming(message: Message) -> IncomingMail | None:
    """The newest mail of this record from whoever gets the letter, else from anybody, that came before the letter was written."""
    came: list[IncomingMail] = message._came  # type: ignore[attr-defined]
    found = [one for one in came if one.received_at <= message.created_at]
    theirs = [one for one in found if one.sender == message.to_address.lower()]
    return next(iter(theirs or found), None)


def _earlier(message: Message, answered: IncomingMail | None) -> list[str]:
    """Message-IDs of earlier letters about the record to the same person, the oldest first.

    Before a mail that is answered stand only those that had gone out when it came: what answered it is no ancestor of it.
    """
    went: list[Sent] = message._went  # type: ignore[attr-defined]
    theirs = [
        one.message_id
        for one in went
        if one.pk < message.pk
        and one.to_address.lower() == message.to_address.lower()
        and (answered is None or one.sent_at < answered.received_at)
    ]
    return theirs[:MOST_BEFORE][::-1]


def _thread(answered: IncomingMail | None, before: list[str]) -> dict[str, str]:
    """In-Reply-To and References (RFC 5322, 3.6.4): the first of the chain and the newest ones."""
    if answered is None:
        return {"References": " ".join(before)} if before else {}
    chain = [
        *(answered.references or [answered.in_reply_to]),
        *[one for one in before if one not in answered.references],
    ]
    chain = [one for one in dict.fromkeys(chain) if one and one != answered.message_id] + [answered.message_id]
    if len(chain) > MOST_REFERENCES:
        chain = chain[:1] + chain[1 - MOST_REFERENCES :]
    return {"In-Reply-To": answered.message_id, "References": " ".join(chain)}
