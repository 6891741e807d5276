"""Making and changing many records of one model at once, found again by where they came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models

from foundation.imports.registry import CREATED, UNCHANGED, UPDATED
from foundation.journal.bulk import Mould, insert_many
from foundation.lists.search import Searchable, vector

# While the database takes one part of a batch's records, the next is made ready.
PART = 500


class Shelf:
    """The records of one model that came from one source.

    `fetch()` reads those of a batch in one query, `put()` notes what a row says of one, `save()` writes everything that is
    new or changed, in two statements at the most; `numbers(count)` gives new records their numbers. With `update=False` (shared records) the first row's word counts.
    """

    def __init__(
        self,
        model: type[models.Model],
        source: str,
        *,
        numbers: Callable[[int], list[str]] | None = None,
        related: tuple[str, ...] = (),
    ) -> None:
        self.model = model
        self.mould = Mould(model)
        self.source = source
        self.numbers = numbers
        self.related = related
        self.known: dict[str, Any] = {}
        self.new: dict[str, Any] = {}
        self.changed: dict[str, set[str]] = {}

    def fetch(self, refs: Iterable[str]) -> None:
        """Read the records of these references that exist."""
        # Said once more for the planner: the index leaves out the empty ones, and it sees no such thing in a long list.
        named = self.model._base_manager.exclude(external_ref="")
        rows = named.filter(import_source=self.source, external_ref__in=set(refs))
        if self.related:
            rows = rows.select_related(*self.related)
        self.known.update({row.external_ref: row for row in rows})  # type: ignore[attr-defined]

    def put(self, ref: str, values: dict[str, Any], *, update: bool = True, fresh: dict[str, Any] | None = None) -> str:
        """Note what a row says; `fresh` holds values for a new record only. Answers created, updated or unchanged."""
        record = self.known.get(ref)
        if record is None:
            record = self.mould.make(import_source=self.source, external_ref=ref, **{**(fresh or {}), **values})
            self.known[ref] = self.new[ref] = record
            return CREATED
        if not update:
            return UNCHANGED
        differing = {name for name, value in values.items() if getattr(record, name) != value}
        for name in differing:
            setattr(record, name, values[name])
        if not differing or ref in self.new:
            return UPDATED if differing else UNCHANGED
        self.changed.setdefault(ref, set()).update(differing)
        return UPDATED

    def renew(self, ref: str) -> None:
        """What the record is found by has changed, though none of its fields has."""
        if ref not in self.new:
            self.changed.setdefault(ref, set())

    def save(self, *, numbers_of: Callable[[Any], list[str]] | None = None) -> list[Any]:
        """Write; answers the new records. `numbers_of` stands in for a record's own search numbers."""
        fresh = list(self.new.values())
        if fresh:
            if self.numbers:
                for record, number in zip(fresh, self.numbers(len(fresh)), strict=True):
                    record.number = number
            for start in range(0, len(fresh), PART):
                part = fresh[start : start + PART]
                for record in part:
                    self._index(record, numbers_of)
                insert_many(part)
        if self.changed:
            records = [self.known[ref] for ref in self.changed]
            fields = {name for names in self.changed.values() for name in names}
            if issubclass(self.model, Searchable):
                fields.add("search")
                for record in records:
                    self._index(record, numbers_of)
            self.model._base_manager.bulk_update(records, sorted(fields), batch_size=500)
        self.new, self.changed = {}, {}
        return fresh

    def _index(self, record: Any, numbers_of: Callable[[Any], list[str]] | None) -> None:
        if isinstance(record, Searchable):
            numbers = numbers_of(record) if numbers_of else record.search_numbers()
            record.search = vector(record.search_texts(), numbers)
