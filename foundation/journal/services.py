"""The one way in which something is remembered."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, router, transaction

from foundation.journal import registry
from foundation.journal.bulk import copy_rows, copy_text
from foundation.journal.models import Event, EventPrivate
from foundation.journal.subscribers import announce
from foundation.ui.inserts import insert


def private_digest(salt: str, data: dict[str, Any]) -> str:
    """SHA-256 over salt and canonical JSON; without the salt nobody can test a guess against it."""
    body = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{salt}\n{body}".encode()).hexdigest()


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """Facts as JSON keeps them: decimals, dates and lazy texts become strings; what jsonb cannot hold is left out."""
    cleaned: dict[str, Any] = _storable(json.loads(json.dumps(values, cls=DjangoJSONEncoder)))
    return cleaned


_encode = DjangoJSONEncoder().encode


def _facts_text(values: dict[str, Any]) -> str:
    """The same as one text for the database; only what escapes to a code of this kind can be unstorable."""
    text = _encode(values)
    if "\\u0000" in text or "\\ud" in text:
        return json.dumps(_storable(json.loads(text)))
    return text


def _storable(value: Any) -> Any:
    """What jsonb takes of a parsed value: neither NUL nor half a surrogate pair."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_storable(key): _storable(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_storable(one) for one in value]
    return value


def record(
    code: str,
    subject: models.Model,
    *,
    actor: Any = None,
    facts: dict[str, Any] | None = None,
    private: dict[str, Any] | None = None,
    occurred_at: datetime | None = None,
    imported: bool = False,
) -> Event:
    """Remember that `code` happened to `subject`, and tell the subscribers in the same transaction.

    `facts` are added to the subject's own; personal data goes in `private`. `occurred_at` is given only when somebody
    enters late what happened earlier, or for imported history, which announces nothing. Raises LookupError for an
    unregistered code.
    """
    registry.get_type(code)
    describe = getattr(subject, "journal_facts", dict)
    refer = getattr(subject, "customer_ref", lambda: None)
    event = Event(
        code=code,
        content_type=ContentType.objects.get_for_model(subject, for_concrete_model=False),
        object_id=subject.pk,
        customer_id=refer(),
        actor=actor if getattr(actor, "pk", None) else None,
        imported=imported,
        facts=plain({**describe(), **(facts or {})}),
    )
    if occurred_at is not None:
        event.occurred_at = occurred_at
    salt, personal = "", plain(private) if private else {}
    if personal:
        salt = secrets.token_hex(16)
        event.private_digest = private_digest(salt, personal)
    # No savepoint of its own, which would cost two ways to the server: a deed that is not remembered is taken back whole.
    with transaction.atomic(savepoint=False):
        insert(event)
        if personal:
            EventPrivate.objects.create(event=event, salt=salt, data=personal)
        if not imported:
            announce(event, subject)
    return event


IMPORTED_COLUMNS = ("code", "content_type_id", "object_id", "customer_id", "imported", "facts", "private_digest")


def add_note(subject: models.Model, text: str, *, actor: Any, mentions: Sequence[tuple[int, int, int]] = ()) -> Event:
    """Put an internal note on the record's timeline; `mentions` say where it names colleagues: (from, to, user id)."""
    private: dict[str, Any] = {"text": text}
    facts: dict[str, Any] = {}
    if mentions:
        private["mentions"] = [list(one) for one in mentions]
        facts["mentioned_ids"] = list(dict.fromkeys(pk for _start, _end, pk in mentions))
    return record("note.added", subject, actor=actor, facts=facts, private=private)


def record_imported(code: str, subjects: Sequence[models.Model], *, when: Callable[[Any], datetime | None]) -> None:
    """Remember many pieces of imported history at once, each at its own time (None: now). Nobody is told."""
    registry.get_type(code)
    kinds: dict[type[models.Model], str] = {}
    groups: dict[bool, list[tuple[str, ...]]] = {True: [], False: []}
    for subject in subjects:
        model = type(subject)
        if model not in kinds:
            kinds[model] = str(ContentType.objects.get_for_model(subject, for_concrete_model=False).pk)
        customer, moment = getattr(subject, "customer_ref", lambda: None)(), when(subject)
        facts = copy_text(_facts_text(getattr(subject, "journal_facts", dict)()))
        row = (code, kinds[model], str(subject.pk), copy_text(customer), "t", facts, "")
        groups[moment is not None].append((*row, copy_text(moment)) if moment is not None else row)
    for is_dated, rows in groups.items():
        if rows:
            columns = (*IMPORTED_COLUMNS, "occurred_at") if is_dated else IMPORTED_COLUMNS
            copy_rows(Event._meta.db_table, columns, rows, using=router.db_for_write(Event))
