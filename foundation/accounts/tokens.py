"""Addresses that open one thing for somebody who has no account: unguessable, bound to a purpose, revocable.

A raw token is 256 random bits and leaves this module once, in the address that is sent. The database keeps a SHA-256
digest, salted with the purpose, so that a token of one purpose never opens another and a stolen table opens nothing.
Unknown, expired, revoked and used up look the same from outside: `resolve()` answers None.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.models import AccessToken
from foundation.journal.machine import Refused
from foundation.ui.inserts import insert
from foundation.ui.prepared import prepared

BYTES = 32
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")


def digest_of(purpose: str, raw: str) -> str:
    """What is stored in place of a token. 256 random bits need no slow hash; the salt separates the purposes."""
    return hashlib.sha256(f"kontor access token\n{purpose}\n{raw}".encode(errors="replace")).hexdigest()


def issue(
    purpose: str, subject: models.Model, *, days: int = 90, single_use: bool = False, contact_key: str = ""
) -> str:
    """A new raw token for `subject`; it is never shown again. `contact_key` says whom it was given to (`contact:12`)."""
    raw = secrets.token_urlsafe(BYTES)
    token = AccessToken(
        purpose=purpose,
        digest=digest_of(purpose, raw),
        content_type=ContentType.objects.get_for_model(subject, for_concrete_model=False),
        object_id=subject.pk,
        contact_key=contact_key,
        single_use=single_use,
        expires_at=timezone.now() + timedelta(days=days),
    )
    insert(token)
    return raw


@prepared
def _tokens(purpose: str, digest: str) -> models.QuerySet[AccessToken]:
    return AccessToken.objects.filter(purpose=purpose, digest=digest)


def resolve(purpose: str, raw: str) -> AccessToken | None:
    """The token while it is good, else None: unknown, expired, revoked and used up are one answer. One query."""
    if not isinstance(raw, str) or not _SHAPE.fullmatch(raw):
        return None
    found = _tokens(purpose, digest_of(purpose, raw))  # one at most: they are unique
    return next((token for token in found if token.is_good), None)


def consume(token: AccessToken) -> None:
    """Use the token. Of any number of simultaneous uses of a single-use token one passes; the others get Refused.

    Call it inside the transaction of the deed, so that a deed that fails gives the token back.
    """
    now = timezone.now()
    good = AccessToken.objects.filter(pk=token.pk, revoked_at=None, expires_at__gt=now)
    if token.single_use:
        good = good.filter(used_at=None)
    # Compare and set: a second transaction waits for the first one's row lock, then finds no row.
    if not good.update(used_at=now):
        raise Refused(_("This link has been used already or is no longer valid."), reason="state")
    token.used_at = now


def revoke(purpose: str, subject: models.Model) -> int:
    """Close every open address of this purpose to this subject; answers how many there were."""
    content_type = ContentType.objects.get_for_model(subject, for_concrete_model=False)
    open_ones = AccessToken.objects.filter(
        purpose=purpose, content_type=content_type, object_id=subject.pk, revoked_at=None
    )
    return open_ones.update(revoked_at=timezone.now())
