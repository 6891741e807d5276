"""Fetching mail by IMAP: each mail is stored before it is marked as seen, so that nothing is lost and nothing comes twice."""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import connection
from django.db.models.functions import Coalesce

from foundation.journal.models import ClockTimestamp
from foundation.mailroom.models import IncomingMail, Mailbox
from foundation.mailroom.reading.letter import LARGEST, LONGEST_HEAD, head_of
from foundation.mailroom.services import process, store

log = logging.getLogger(__name__)
TIMEOUT_S = 20
MOST_SAID = 2**31 - 1  # what the column of sizes takes
imaplib._MAXLINE = 10_000_000  # type: ignore[attr-defined]  # a search may name very many mails in one line


class CannotFetch(Exception):
    """The mailbox cannot be reached or does not do what it should; the text is for the page about the system's health."""


@dataclass(frozen=True)
class Account:
    """Where to fetch: `imaps://user:password@host:993/INBOX`; `imap://` speaks STARTTLS where the server offers it."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    is_tls: bool


def account() -> Account | None:
    """The mailbox of the settings; None when there is none. Raises CannotFetch for an address that is none."""
    if not settings.IMAP_URL:
        return None
    try:
        parts = urlsplit(settings.IMAP_URL)
        port = parts.port or (993 if parts.scheme == "imaps" else 143)
    except ValueError:
        raise CannotFetch("IMAP_URL is no address") from None
    if parts.scheme not in ("imap", "imaps") or not parts.hostname:
        raise CannotFetch("IMAP_URL must look like imaps://user:password@host/INBOX")
    return Account(
        parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""),
        unquote(parts.path.strip("/")) or "INBOX", parts.scheme == "imaps",
    )  # fmt: skip


def fetch_all(*, seconds: float = 40) -> int:
    """Fetch every mail that is not seen yet; returns how many. Trouble with the server is noted for the health page."""
    with _alone() as is_mine:
        if not is_mine:
            return 0
        try:
            where = account()
            if where is None:
                return 0
            count = _fetch(where, time.monotonic() + seconds)
        except CannotFetch as error:
            _note_trouble(str(error))
            return 0
        except (imaplib.IMAP4.error, OSError, ssl.SSLError) as error:
            _note_trouble(f"{type(error).__name__}: {error}")
            return 0
        Mailbox.objects.update_or_create(
            pk=1, defaults={"reached_at": ClockTimestamp(), "failing_since": None, "error": ""}
        )
        return count


@contextmanager
def _alone() -> Iterator[bool]:
    """One fetch at a time in the whole house; the lock goes with the connection of a worker that dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('kontor.mailroom.fetch'))")
        (is_mine,) = cursor.fetchone()
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('kontor.mailroom.fetch'))")


def _note_trouble(text: str) -> None:
    secret = urlsplit(settings.IMAP_URL).password or ""
    text = text.replace(secret, "…") if secret else text
    log.warning("The mailbox cannot be read: %s", text)
    row, _is_new = Mailbox.objects.get_or_create(pk=1)
    Mailbox.objects.filter(pk=row.pk).update(
        error=text.replace("\0", "")[:300], failing_since=Coalesce("failing_since", ClockTimestamp())
    )


def _fetch(where: Account, deadline: float) -> int:
    box = _sign_in(where)
    try:
        _must(box.select(f'"{where.folder}"'), "select")
        (found,) = _must(box.uid("SEARCH", "UNSEEN"), "search")[:1] or [b""]
        count = 0
        for uid in (found or b"").split():
            if time.monotonic() > deadline:
                break
            count += _fetch_one(box, uid.decode("ascii", "replace"))
        return count
    finally:
        try:
            box.logout()
        except (imaplib.IMAP4.error, OSError):
            log.debug("The mail server hung up first")


def _sign_in(where: Account) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if where.is_tls:
        box: imaplib.IMAP4 = imaplib.IMAP4_SSL(where.host, where.port, ssl_context=context, timeout=TIMEOUT_S)
    else:
        box = imaplib.IMAP4(where.host, where.port, timeout=TIMEOUT_S)
        if "STARTTLS" in box.capabilities:
            box.starttls(context)
    box.login(where.user, where.password)
    return box


def _fetch_one(box: imaplib.IMAP4, uid: str) -> int:
    """Store, mark as seen, see to it, in this order; 1 if it was there. Of a huge one only the header is fetched."""
    size = _size_of(box, uid)
    too_large = size > LARGEST
    raw = _part(box, uid, LONGEST_HEAD if too_large else LARGEST + 1)
    if raw is None:  # deleted meanwhile
        return 0
    if too_large or len(raw) > LARGEST:  # a server that says too little is not believed
        pk, _is_new = store(head_of(raw), source=IncomingMail.Source.IMAP, size=max(size, len(raw)))
    else:
        pk, _is_new = store(raw, source=IncomingMail.Source.IMAP)
    _must(box.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"), "store")
    process(pk)
    return 1


def _size_of(box: imaplib.IMAP4, uid: str) -> int:
    """What the server says about the size before anything is sent; 0 where it says nothing."""
    answer = _must(box.uid("FETCH", uid, "(RFC822.SIZE)"), "fetch")
    said = b" ".join(part[0] if isinstance(part, tuple) else part for part in answer if part)
    found = re.search(rb"RFC822\.SIZE (\d{1,15})", said)
    return min(int(found[1]), MOST_SAID) if found else 0


def _part(box: imaplib.IMAP4, uid: str, length: int) -> bytes | None:
    """The first bytes of a mail; never more than `length` are asked for."""
    answer = _must(box.uid("FETCH", uid, f"(BODY.PEEK[]<0.{length}>)"), "fetch")
    return next((bytes(part[1]) for part in answer if isinstance(part, tuple) and len(part) > 1), None)


def _must(answer: tuple[str, list[Any]], what: str) -> list[Any]:
    status, data = answer
    if status != "OK":
        said = re.sub(r"\s+", " ", str(data))[:200]
        raise CannotFetch(f"The mail server refuses “{what}”: {said}")
    return data
