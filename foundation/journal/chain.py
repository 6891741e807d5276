"""The chain: what of a row is sealed, how, and which tables take part."""

from __future__ import annotations

import datetime as dt
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models

from foundation.journal.models import Link, Seal
from foundation.journal.services import private_digest

GENESIS = "kontor journal, first link"
Row = dict[str, Any]
# Looks at what belongs to sealed rows (personal parts, files); answers row id → what is wrong with it.
Inspector = Callable[[dict[int, Row]], dict[int, str]]


@dataclass(frozen=True)
class SealedTable:
    """A table whose rows are sealed. `fields` are the sealed columns, for ever: a change of them breaks every old link."""

    name: str
    model: type[models.Model]
    fields: tuple[str, ...]
    recorded: str
    inspect: Inspector | None = None
    inspect_files: Inspector | None = None

    def rows(self, ids: Sequence[int]) -> dict[int, Row]:
        """The sealed columns of these rows, those that exist, by id."""
        found = self.model._base_manager.filter(pk__in=ids).values("pk", "transaction", self.recorded, *self.fields)
        return {row["pk"]: row for row in found}


_tables: dict[str, SealedTable] = {}


def register_sealed(
    model: type[models.Model],
    fields: Sequence[str],
    *,
    recorded: str = "recorded_at",
    inspect: Inspector | None = None,
    inspect_files: Inspector | None = None,
) -> None:
    """Have the rows of an append-only table sealed.

    The model needs `transaction = BigIntegerField(db_default=CurrentTransaction(), db_index=True)` and the moment of its
    writing by the database's clock in `recorded`. Leave personal data out of `fields` and give its digest instead.
    """
    name = model._meta.label_lower
    if missing := {"transaction", recorded, *fields} - {f.attname for f in model._meta.concrete_fields}:
        raise ValueError(f"{name} has no column {', '.join(sorted(missing))}")
    _tables[name] = SealedTable(name, model, tuple(fields), recorded, inspect, inspect_files)


def sealed_tables() -> list[SealedTable]:
    """Every registered table, in the order in which a run seals them."""
    return [_tables[name] for name in sorted(_tables)]


def table(name: str) -> SealedTable | None:
    """The registered table of that name, or None."""
    return _tables.get(name)


SEALS = SealedTable(
    "journal.seal", Seal, ("number", "generation", "horizon", "frontier", "sealed_at", "rows_sealed"), "sealed_at"
)


def seal_rows(numbers: Sequence[int]) -> dict[int, Row]:
    """The closing rows of earlier runs, which are links of the chain themselves."""
    return {row["number"]: row for row in Seal.objects.filter(pk__in=numbers).values(*SEALS.fields)}


# ---------------------------------------------------------------- digests


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be sealed")


def canonical(fields: Sequence[str], row: Row) -> str:
    """One text for one content, whatever the order in which a database or a JSON parser gives it."""
    values = {name: row[name] for name in fields}
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def link_digest(before: str, position: int, source: str, row_id: int, body: str) -> str:
    """The digest of a link: HMAC-SHA256 over the digest before it, its place, and the row. Needs the key."""
    message = f"{before}\n{position}\n{source}\n{row_id}\n{body}".encode("utf-8", "surrogatepass")
    return hmac.digest(settings.JOURNAL_SEAL_KEY.encode(), message, "sha256").hex()


class Forge:
    """Makes links one after the other, beginning behind the last one that exists."""

    def __init__(self) -> None:
        last = Link.objects.order_by("-position").values_list("position", "digest").first()
        self.position, self.head = last or (0, GENESIS)

    def link(self, source: str, row_id: int, body: str) -> Link:
        """The next link, not saved yet."""
        self.position += 1
        self.head = link_digest(self.head, self.position, source, row_id, body)
        return Link(position=self.position, source=source, row_id=row_id, digest=self.head)


# ---------------------------------------------------------------- what belongs to a row


def digested_part(part: type[models.Model], row: str, digest: str, words: Callable[[Any], dict[str, Any]]) -> Inspector:
    """Checks erasable side rows: one that is there must fit the salted digest on its row; an erased one is no fault.

    `row` is the column that points to the sealed row, `digest` the sealed column, `words(part)` what was digested.
    """

    def inspect(rows: dict[int, Row]) -> dict[int, str]:
        faults = {}
        for one in part._base_manager.filter(**{f"{row}__in": list(rows)}):
            pk = getattr(one, row)
            if private_digest(one.salt, words(one)) != rows[pk][digest]:  # type: ignore[attr-defined]
                faults[pk] = "its personal part was altered"
        return faults

    return inspect
