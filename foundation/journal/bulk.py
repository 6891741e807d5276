"""Writing many new records at once: their keys are drawn first, then all rows go in by one COPY.

What saving in a bulk promises holds here, too: fields prepare their values, the database fills in what is left to it,
its constraints and triggers see every row, and the records know their keys afterwards. Signals are not sent.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from decimal import Decimal
from types import NoneType
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models, router
from django.db.models.base import ModelState
from django.db.models.expressions import DatabaseDefault
from psycopg2.extras import Json

CHUNK = 1 << 20
PLAIN = (int, Decimal, float, date, datetime, time, UUID)


def copy_text(value: Any) -> str:
    """A value as COPY reads it. Raises TypeError for a kind of value that has no plain text."""
    if isinstance(value, str):
        if "\\" in value:
            value = value.replace("\\", "\\\\")
        if "\n" in value or "\r" in value or "\t" in value:
            value = value.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
        return value
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, PLAIN):
        return str(value)
    if isinstance(value, Json):
        return copy_text(value.dumps(value.adapted))
    raise TypeError(f"{type(value).__name__} has no text that COPY could read")


class Aside:
    """COPYs on a thread of their own, so that the database takes rows while Python makes the next ones ready.

    Within `taking()`, inside a transaction, rows go in in their order and before any other statement; what the database
    has against them comes up with the next statement, or at the end. Keys are drawn when nothing is on its way, as many as
    the last time, so that the next table's rows need not wait for those of the one before.
    """

    def __init__(self, using: str = DEFAULT_DB_ALIAS) -> None:
        self.connection = connections[using]
        self._thread = ThreadPoolExecutor(1, "copy")
        self._sent: list[Future[None]] = []
        self._keys: dict[type[models.Model], list[int]] = {}
        self._used: dict[type[models.Model], int] = {}

    def __enter__(self) -> Aside:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._thread.shutdown()

    @contextmanager
    def taking(self) -> Iterator[None]:
        """Take the rows that `copy_rows` sends meanwhile; all of them are in afterwards."""
        token = _aside.set(self)
        used, self._used = self._used, {}
        for model, count in used.items():
            self._draw(model, count)
        try:
            with self.connection.execute_wrapper(self._before):
                yield
                self._settle()
        finally:
            _aside.reset(token)
            wait(self._sent)
            self._sent = []

    def add(self, sql: str, body: bytes) -> None:
        """Let the thread send these rows."""
        cursor = self.connection.connection.cursor()  # the driver's own: Django's belongs to one thread
        self._sent.append(self._thread.submit(cursor.copy_expert, sql, io.BytesIO(body), CHUNK))

    def keys(self, model: type[models.Model], count: int) -> list[int]:
        """So many keys that no other record has or will have; those that nobody uses leave a gap."""
        self._draw(model, count)
        self._used[model] = self._used.get(model, 0) + count
        stock = self._keys[model]
        drawn, self._keys[model] = stock[:count], stock[count:]
        return drawn

    def _draw(self, model: type[models.Model], count: int) -> None:
        stock = self._keys.setdefault(model, [])
        if len(stock) < count:
            stock += _next_keys(self.connection, model, count - len(stock))

    def _settle(self) -> None:
        sent, self._sent = self._sent, []
        with self.connection.wrap_database_errors:
            for one in sent:
                one.result()

    def _before(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        self._settle()
        return execute(sql, params, many, context)


_aside: ContextVar[Aside | None] = ContextVar("COPYs on a thread of their own", default=None)


def _aside_of(connection: Any) -> Aside | None:
    aside = _aside.get()
    return aside if aside is not None and aside.connection is connection else None


def copy_rows(table: str, columns: Iterable[str], rows: Iterable[Iterable[str]], *, using: str) -> None:
    """Send rows of texts, as `copy_text` makes them, into a table. Raises Django's database errors."""
    connection = connections[using]
    quote = connection.ops.quote_name
    named = ", ".join(quote(column) for column in columns)
    body = "".join(["\t".join(row) + "\n" for row in rows]).encode()
    connection.validate_no_broken_transaction()
    sql = f"COPY {quote(table)} ({named}) FROM STDIN"
    if (aside := _aside_of(connection)) is not None:
        aside.add(sql, body)
        return
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(sql, io.BytesIO(body), CHUNK)


