"""Running an import: in batches, in a stream; every row is accounted for, and a bad one takes nobody else with it."""

from __future__ import annotations

import csv
import gc
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.imports.mapping import Feed, Mapping
from foundation.imports.reading import Unreadable, rows_of
from foundation.imports.registry import Kind, Rejected, Row
from foundation.imports.values import Unmapped, convert, one_zone
from foundation.journal.bulk import Aside
from foundation.lists.pages.export import neutral

BATCH = 2000
LONGEST_REF = 120
# Signed numbers and phones are no formulas, and have to stay as they are so that the file can be imported again.
NUMBER = re.compile(r"[+-][\d .,()/-]*\d")


@dataclass
class Summary:
    """What happened: rows = created + updated + unchanged + rejected; `unmapped` counts values, not rows."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    unmapped: int = 0
    rejected_file: str | None = None

    def count(self, outcome: str | Rejected) -> None:
        """Account for one row."""
        self.rows += 1
        name = "rejected" if isinstance(outcome, Rejected) else outcome
        setattr(self, name, getattr(self, name) + 1)


class _Undo(Exception):
    """Rolls a dry run back."""


class Rejects:
    """The user's own rows with a reason behind them, in a file that can be mended and imported again."""

    def __init__(self, source: Path, header: list[str]) -> None:
        self.header = header
        stamp = timezone.now().strftime("%Y%m%d-%H%M%S-%f")
        self.path = Path(settings.VAR) / "imports" / f"{source.name.split('.')[0][:80]}-rejected-{stamp}.csv"
        self._file: IO[str] | None = None

    def add(self, cells: list[str], reason: str) -> None:
        """Write one row."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            csv.writer(self._file).writerow([*self.header, _("reason")])
        csv.writer(self._file).writerow(
            [*(cell if NUMBER.fullmatch(cell) else neutral(cell) for cell in cells), reason]
        )

    def close(self) -> str | None:
        """The file's path, or None when nothing was rejected."""
        if self._file is None:
            return None
        self._file.close()
        return str(self.path)


def run_import(
    kind: Kind,
    path: Path,
    mapping: Mapping,
    *,
    dry_run: bool = False,
    progress: Callable[[Summary], None] | None = None,
) -> Summary:
    """Import a file. Each batch is one transaction; a dry run is rolled back as a whole. Raises Unreadable."""
    lines = rows_of(path, encoding=mapping.encoding, delimiter=mapping.delimiter)
    header = [cell.strip() for cell in next(lines, (0, []))[1]]
    _check_header(header, mapping)
    summary, rejects = Summary(), Rejects(path, header)
    try:
        with one_zone(), suppress(_Undo):
            if not dry_run:
                _run(kind, lines, header, mapping, summary, rejects, progress)
                return summary
            with transaction.atomic():
                _run(kind, lines, header, mapping, summary, rejects, progress)
                raise _Undo
    finally:
        summary.rejected_file = rejects.close()
    return summary


def _check_header(header: list[str], mapping: Mapping) -> None:
    missing = sorted(mapping.columns - set(header))
    if missing:
        raise Unreadable(
            f"The file has no column {', '.join(map(repr, missing))}; it has {', '.join(map(repr, header))}."
        )
    doubled = sorted({name for name in header if name in mapping.columns and header.count(name) > 1})
    if doubled:
        raise Unreadable(f"The column {', '.join(map(repr, doubled))} stands in the file more than once.")


def _run(
    kind: Kind,
    lines: Iterator[tuple[int, list[str]]],
    header: list[str],
    mapping: Mapping,
    summary: Summary,
    rejects: Rejects,
    progress: Callable[[Summary], None] | None,
) -> None:
    with ThreadPoolExecutor(1, "import-ahead") as ahead, Aside() as aside:
        # While the database writes one batch, the next is read: it needs no database for that.
        read = partial(copy_context().run, _read_batch, lines, header, mapping, kind)
        coming = ahead.submit(read)
        while batch := coming.result():
            coming = ahead.submit(read)
            with _uncollected():
                _run_batch(kind, batch, mapping, summary, rejects, aside)
            if progress:
                progress(summary)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let Python's collector look between batches only: within one it walks through all rows time and again for nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass
class _Batch:
    """Rows as they were read: those that can be loaded, those that cannot with the reason, and how many values nobody knew."""

    good: list[tuple[Row, list[str]]] = field(default_factory=list)
    refused: list[tuple[list[str], Rejected]] = field(default_factory=list)
    unmapped: int = 0


