"""What becomes of a mail: a report, automatic, part of a record, an inquiry, or something for a person to sort."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Value

from foundation.accounts.models import User
from foundation.journal.machine import Refused
from foundation.journal.models import ClockTimestamp
from foundation.mailroom.addresses import is_own, own_addresses, record_behind
from foundation.mailroom.models import IncomingMail, MailPolicy
from foundation.mailroom.reading.letter import LARGEST, Letter
from foundation.mailroom.reading.nature import is_report, why_automatic
from foundation.mailroom.registry import Arrival, becoming, belongs_to, target_of, targets
from foundation.mailroom.services.after_hours import answer_at_once
from foundation.mailroom.services.bounces import take_report
from foundation.mailroom.services.files import Files, judged
from foundation.mailroom.services.remembering import remember
from foundation.notifications.models import Message
from foundation.notifications.services.addresses import mark_alive
from foundation.ui import formats

Result = IncomingMail.Result
_NUMBER = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,12}-[A-Za-z0-9-]{2,30}(?![A-Za-z0-9])")
MOST_NUMBERS = 5
LONGEST_WORDS = 20_000


def decide(mail: IncomingMail, letter: Letter) -> None:
    """Put the result on the row, and do what it means. The mail is locked, and so is its sender."""
    if (earlier := _came_before(mail)) is not None:
        mail.original = earlier
        settle(mail, Result.DUPLICATE, "twice")
    elif mail.size > LARGEST:  # its header is all that was kept
        found, _how = find_record(letter)
        put_with(mail, found)
        settle(mail, Result.REVIEW, "too_large", formats.file_size(mail.size))
    elif is_report(letter):
        take_report(mail, letter)
    elif reason := why_automatic(letter, {letter.sender} if is_own(letter.sender) else own_addresses()):
        found, _how = find_record(letter)
        put_with(mail, found)
        settle(mail, Result.AUTOMATIC, reason)
    else:
        _place(mail, letter)


def settle(mail: IncomingMail, result: str, reason: str, detail: str = "") -> None:
    """Write the verdict on the row; it is saved by whoever called."""
    mail.result, mail.reason, mail.detail = result, reason, detail.replace("\0", "")[:400]


def _came_before(mail: IncomingMail) -> IncomingMail | None:
    """The same Message-ID with the same words, by another way (other trace headers)."""
    if not mail.message_id:
        return None
    same = IncomingMail.objects.filter(message_id=mail.message_id, content_digest=mail.content_digest)
    return same.exclude(pk=mail.pk).exclude(result=Result.STORED).order_by("pk").first()


def _place(mail: IncomingMail, letter: Letter) -> None:
    files = judged(letter)
    mail.files = files.listed
    found, how = find_record(letter)
    reason = "dangerous" if files.is_dangerous else why_doubtful(mail, letter)
    if reason or how == "unknown_sender":
        put_with(mail, found)
        settle(mail, Result.REVIEW, reason or how, str(found) if how == "unknown_sender" else "")
        return
    mail.save()  # whoever is told of it reads the row
    try:
        with transaction.atomic():
            if found is not None:
                join(mail, found, files, how=how)
            else:
                become(mail, files)
    except Refused as refusal:
        put_with(mail, found)
        settle(mail, Result.REVIEW, "refused", str(refusal.message))


def why_doubtful(mail: IncomingMail, letter: Letter) -> str:
    """Why a person must look at it first; empty when nothing speaks against it."""
    if not letter.sender:
        return "no_sender"
    if User.objects.filter(email__iexact=letter.sender).exists():
        return "staff_sender"
    policy = MailPolicy.current()
    since = ClockTimestamp() - Value(timedelta(minutes=policy.sender_minutes))
    lately = IncomingMail.objects.filter(sender=letter.sender, received_at__gt=since).exclude(pk=mail.pk)
    lately = lately.exclude(result=Result.DUPLICATE)
    return "rate" if lately[: policy.sender_limit].count() >= policy.sender_limit else ""


# ---------------------------------------------------------------- to which record


def find_record(letter: Letter) -> tuple[models.Model | None, str]:
    """The record that a mail belongs to and how we know; `unknown_sender` when only a number in its subject says so."""
    if (found := record_behind(letter.recipients)) is not None and target_of(type(found)):
        return found, "reply_address"
    if (found := _by_thread(letter)) is not None:
        return found, "thread"
    named = _by_number(letter.subject)
    for one in named:
        if belongs_to(one, letter.sender):
            return one, "number"
    return (named[0], "unknown_sender") if named else (None, "")


def _by_thread(letter: Letter) -> models.Model | None:
    """The record of the message of ours that is answered, else of an earlier mail of the same sender."""
    ancestors = letter.ancestors[:50]
    if not ancestors:
        return None
    ours = Message.objects.filter(message_id__in=ancestors, user=None).order_by("-pk").first()
    if ours is not None and ours.subject is not None and target_of(type(ours.subject)):
        subject: models.Model = ours.subject
        return subject
    theirs = IncomingMail.objects.filter(
        message_id__in=ancestors, sender=letter.sender, result__in=(Result.JOINED, Result.INQUIRY)
    )
    earlier = theirs.order_by("-pk").first()
    return earlier.subject if earlier is not None else None


def _by_number(subject_line: str) -> list[models.Model]:
    numbers = list(dict.fromkeys(one.upper() for one in _NUMBER.findall(subject_line)))[:MOST_NUMBERS]
    if not numbers:
        return []
    found: list[models.Model] = []
    for target in targets():
        found += target.model._base_manager.filter(number__in=numbers)[:MOST_NUMBERS]
    return found


# ---------------------------------------------------------------- joining


def arrival_of(mail: IncomingMail, uploads: Iterable[Any]) -> Arrival:
    """The mail as a stage sees it."""
    return Arrival(
        mail_id=mail.pk,
        sender=mail.sender,
        sender_name=mail.sender_name,
        subject=mail.subject_line,
        text=mail.text[:LONGEST_WORDS],
        language=mail.language,
        received_at=mail.received_at,
        files=list(uploads),
    )


def put_with(mail: IncomingMail, subject: models.Model | None) -> None:
    """Point the row to a record, and to its customer."""
    if subject is not None:
        mail.content_type = ContentType.objects.get_for_model(subject, for_concrete_model=False)
        mail.object_id = subject.pk
        mail.customer_id = getattr(subject, "customer_ref", lambda: None)()


def join(mail: IncomingMail, subject: models.Model, files: Files, *, how: str, actor: Any = None) -> None:
    """Make the mail part of the record. Raises Refused where the record takes nothing more."""
    target = target_of(type(subject))
    if target is not None and target.join is not None:
        mail.event = target.join(subject.pk, arrival_of(mail, files.uploads))
    else:
        mail.event = remember(subject, arrival_of(mail, files.uploads), actor=actor)
    put_with(mail, subject)
    settle(mail, Result.JOINED, how)
    mark_alive("email", mail.sender)
    mail.save()  # what answers it reads the row
    if actor is None:
        answer_at_once(mail, subject)


def become(mail: IncomingMail, files: Files, *, how: str = "new") -> None:
    """Make an inquiry of the mail, or join the one that it repeats."""
    make = becoming()
    if make is None:
        settle(mail, Result.REVIEW, "nobody")
        return
    subject, is_new = make(arrival_of(mail, files.uploads))
    if not is_new:
        join(mail, subject, files, how="again")
        return
    put_with(mail, subject)
    settle(mail, Result.INQUIRY, how)
