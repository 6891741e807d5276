"""The journal's own tables in the chain."""

from __future__ import annotations

import hashlib
from typing import Any

from foundation.journal.chain import Row, digested_part, register_sealed
from foundation.journal.models import Attachment, Event, EventPrivate

EVENT = (
    "id",
    "code",
    "content_type_id",
    "object_id",
    "customer_id",
    "actor_id",
    "recorded_at",
    "occurred_at",
    "imported",
    "facts",
    "private_digest",
    "transaction",
)
# Not the title: it may name a person. Its digest lies on the event that tells of the file.
ATTACHMENT = (
    "id",
    "content_type_id",
    "object_id",
    "customer_id",
    "event_id",
    "purpose",
    "media_type",
    "size",
    "digest",
    "file",
    "uploaded_by_id",
    "uploaded_at",
    "transaction",
)


def _data(part: Any) -> dict[str, Any]:
    data: dict[str, Any] = part.data
    return data


def _bytes(rows: dict[int, Row]) -> dict[int, str]:
    faults = {}
    storage = Attachment._meta.get_field("file").storage
    for pk, row in rows.items():
        digest = hashlib.sha256()
        try:
            with storage.open(row["file"], "rb") as file:
                while block := file.read(1 << 20):
                    digest.update(block)
        except FileNotFoundError:
            faults[pk] = "its file is not in the store"
            continue
        if digest.hexdigest() != row["digest"]:
            faults[pk] = "the bytes of its file were altered"
    return faults


def register() -> None:
    """Called once, when the apps are ready."""
    register_sealed(Event, EVENT, inspect=digested_part(EventPrivate, "event_id", "private_digest", _data))
    register_sealed(Attachment, ATTACHMENT, recorded="uploaded_at", inspect_files=_bytes)
