"""What can be imported: stages register kinds of records, the pipeline knows none of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

TYPES = ("text", "decimal", "integer", "date", "country", "currency", "language", "email", "phone", "choice", "boolean")


@dataclass(frozen=True)
class Field:
    """One field that a column can feed. Numbers are cut to `places`; a choice knows its `choices`."""

    name: str
    label: Any
    type: str = "text"
    is_required: bool = False
    max_length: int = 250
    places: int = 2
    minimum: int | None = None
    choices: tuple[str, ...] = ()


@dataclass
class Row:
    """One line of the file. `values` are by entity and field; an empty cell is absent. `refs` are by entity."""

    number: int
    raw: dict[str, str]
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)


CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"


class Rejected(Exception):
    """This row cannot be imported; the message says why, and what to do about it."""


@dataclass(frozen=True)
class Kind:
    """A kind of records. `entities` are its parts with their fields; `main` is the one that identifies the row.

    `load(rows, source)` writes a batch in the transaction that is open and answers each row's outcome: created, updated,
    unchanged, or a Rejected. Shared records are made once and never overwritten by a later row. A row may do without the
    `optional` parts; `joined` ones are identified together with `main`.
    """

    code: str
    label: Any
    main: str
    entities: Mapping[str, Sequence[Field]]
    load: Callable[[list[Row], str], list[str | Rejected]]
    optional: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()

    @property
    def stands_alone(self) -> bool:
        """Whether its rows name no records that other rows could name, too."""
        return set(self.entities) <= {self.main, *self.joined}

    def find(self, entity: str, name: str) -> Field | None:
        """The field of that name, or None."""
        return next((one for one in self.entities.get(entity, ()) if one.name == name), None)


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Let files of this kind be imported."""
    _kinds[kind.code] = kind


def get_kind(code: str) -> Kind:
    """The kind of that code. Raises LookupError naming those that exist."""
    try:
        return _kinds[code]
    except KeyError:
        raise LookupError(f"There is no kind {code!r}; there are {', '.join(sorted(_kinds))}") from None


def all_kinds() -> list[Kind]:
    """Every kind, by code."""
    return [_kinds[code] for code in sorted(_kinds)]
