"""The address that brings an answer back to its record: `reply+a-b-MAC@domain`. Nobody can make one up."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.crypto import salted_hmac

from foundation.accounts.models import Company
from foundation.mailroom.models import MailPolicy

_TOKEN = re.compile(r"([0-9a-z]{1,8})-([0-9a-z]{1,13})-([a-z2-7]{24})")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LONGEST_LOCAL = 64


def _base36(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = _DIGITS[rest] + text
    return text or "0"


def _seal(type_id: int, pk: int, secret: str) -> str:
    """120 bits, in letters that survive a mail program's change to lower case."""
    found = salted_hmac("kontor.mailroom.reply", f"{type_id}:{pk}", secret=secret, algorithm="sha256").digest()
    return base64.b32encode(found[:15]).decode().lower()


def reply_address(type_id: int, pk: int) -> str:
    """The address for answers about one record, or empty where the mailbox takes no such addresses."""
    local, _at, domain = MailPolicy.current().reply_address.partition("@")
    if not local or not domain:
        return ""
    token = f"{_base36(type_id)}-{_base36(pk)}-{_seal(type_id, pk, settings.SECRET_KEY)}"
    return f"{local}+{token}@{domain}" if len(local) + 1 + len(token) <= LONGEST_LOCAL else ""


def record_behind(recipients: list[str]) -> models.Model | None:
    """The record whose address for answers is among the recipients; forged and foreign ones are nothing."""
    local, _at, domain = MailPolicy.current().reply_address.lower().partition("@")
    for address in recipients if local else ():
        left, _at, right = address.partition("@")
        name, _plus, token = left.partition("+")
        found = _TOKEN.fullmatch(token)
        if (name, right) == (local, domain) and found:
            type_id, pk = int(found[1], 36), int(found[2], 36)
            if is_sealed(type_id, pk, found[3]) and (record := _record(type_id, pk)) is not None:
                return record
    return None


def is_sealed(type_id: int, pk: int, seal: str) -> bool:
    """Whether the seal is ours, under today's key or one that is being replaced."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(hmac.compare_digest(_seal(type_id, pk, key), seal) for key in keys)


def _record(type_id: int, pk: int) -> models.Model | None:
    content_type = ContentType.objects.filter(pk=type_id).first()
    model = content_type.model_class() if content_type else None
    return model._base_manager.filter(pk=pk).first() if model is not None else None


def own_addresses() -> set[str]:
    """Addresses that mail of ours is sent from: what comes from there is ourselves."""
    company = Company.current()
    sending = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].strip("> ")
    ours = (company.mail_from_address, company.email, sending, MailPolicy.current().reply_address)
    return {one.lower() for one in ours if one}


def is_own(address: str) -> bool:
    """Whether an address is one of ours, with or without something behind a plus."""
    local, _at, domain = address.partition("@")
    return f"{local.partition('+')[0]}@{domain}" in own_addresses() or address in own_addresses()


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
