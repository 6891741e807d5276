"""The mapping file: which column feeds which field, which columns identify a record, how dates and values are written."""

from __future__ import annotations

import json
import string
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from foundation.imports.registry import Field, Kind

KEYS = {
    "kind",
    "source",
    "encoding",
    "delimiter",
    "dates",
    "decimal",
    "empty",
    "identify",
    "fields",
    "tables",
    "comment",
}
FIELD_KEYS = {"column", "value", "template", "table", "dates", "empty", "empty_prefixes", "comment"}


class BadMapping(Exception):
    """The mapping cannot be used; the message names the place."""


@dataclass(frozen=True)
class Feed:
    """How one field is fed: by a column, by a fixed value, or by a template of columns; then by a value table."""

    entity: str
    field: Field
    column: str = ""
    value: str = ""
    template: str = ""
    table: dict[str, str] | None = None
    dates: tuple[str, ...] = ()
    empty: frozenset[str] = frozenset()
    empty_prefixes: tuple[str, ...] = ()

    @cached_property
    def columns(self) -> list[str]:
        """The columns that it reads."""
        if self.template:
            return [name for _text, name, _spec, _conv in string.Formatter().parse(self.template) if name]
        return [self.column] if self.column else []


@dataclass(frozen=True)
class Mapping:
    """A checked mapping."""

    source: str
    feeds: tuple[Feed, ...]
    identify: dict[str, tuple[str, ...]]
    encoding: str = ""
    delimiter: str = ""
    decimal: str = "."
    tables: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def columns(self) -> set[str]:
        """Every column that the file must have."""
        named = {column for feed in self.feeds for column in feed.columns}
        return named | {column for columns in self.identify.values() for column in columns}


def read_mapping(path: Path, kind: Kind) -> Mapping:
    """Read and check a mapping for a kind. Raises BadMapping."""
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadMapping(f"The mapping cannot be read: {error}") from error
    except json.JSONDecodeError as error:
        raise BadMapping(f"The mapping is no JSON: {error}") from error
    return build_mapping(data, kind)


def build_mapping(data: Any, kind: Kind) -> Mapping:
    """Check a mapping's content against the kind. Raises BadMapping."""
    if not isinstance(data, dict):
        raise BadMapping("The mapping has to be an object with “fields”.")
    _refuse_unknown(data, KEYS, "the mapping")
    if data.get("kind", kind.code) != kind.code:
        raise BadMapping(f"The mapping is for {data['kind']!r}, not for {kind.code!r}.")
    source = data.get("source")
    if not isinstance(source, str) or not 0 < len(source) <= 60:
        raise BadMapping("“source” has to name where the file comes from, in at most 60 characters.")
    tables = _tables(data.get("tables", {}))
    feeds = _feeds(data, kind, tables)
    identify = _identify(data.get("identify"), kind)
    used = {feed.entity for feed in feeds}
    for entity in identify.keys() - used - {kind.main}:
        raise BadMapping(f"“identify” names {entity!r}, which no field feeds.")
    for entity, fields in kind.entities.items():
        if entity not in identify and entity not in kind.joined:
            if entity in used:
                raise BadMapping(f"“identify” has to say which columns identify {entity!r}.")
            if entity not in kind.optional:
                raise BadMapping(f"Nothing identifies {entity!r}: name its columns under “identify”.")
            continue
        fed = {feed.field.name for feed in feeds if feed.entity == entity}
        missing = [one.name for one in fields if one.is_required and one.name not in fed]
        if missing:
            raise BadMapping(f"{entity}: nothing feeds {', '.join(missing)}.")
    return Mapping(
        source=source,
        feeds=tuple(feeds),
        identify=identify,
        encoding=str(data.get("encoding", "")),
        delimiter=_delimiter(data.get("delimiter", "")),
        decimal=_decimal(data.get("decimal", ".")),
        tables=tables,
    )


