"""Inquiries that other machines post: their keys, and each post taken once."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.models import Inquiry, InquiryPost, InquirySource
from crm.services import changes
from crm.services.inquiries import receive_inquiry
from foundation.journal.services import record

PREFIX = "kiq_"
BYTES = 32
HINT = 10  # characters of a key that tell it from others


class OtherWords(Exception):
    """The same key came with other words: whoever posts has made a mistake."""


@dataclass(frozen=True)
class Posted:
    """What became of a post: its inquiry, whether this made it, and whether it joined one that asked the same."""

    inquiry: Inquiry
    is_new: bool
    was_joined: bool


def digest_of(raw: str) -> str:
    """What is kept in place of a key: 256 random bits need no slow hash."""
    return hashlib.sha256(f"kontor inquiry source\n{raw}".encode(errors="replace")).hexdigest()


@transaction.atomic
def make_key(pk: int, *, actor: Any) -> str:
    """A new key of a source; the one before opens nothing from now on. It is returned once and kept nowhere."""
    changes.demand(actor, "crm.change_inquirysource")
    source = changes.lock(InquirySource, pk)
    raw = PREFIX + secrets.token_urlsafe(BYTES)
    source.key_digest, source.key_hint = digest_of(raw), raw[:HINT]
    source.keyed_at, source.revoked_at = timezone.now(), None
    source.save(update_fields=["key_digest", "key_hint", "keyed_at", "revoked_at"])
    record("inquiry_source.keyed", source, actor=actor, facts={"code": source.code})
    return raw


@transaction.atomic
def revoke_key(pk: int, *, actor: Any) -> InquirySource:
    """The source posts nothing from now on. Nothing happens to one without a key."""
    changes.demand(actor, "crm.change_inquirysource")
    source = changes.lock(InquirySource, pk)
    if source.key_digest is not None:
        source.key_digest, source.key_hint, source.revoked_at = None, "", timezone.now()
        source.save(update_fields=["key_digest", "key_hint", "revoked_at"])
        record("inquiry_source.revoked", source, actor=actor, facts={"code": source.code})
    return source


def source_of(raw: str) -> InquirySource | None:
    """Whose key this is; None for an unknown or revoked one."""
    if not raw.startswith(PREFIX) or len(raw) > 100:
        return None
    return InquirySource.objects.filter(key_digest=digest_of(raw)).first()


@transaction.atomic
def take_post(source: InquirySource, key: str, body: bytes, values: dict[str, Any]) -> Posted:
    """Take a posted inquiry in, once for each key of the source. Raises OtherWords for a key that came with another body."""
    digest = hashlib.sha256(body).hexdigest()
    try:
        with transaction.atomic():
            post = InquiryPost.objects.create(source=source, key=key, digest=digest)
    except IntegrityError:
        return taken_before(source, key, body) or _gone()
    inquiry = receive_inquiry(actor=None, source=source, **values)
    post.inquiry, post.was_joined = inquiry, inquiry.was_joined
    post.save(update_fields=["inquiry", "was_joined"])
    InquirySource.objects.filter(pk=source.pk).update(last_used_at=timezone.now())
    return Posted(inquiry, not inquiry.was_joined, inquiry.was_joined)


def taken_before(source: InquirySource, key: str, body: bytes) -> Posted | None:
    """The answer to a post that came before, or None. Raises OtherWords."""
    earlier = InquiryPost.objects.select_related("inquiry").filter(source=source, key=key).first()
    if earlier is None or earlier.inquiry is None:
        return None
    if earlier.digest != hashlib.sha256(body).hexdigest():
        raise OtherWords
    return Posted(earlier.inquiry, False, earlier.was_joined)


def _gone() -> Posted:
    raise LookupError("a post without its inquiry")
