"""One new row of a plain model: put into SQL once for each kind of row, then only filled in.

Django builds the statement anew for each record that it saves, which costs more than PostgreSQL needs to write the row.
What an event brings with it - the event, its message, a token - is such a row. Signals are not sent.
"""

from __future__ import annotations

import re
from typing import Any

from django.db import connections, models, router
from django.db.models.expressions import DatabaseDefault

from foundation.ui.server_plans import Statement, rows_of

_PLAIN = {str, int, bool}
_TAKES_PLAIN = {
    models.CharField, models.TextField, models.BooleanField, models.BigIntegerField, models.IntegerField,
    models.PositiveIntegerField, models.PositiveSmallIntegerField, models.SmallIntegerField, models.ForeignKey,
}  # fmt: skip
_LENGTH = re.compile(r"\([^)]*\)")
_statements: dict[tuple[type[models.Model], frozenset[str], bool], tuple[Statement, list[Any], list[Any]]] = {}


def insert(record: models.Model, *, unless_there: bool = False) -> None:
    """Write a new record; it knows its key and what the database filled in. Raises what the database has against it.

    With `unless_there`, a row that breaks a unique constraint is passed over, and the record learns nothing. A record with
    an expression among its values, or with parents, is saved by Django.
    """
    model = type(record)
    values, left = {}, set()
    for field in model._meta.concrete_fields:
        value = field.pre_save(record, True)
        if isinstance(value, DatabaseDefault) or (field.primary_key and value is None):
            left.add(field.attname)
        elif hasattr(value, "resolve_expression") or model._meta.parents:
            _by_django(record, unless_there=unless_there)
            return
        else:
            values[field.attname] = value
    using = router.db_for_write(model, instance=record)
    connection = connections[using]
    statement, told, answered = _statement(model, frozenset(left), unless_there, connection)
    params = [_prepared(field, values[field.attname], connection) for field in told]
    rows = rows_of(connection, statement, params)
    if not rows:
        return
    for field, value in zip(answered, rows[0], strict=bool(answered)):
        setattr(record, field.attname, value)
    record._state.adding, record._state.db = False, using


def _by_django(record: models.Model, *, unless_there: bool) -> None:
    if unless_there:
        type(record)._base_manager.bulk_create([record], ignore_conflicts=True)
    else:
        record.save(force_insert=True)


def _statement(
    model: type[models.Model], left: frozenset[str], unless_there: bool, connection: Any
) -> tuple[Statement, list[Any], list[Any]]:
    """The statement, the fields that it is told, and those that it answers."""
    key = (model, left, unless_there)
    if key not in _statements:
        quote = connection.ops.quote_name
        fields = model._meta.concrete_fields
        told = [field for field in fields if field.attname not in left]
        answered = [field for field in fields if field.attname in left]
        names, marks = ", ".join(quote(field.column) for field in told), ", ".join(["%s"] * len(told))
        conflict = " ON CONFLICT DO NOTHING" if unless_there else ""
        answer = ", ".join(quote(field.column) for field in answered) or "1"
        sql = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({marks}){conflict} RETURNING {answer}"  # noqa: S608
        types = [_type_of(field, connection) for field in told]
        _statements[key] = (Statement.in_order(sql, types), told, answered)
    return _statements[key]


def _type_of(field: Any, connection: Any) -> str:
    """The column's type as a parameter has it: without a length, which the column itself looks after."""
    return _LENGTH.sub("", field.db_type(connection))


def _prepared(field: Any, value: Any, connection: Any) -> Any:
    """What the database gets; most values are what they are, and to ask their fields about each costs more than to look."""
    if value is None or (type(value) in _PLAIN and type(field) in _TAKES_PLAIN):
        return value
    return field.get_db_prep_save(value, connection)