def _read_batch(
    lines: Iterator[tuple[int, list[str]]], header: list[str], mapping: Mapping, kind: Kind
) -> _Batch | None:
    batch = _Batch()
    for number, cells in islice(lines, BATCH):
        try:
            row, unmapped = _read(number, cells, header, mapping, kind)
        except Rejected as reason:
            batch.refused.append((cells, reason))
        else:
            batch.good.append((row, cells))
            batch.unmapped += unmapped
    return batch if batch.good or batch.refused else None


def _run_batch(kind: Kind, batch: _Batch, mapping: Mapping, summary: Summary, rejects: Rejects, aside: Aside) -> None:
    summary.unmapped += batch.unmapped
    for cells, reason in batch.refused:
        summary.count(reason)
        rejects.add(cells, str(reason))
    good = batch.good
    refused: list[tuple[int, list[str], str]] = []
    for part in _turns(good, kind.main) if kind.stands_alone else _without_repeats(good, kind.main):
        outcomes = _load(kind, [row for row, _cells in part], mapping.source, aside)
        for (row, cells), outcome in zip(part, outcomes, strict=True):
            summary.count(outcome)
            if isinstance(outcome, Rejected):
                refused.append((row.number, cells, str(outcome)))
    for _number, cells, why in sorted(refused):
        rejects.add(cells, why)


def _read(number: int, cells: list[str], header: list[str], mapping: Mapping, kind: Kind) -> tuple[Row, int]:
    """The row, and how many of its values the tables do not know. Raises Rejected."""
    if len(cells) != len(header):
        words = {"cells": len(cells), "columns": len(header)}
        raise Rejected(_("The row has %(cells)d cells, the header %(columns)d.") % words)
    raw = dict(zip(header, cells, strict=True))
    row = Row(number, raw)
    for entity, columns in mapping.identify.items():
        parts = [raw[column].strip() for column in columns]
        ref = " | ".join(parts)
        if any(parts):
            if len(ref) > LONGEST_REF or "\0" in ref:
                raise Rejected(
                    _("What identifies the record is too long: %(columns)s.") % {"columns": ", ".join(columns)}
                )
            row.refs[entity] = ref
        elif entity not in kind.optional:
            raise Rejected(_("Nothing identifies the record: %(columns)s is empty.") % {"columns": ", ".join(columns)})
    unmapped: set[str] = set()  # a cell that feeds two fields is one value
    for feed in mapping.feeds:
        try:
            value = convert(feed, _text(feed, raw), mapping.decimal)
        except Unmapped:
            unmapped.add(feed.column or feed.template or feed.value)
            value = None
        if value is not None:
            row.values.setdefault(feed.entity, {})[feed.field.name] = value
        elif feed.field.is_required and feed.entity in row.refs:
            raise Rejected(_("“%(field)s” is empty.") % {"field": feed.field.label})
    return row, len(unmapped)


def _text(feed: Feed, raw: dict[str, str]) -> str:
    if feed.column:
        return raw[feed.column]
    if feed.value:
        return feed.value
    filled = feed.template
    for column in feed.columns:
        filled = filled.replace("{" + column + "}", raw[column].strip())
    return filled


def _without_repeats(rows: list[tuple[Row, list[str]]], main: str) -> Iterator[list[tuple[Row, list[str]]]]:
    """Parts in which each record occurs once, so that a repeated line is compared with what the first one wrote."""
    part: list[tuple[Row, list[str]]] = []
    seen: set[str] = set()
    for row, cells in rows:
        ref = row.refs.get(main, "")
        if ref in seen:
            yield part
            part, seen = [], set()
        part.append((row, cells))
        seen.add(ref)
    if part:
        yield part


def _turns(rows: list[tuple[Row, list[str]]], main: str) -> Iterator[list[tuple[Row, list[str]]]]:
    """The same, where rows share nothing else: first every record's first row, then every record's second, and so on."""
    turns: list[list[tuple[Row, list[str]]]] = []
    seen: dict[str, int] = {}
    for row, cells in rows:
        ref = row.refs.get(main, "")
        turn = seen.get(ref, 0)
        seen[ref] = turn + 1
        if turn == len(turns):
            turns.append([])
        turns[turn].append((row, cells))
    yield from turns


def _load(kind: Kind, rows: list[Row], source: str, aside: Aside) -> list[str | Rejected]:
    """Write a batch; when the database refuses it, halve it until the bad row stands alone."""
    try:
        with transaction.atomic(), aside.taking():
            return kind.load(rows, source)
    except Rejected as reason:
        if len(rows) == 1:
            return [reason]
    except (DatabaseError, ValidationError, ValueError, ArithmeticError) as error:
        if len(rows) == 1:
            return [Rejected(_("The database refused the row: %(reason)s") % {"reason": _first_line(error)})]
    middle = len(rows) // 2
    return [*_load(kind, rows[:middle], source, aside), *_load(kind, rows[middle:], source, aside)]


def _first_line(error: Any) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
