"""Statements that PostgreSQL keeps planned, for queries that are asked again and again.

A query over a few joined tables by their keys takes PostgreSQL longer to plan than to answer. What one connection has
asked before is therefore prepared there (``PREPARE``) and from then on only executed. It is planned once for all values:
what is kept looks up by keys, whatever they are, and left to itself PostgreSQL would plan five more times before it
compares, on each of its connections. It plans again when tables or their statistics change.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, TypeVar

from django.conf import settings
from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.extensions import AsIs

ASKED_BEFORE = 1  # so often a connection asks plainly first: what comes once is not worth a place
MOST_KEPT = 100  # for each connection
MOST_COUNTED = 1000
PLAN_ONCE = "SET plan_cache_mode=force_generic_plan"  # said each time: a transaction that is taken back takes it along
# Texts take the type of the column that they meet, as they would in the plain statement.
TYPES = {int: "bigint", str: "unknown", dt.datetime: "timestamptz", dt.date: "date"}
_NAME = re.compile(r"%\((\w+)\)s")
_ATTRIBUTE = "_server_plans"
T = TypeVar("T")


class Statement:
    """A query as the server can keep it: everything written out but the values at its places, whose types are known.

    A place is (which parameter, which value); a value may stand in many. The values must not decide which way to the rows
    is the good one: the server plans for all of them at once.
    """

    def __init__(
        self,
        sql: str,
        params: Sequence[Any],
        places: Sequence[tuple[int, int]] = (),
        types: Sequence[str] = (),
    ) -> None:
        self.sql, self.params, self.places, self.types = sql, tuple(params), places, types
        self._written: tuple[str, str, str] | None = None

    @classmethod
    def named(cls, sql: str, types: Mapping[str, str]) -> Statement:
        """Of a text with `%(name)s` for each value; the values are given in the order of `types`."""
        names = list(types)
        places = [(i, names.index(name)) for i, name in enumerate(_NAME.findall(sql))]
        sql = _NAME.sub("%s", sql)
        return cls(sql, [None] * len(places), places, list(types.values()))

    @classmethod
    def in_order(cls, sql: str, types: Sequence[str]) -> Statement:
        """Of a text with a `%s` for each value, in their order."""
        return cls(sql, [None] * len(types), [(i, i) for i in range(len(types))], types)

    def filled(self, values: Sequence[Any]) -> tuple[Any, ...]:
        """Its parameters with these values, for asking it plainly."""
        params = list(self.params)
        for i, place in self.places:
            params[i] = values[place]
        return tuple(params)

    def written(self, raw: Any) -> tuple[str, str, str]:
        """Its name, how it is prepared and how it is executed; the name is made of the text, so one never means two."""
        if self._written is None:
            with raw.cursor() as cursor:
                marked = self.filled([AsIs(f"${place}") for place in range(1, len(self.types) + 1)])
                text = cursor.mogrify(self.sql, marked).decode()
            types = f"({', '.join(self.types)})" if self.types else ""
            name = f"kontor_{blake2b(f'{types}{text}'.encode(), digest_size=12).hexdigest()}"
            places = ", ".join("%s" if one == "unknown" else f"%s::{one}" for one in self.types)
            values = f"({places})" if places else ""
            self._written = (name, f"{PLAN_ONCE};PREPARE {name} {types} AS {text}", f"EXECUTE {name} {values}")
        return self._written


class _Session:
    """What one connection has asked and what the server keeps for it."""

    def __init__(self, connection: BaseDatabaseWrapper, raw: Any) -> None:
        self.connection, self.raw = connection, raw
        self.asked: Counter[int] = Counter()
        self.kept: OrderedDict[str, None] = OrderedDict()
        self.refused: set[str] = set()

    def execution(self, statement: Statement) -> tuple[str, str] | None:
        """The name of a statement and how it is executed; None while it is to be asked plainly."""
        if not self._is_worth_keeping(statement):
            return None
        name, prepare, execute = statement.written(self.raw)
        if name in self.refused:
            return None
        if name in self.kept:
            self.kept.move_to_end(name)
        else:
            self._keep(name, prepare)
        return name, execute

    def refuse(self, name: str) -> None:
        """Never execute it again."""
        self.refused.add(name)
        self.kept.pop(name, None)

    def _is_worth_keeping(self, statement: Statement) -> bool:
        if len(self.asked) > MOST_COUNTED:
            self.asked.clear()
        self.asked[id(statement)] += 1
        return self.asked[id(statement)] > ASKED_BEFORE

    def _keep(self, name: str, prepare: str) -> None:
        with self.connection.wrap_database_errors, self.raw.cursor() as cursor:
            if len(self.kept) >= MOST_KEPT:
                oldest = next(iter(self.kept))
                cursor.execute(f"DEALLOCATE {oldest}")
                del self.kept[oldest]
            cursor.execute(prepare)
        self.kept[name] = None


def ask_server(
    connection: BaseDatabaseWrapper,
    statement: Statement,
    values: Sequence[Any],
    send: Callable[[str, tuple[Any, ...]], T],
) -> T:
    """What `send(sql, params)` answers: to the execution of what the server keeps, else to the whole text.

    The server may have lost what it kept, or a table got other columns: then it is asked plainly on this connection from
    then on. Within a transaction, which is broken, the error goes on to whoever began it.
    """
    session = _session(connection)
    if session is not None and (kept := session.execution(statement)) is not None:
        name, execute = kept
        try:
            return send(execute, tuple(values))
        except DatabaseError:
            session.refuse(name)
            if connection.in_atomic_block:
                raise
    return send(statement.sql, statement.filled(values))


def rows_of(connection: BaseDatabaseWrapper, statement: Statement, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows that a statement answers, asked as `ask_server` does."""

    def send(sql: str, params: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return list(cursor.fetchall())

    return ask_server(connection, statement, values, send)


def _session(connection: BaseDatabaseWrapper) -> _Session | None:
    """None where nothing is kept: before the first statement, and where somebody reads along what is sent."""
    raw = connection.connection
    if raw is None or connection.queries_logged or not settings.SERVER_PLANS:
        return None
    # By attribute, which `django.db.connection` hands on to the connection of this thread; its own `__dict__` serves them all.
    session: _Session | None = getattr(connection, _ATTRIBUTE, None)
    if session is None or session.raw is not raw:
        session = _Session(connection, raw)
        setattr(connection, _ATTRIBUTE, session)
    return session
