"""How letters to customers are headed, so that both sides' mail programs keep a conversation together."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Q

from foundation.mailroom.addresses import reply_address
from foundation.mailroom.models import IncomingMail
from foundation.mailroom.registry import answering, target_of
from foundation.notifications.channels.email.letter import Dress
from foundation.notifications.models import Message

MOST_REFERENCES = 20
LONGEST_SUBJECT = 250
_ANSWERED = re.compile(r"\s*(re|aw|antw|sv|回复|回覆|答复|答覆)\s*(\[\d+\])?\s*[:：]", re.IGNORECASE)


def dress(message: Message) -> Dress:
    """Subject, address for answers and headers of one letter. Two queries; none for letters to colleagues."""
    if message.user_id is not None:
        return Dress()
    subject = message.subject
    if subject is None or target_of(type(subject)) is None:
        return Dress()
    incoming = _last_incoming(message)
    before = list(_earlier(message))
    code = message.event.code if message.event is not None else ""
    is_answer = incoming is not None and (message.actor_id is not None or code in answering())
    headers = _thread(incoming if is_answer else None, before)
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


def _last_incoming(message: Message) -> IncomingMail | None:
    """The newest mail of this record from whoever gets the letter, else from anybody, that came before the letter was written."""
    results = (IncomingMail.Result.JOINED, IncomingMail.Result.INQUIRY)
    mails = IncomingMail.objects.filter(
        content_type=message.content_type_id, object_id=message.object_id, result__in=results
    )
    mails = mails.filter(~Q(message_id=""), received_at__lte=message.created_at).order_by("-received_at", "-pk")
    found = list(mails.only("message_id", "references", "in_reply_to", "sender")[:10])
    theirs = [one for one in found if one.sender == message.to_address.lower()]
    return next(iter(theirs or found), None)


def _earlier(message: Message) -> Any:
    """Message-IDs of earlier letters about the record to the same person, the oldest first."""
    rows = Message.objects.filter(
        content_type=message.content_type_id, object_id=message.object_id, channel="email", pk__lt=message.pk,
        to_address__iexact=message.to_address, sent_at__isnull=False,
    )  # fmt: skip
    return reversed(rows.order_by("-pk").values_list("message_id", flat=True)[:5])


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