class Mould:
    """Makes new records of one model as `model(**values)` does, without weighing every field anew for each."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        signals = (models.signals.pre_init, models.signals.post_init)
        self._is_plain = model.__init__ is models.Model.__init__ and not any(
            one.has_listeners(model) for one in signals
        )
        self._pattern = {name: value for name, value in model().__dict__.items() if name != "_state"}
        self._fields = {field.name for field in model._meta.fields} | self._pattern.keys()
        fields = [one for one in model._meta.concrete_fields if one.has_default() and callable(one.default)]
        self._made = [(one.attname, one.get_default) for one in fields]

    def make(self, **values: Any) -> Any:
        """One record, not saved. Raises TypeError for a field that the model does not have."""
        if not self._is_plain or not self._fields.issuperset(values):
            return self.model(**values)
        record = self.model.__new__(self.model)
        record._state = ModelState()
        record.__dict__.update(self._pattern)
        for name, default in self._made:
            record.__dict__[name] = default()
        for name, value in values.items():
            setattr(record, name, value)
        return record


def insert_many(records: Sequence[models.Model]) -> None:
    """Write new records of one model; each has its key afterwards. Raises what the database has against a row."""
    if not records:
        return
    model = type(records[0])
    using = router.db_for_write(model)
    fields = [field for field in model._meta.concrete_fields if field.column and not getattr(field, "generated", False)]
    for field in fields:
        if field.is_relation:
            _settle(field, records)
    _draw_keys(model, records, using)
    open_fields = [field.attname for field in fields if field.has_db_default()]
    groups: dict[frozenset[str], list[models.Model]] = {}
    for record in records:
        values = record.__dict__
        left = frozenset([name for name in open_fields if isinstance(values[name], DatabaseDefault)])
        groups.setdefault(left, []).append(record)
    for left, members in groups.items():
        told = [field for field in fields if field.attname not in left]
        columns = [_texts(field, members, using) for field in told]
        copy_rows(model._meta.db_table, [str(one.column) for one in told], zip(*columns, strict=True), using=using)
    for record in records:
        record._state.adding, record._state.db = False, using


def _settle(field: Any, records: Sequence[models.Model]) -> None:
    """A record that was saved after it was assigned lends its key; one that never was saved is refused."""
    for record in records:
        cache = vars(record._state).get("fields_cache")  # asking the state itself would make one
        other = cache.get(field.name) if cache else None
        if other is None:
            continue
        key = getattr(other, field.target_field.attname)
        if key is None:
            raise ValueError(f"{record!r} points to an unsaved {field.name}")
        if getattr(record, field.attname) is None:
            setattr(record, field.attname, key)


def _draw_keys(model: type[models.Model], records: Sequence[models.Model], using: str) -> None:
    field = model._meta.pk
    without = [record for record in records if record.pk is None]
    if not without or not isinstance(field, models.AutoField):  # BigAutoField counts as one
        return
    aside = _aside_of(connections[using])
    count = len(without)
    keys = aside.keys(model, count) if aside is not None else _next_keys(connections[using], model, count)
    for record, key in zip(without, keys, strict=True):
        record.pk = key


def _next_keys(connection: Any, model: type[models.Model], count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(one.sequence) FROM"
            " (SELECT pg_get_serial_sequence(%s, %s)::regclass AS sequence OFFSET 0) one, generate_series(1, %s)",
            [f'"{model._meta.db_table}"', model._meta.pk.column, count],
        )
        return [key for (key,) in cursor.fetchall()]


def _texts(field: models.Field[Any, Any], records: Sequence[models.Model], using: str) -> list[str]:
    """One column; a value that occurs more than once is prepared once."""
    connection = connections[using]
    values = _values(field, records)
    # equal values of different kinds, as 1 and True, can be different texts
    kinds = set(map(type, values)) - {NoneType}
    if len(kinds) <= 1 and all(kind.__hash__ for kind in kinds):
        texts = {value: copy_text(field.get_db_prep_save(value, connection)) for value in set(values)}
        return list(map(texts.__getitem__, values))
    if len(kinds) <= 1 and values.count(values[0]) == len(values):  # such as the same empty mapping in each
        return [copy_text(field.get_db_prep_save(values[0], connection))] * len(values)
    return [copy_text(field.get_db_prep_save(value, connection)) for value in values]


def _values(field: models.Field[Any, Any], records: Sequence[models.Model]) -> list[Any]:
    if type(field).pre_save is models.Field.pre_save:
        name = field.attname
        return [record.__dict__[name] for record in records]
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        moment = field.pre_save(records[0], add=True)
        for record in records:
            setattr(record, field.attname, moment)
        return [moment] * len(records)
    return [field.pre_save(record, add=True) for record in records]
