"""One new row of a plain model: put into SQL once for each kind of row, then only filled in.

Django builds the statement anew for each record that it saves, which costs more than PostgreSQL needs to write the row.
What an event brings with it - the event, its message, a token - is such a row. Signals are not sent.
"""

from __future__ import annotations

from typing import Any

from django.db import connections, models, router
from django.db.models.expressions import DatabaseDefault

_statements: dict[tuple[type[models.Model], frozenset[str], bool], tuple[str, list[Any], list[Any]]] = {}


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
    sql, told, answered = _statement(model, frozenset(left), unless_there, connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, [field.get_db_prep_save(values[field.attname], connection) for field in told])
        row = cursor.fetchone()
    if row is None:
        return
    for field, value in zip(answered, row, strict=True):
        setattr(record, field.attname, value)
    record._state.adding, record._state.db = False, using


def _by_django(record: models.Model, *, unless_there: bool) -> None:
    if unless_there:
        type(record)._base_manager.bulk_create([record], ignore_conflicts=True)
    else:
        record.save(force_insert=True)


def _statement(
    model: type[models.Model], left: frozenset[str], unless_there: bool, connection: Any
) -> tuple[str, list[Any], list[Any]]:
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
        _statements[key] = (sql, told, answered)
    return _statements[key]
