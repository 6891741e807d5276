"""Taking mail in: the bytes are kept and committed before anybody looks into them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from foundation.mailroom.addresses import digest
from foundation.mailroom.models import IncomingMail, RawMail
from foundation.mailroom.reading.letter import Letter, Unreadable, peek, read
from foundation.mailroom.reading.tongue import language_of
from foundation.mailroom.services.deciding import decide

log = logging.getLogger(__name__)
Result = IncomingMail.Result
MOST_TRIES = 3
LEFT_ALONE = timedelta(minutes=2)


def store(raw: bytes, *, source: str = IncomingMail.Source.PIPE, size: int | None = None) -> tuple[int, bool]:
    """Keep the bytes; returns the mail's key and whether they are new. Committed when it returns, unless nested.

    Of a mail beyond `LARGEST` its header is given, with the `size` of the whole: a person decides about it.
    """
    key = digest(raw)
    known = IncomingMail.objects.filter(digest=key).values_list("pk", flat=True).first()
    if known is not None:
        return known, False
    try:
        with transaction.atomic():
            mail = IncomingMail.objects.create(digest=key, source=source, size=len(raw) if size is None else size)
            RawMail.objects.create(mail=mail, data=raw)
    except IntegrityError:  # another worker was faster with the same bytes
        return IncomingMail.objects.values_list("pk", flat=True).get(digest=key), False
    return mail.pk, True


def take_in(raw: bytes, *, source: str = IncomingMail.Source.PIPE, size: int | None = None) -> tuple[IncomingMail, str]:
    """Keep a mail and see to it; returns it with the result of this delivery: `duplicate` when it was finished before."""
    pk, is_new = store(raw, source=source, size=size)
    if not is_new and not IncomingMail.objects.filter(pk=pk, result=Result.STORED).exists():
        return IncomingMail.objects.get(pk=pk), Result.DUPLICATE
    mail = process(pk)
    return mail, mail.result


def process(pk: int) -> IncomingMail:
    """See to a stored mail, in one transaction. It may be called twice, by two at once, or after a crash.

    A mail that cannot be read, or on which we fail, is quarantined. Raises only when the database is away.
    """
    with _alone_on(pk):
        return _process(pk)


@contextmanager
def _alone_on(pk: int) -> Iterator[None]:
    """Whoever comes second waits, and then finds it done: its try does not count. The lock goes with a worker that dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('kontor.mailroom.mail'), %s)", [pk % 2**31])
    try:
        yield
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('kontor.mailroom.mail'), %s)", [pk % 2**31])


def _process(pk: int) -> IncomingMail:
    if not IncomingMail.objects.filter(pk=pk, result=Result.STORED).update(tries=F("tries") + 1):
        return IncomingMail.objects.get(pk=pk)
    raw = bytes(RawMail.objects.values_list("data", flat=True).get(pk=pk))
    if IncomingMail.objects.filter(pk=pk, tries__gt=MOST_TRIES).exists():
        return _quarantine(pk, raw, "killed", "")
    try:
        letter = read(raw)
        return _decide(pk, letter)
    except Unreadable as error:
        return _quarantine(pk, raw, "unreadable", str(error))
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("Mail %s could not be seen to", pk)
        return _quarantine(pk, raw, "error", f"{type(error).__name__}: {error}")


@transaction.atomic
def _decide(pk: int, letter: Letter) -> IncomingMail:
    lock_sender(letter.sender)
    mail = IncomingMail.objects.select_for_update(of=("self",)).get(pk=pk)
    if mail.result == Result.STORED:
        describe(mail, letter)
        decide(mail, letter)
        mail.save()
    return mail


def lock_sender(address: str) -> None:
    """Mails of one sender are seen to one after the other: how many there were, and what was answered, is counted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"mailroom {address}"])


def describe(mail: IncomingMail, letter: Letter) -> None:
    """Put on the row what was read."""
    mail.message_id, mail.in_reply_to, mail.references = letter.message_id, letter.in_reply_to, letter.references
    mail.sender, mail.sender_name, mail.subject_line = letter.sender, letter.sender_name, letter.subject
    mail.text, mail.quoted = letter.fresh, letter.quoted
    mail.language = language_of(f"{letter.subject}\n{letter.fresh}")
    said = "\0".join([letter.subject, letter.sender, letter.fresh, letter.quoted, *(one.name for one in letter.files)])
    mail.content_digest = digest(said.encode() + b"\0".join(one.data for one in letter.files))


@transaction.atomic
def _quarantine(pk: int, raw: bytes, reason: str, detail: str) -> IncomingMail:
    mail = IncomingMail.objects.select_for_update(of=("self",)).get(pk=pk)
    if mail.result == Result.STORED:
        mail.subject_line, mail.sender = peek(raw)
        mail.result, mail.reason, mail.detail = Result.QUARANTINED, reason, detail.replace("\0", "")[:400]
        mail.save(update_fields=["subject_line", "sender", "result", "reason", "detail"])
    return mail


def finish_stored(*, limit: int = 100) -> int:
    """See to what was stored and left, by a worker that died or while the house was being changed; returns how many."""
    left = IncomingMail.objects.filter(result=Result.STORED, received_at__lt=timezone.now() - LEFT_ALONE)
    keys = list(left.order_by("received_at").values_list("pk", flat=True)[:limit])
    for pk in keys:
        process(pk)
    return len(keys)