def _refuse_unknown(data: dict[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(set(data) - known):
        raise BadMapping(
            f"{', '.join(map(repr, unknown))} in {where} is not known; possible: {', '.join(sorted(known))}."
        )


def _delimiter(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 1:
        raise BadMapping("“delimiter” has to be one character.")
    return value


def _decimal(value: Any) -> str:
    if value not in (".", ","):
        raise BadMapping("“decimal” is “.” or “,”.")
    return str(value)


def _tables(data: Any) -> dict[str, dict[str, str]]:
    if not isinstance(data, dict) or not all(isinstance(table, dict) for table in data.values()):
        raise BadMapping("“tables” has to be an object of objects: name → {value in the file: value here}.")
    return {name: {str(k).strip(): str(v) for k, v in table.items()} for name, table in data.items()}


def _words(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BadMapping(f"{where} has to be a list of texts.")
    return tuple(value)


def _feeds(data: dict[str, Any], kind: Kind, tables: dict[str, dict[str, str]]) -> list[Feed]:
    fields = data.get("fields")
    if not isinstance(fields, dict) or not fields:
        raise BadMapping("“fields” has to say which column feeds which field.")
    dates = _words(data.get("dates", ["%Y-%m-%d"]), "“dates”")
    empty = _words(data.get("empty", []), "“empty”")
    return [_feed(name, spec, kind, tables, dates, empty) for name, spec in fields.items()]


def _feed(
    name: str, spec: Any, kind: Kind, tables: dict[str, dict[str, str]], dates: tuple[str, ...], empty: tuple[str, ...]
) -> Feed:
    entity, _dot, field_name = name.rpartition(".")
    entity = entity or kind.main
    found = kind.find(entity, field_name)
    if found is None:
        known = [f"{part}.{one.name}" for part, fields in kind.entities.items() for one in fields]
        raise BadMapping(f"{kind.code} have no field {name!r}; there are {', '.join(known)}.")
    if isinstance(spec, str):
        spec = {"column": spec}
    if not isinstance(spec, dict):
        raise BadMapping(f"{name}: write a column's name, or an object with “column”, “value” or “template”.")
    _refuse_unknown(spec, FIELD_KEYS, name)
    if sum(bool(spec.get(key)) for key in ("column", "value", "template")) != 1:
        raise BadMapping(f"{name}: give exactly one of “column”, “value”, “template”.")
    table = spec.get("table")
    if table is not None and table not in tables:
        raise BadMapping(f"{name}: there is no table {table!r} under “tables”.")
    return Feed(
        entity=entity,
        field=found,
        column=str(spec.get("column", "")),
        value=str(spec.get("value", "")),
        template=_template(name, spec.get("template", "")),
        table=tables[table] if table is not None else None,
        dates=_words(spec["dates"], f"{name}: “dates”") if "dates" in spec else dates,
        empty=frozenset((*empty, *_words(spec.get("empty", []), f"{name}: “empty”"))),
        empty_prefixes=_words(spec.get("empty_prefixes", []), f"{name}: “empty_prefixes”"),
    )


def _template(name: str, template: Any) -> str:
    """Plain `{Column name}` places only."""
    text = str(template)
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError as error:
        raise BadMapping(f"{name}: the template cannot be read: {error}") from error
    if any(spec or conversion for _text, _name, spec, conversion in parsed):
        raise BadMapping(f"{name}: a template has plain {{Column}} places only.")
    return text


def _identify(data: Any, kind: Kind) -> dict[str, tuple[str, ...]]:
    if isinstance(data, list):
        data = {kind.main: data}
    if not isinstance(data, dict) or kind.main not in data:
        raise BadMapping(f"“identify” has to name the columns that identify a record ({kind.main!r}).")
    found = {}
    for entity, columns in data.items():
        if entity not in kind.entities:
            raise BadMapping(f"“identify”: {kind.code} have no part {entity!r}; there are {', '.join(kind.entities)}.")
        found[entity] = _words(columns, f"“identify”, {entity}")
        if not found[entity]:
            raise BadMapping(f"“identify”, {entity}: name at least one column.")
    return found
