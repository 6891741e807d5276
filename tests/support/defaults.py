"""The rows that an installation starts with, loaded once by each process of a run and copied from then on.

`manage.py load_defaults` asks some fourteen hundred questions, and hundreds of tests begin with what it leaves. The first of
them runs it; what it added is kept as text and put back as it was, with the same work after the commit. Whoever tests the
loading itself calls the command.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction

from catalog.selectors import UNITS_CACHE_KEY
from foundation.accounts.roles import load_roles
from foundation.calendars.models import forget_compiled
from foundation.documents.numbering import load_series
from foundation.notifications import rules
from foundation.sla.rows import forget as forget_targets
from tests.support.database import filled_tables

# A test may have made some of these before, and they are cheap to load as they are; of an event there is always one more.
LOADED = {"auth_group": load_roles, "auth_group_permissions": load_roles, "documents_numberseries": load_series}
MAY_HOLD_MORE = {*LOADED, "journal_event"}
# A question is not added to a test that is published already: the test comes after its questions.
LAST = "knowledge_exam"
# Rows say when they were made: a test with a clock of its own has them loaded anew.
STALE = timedelta(hours=1)


@dataclass(frozen=True)
class Kept:
    """What the command added: rows by table, in an order that nobody depends on, and what it left for after the commit."""

    rows: dict[str, tuple[str, str]]
    afterwards: list[Callable[[], Any]]
    made_at: datetime


_kept: Kept | None = None


def load_defaults() -> None:
    """Leave what `manage.py load_defaults` leaves."""
    if _kept is None:
        _load_and_keep()
        return
    if not _fits(_kept):
        call_command("load_defaults", verbosity=0)
        return
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        for load in set(LOADED.values()):
            load()
        for table, (columns, rows) in _kept.rows.items():
            cursor.copy_expert(f'COPY "{table}" ({columns}) FROM STDIN', io.StringIO(rows))
        for function in _kept.afterwards:
            transaction.on_commit(function)
    rules.forget()
    forget_targets()
    forget_compiled()
    cache.delete(UNITS_CACHE_KEY)


def _fits(kept: Kept) -> bool:
    with connection.cursor() as cursor:
        there = set(filled_tables(cursor))
    return there & set(kept.rows) <= MAY_HOLD_MORE and abs(datetime.now(UTC) - kept.made_at) < STALE


def _load_and_keep() -> None:
    global _kept
    before = _contents()
    with transaction.atomic(savepoint=False):
        waiting = len(connection.run_on_commit)
        call_command("load_defaults", verbosity=0)
        afterwards = [entry[1] for entry in connection.run_on_commit[waiting:]]
        after = _contents()
    if any(lines - after[table][1] for table, (_columns, lines) in before.items()):
        return  # it changed what the test had made
    added = {table: (columns, lines - before.get(table, ("", set()))[1]) for table, (columns, lines) in after.items()}
    added = {table: found for table, found in added.items() if found[1] and table not in LOADED}
    if set(added) & set(before) <= MAY_HOLD_MORE:
        order = sorted(added, key=lambda table: (table == LAST, table))
        rows = {table: (added[table][0], "".join(sorted(added[table][1]))) for table in order}
        _kept = Kept(rows, afterwards, datetime.now(UTC))


def _contents() -> dict[str, tuple[str, set[str]]]:
    """The filled tables' columns and rows, as COPY writes them."""
    contents = {}
    with connection.cursor() as cursor:
        for table in filled_tables(cursor):
            cursor.execute(
                "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) "
                "FROM information_schema.columns "
                "WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'",
                [table],
            )
            (columns,) = cursor.fetchone()
            text = io.StringIO()
            cursor.copy_expert(f'COPY "{table}" ({columns}) TO STDOUT', text)
            contents[table] = (columns, set(text.getvalue().splitlines(keepends=True)))
    return contents
