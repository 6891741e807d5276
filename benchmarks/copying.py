"""Many rows in one breath: PostgreSQL's COPY, fed with what the models' defaults leave open."""

from __future__ import annotations

import io
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connections, models
from django.db.models.fields import NOT_PROVIDED

ALIAS = "owner"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    if value is True or value is False:
        return "t" if value else "f"
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (int, Decimal)):
        return str(value)
    if isinstance(value, (dict, list)):
        value = json.dumps(value)
    return str(value).translate(_ESCAPES)


def lexemes(tokens: set[str] | list[str]) -> str:
    """Tokens as COPY takes a tsvector; our tokens are letters and digits alone."""
    return " ".join(f"'{token}'" for token in tokens)


class Rows:
    """Rows of one model on their way into its table."""

    def __init__(self, model: type[models.Model], *given: str) -> None:
        """`given` are the attributes that every row names; all others get the model's or the database's default."""
        self.table = model._meta.db_table
        self.given = given
        columns, rest = [], []
        now = datetime.now().astimezone()
        for field in model._meta.concrete_fields:
            if field.attname in given or field.primary_key or field.db_default is not NOT_PROVIDED:
                continue
            value = now if getattr(field, "auto_now", False) else field.get_default()
            columns.append(field.column)
            rest.append(_text(value))
        by_name = {field.attname: field.column for field in model._meta.concrete_fields}
        named = ", ".join(f'"{name}"' for name in [*(by_name[name] for name in given), *columns])
        self._sql = f'COPY "{self.table}" ({named}) FROM STDIN'
        self._rest = "\t".join(["", *rest]) + "\n"
        self._buffer = io.StringIO()

    def add(self, *values: Any) -> None:
        """One row, in the order of `given`."""
        self._buffer.write("\t".join(map(_text, values)) + self._rest)

    def write(self) -> None:
        """Send what has gathered."""
        self._buffer.seek(0)
        with connections[ALIAS].cursor() as cursor:
            cursor.copy_expert(self._sql, self._buffer)
        self._buffer = io.StringIO()


def move_sequences(*models_: type[models.Model]) -> None:
    """Let the tables' own numbering go on above the rows that brought theirs."""
    with connections[ALIAS].cursor() as cursor:
        for model in models_:
            table = model._meta.db_table
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM \"{table}\"))")


def clone(model: type[models.Model], where: str, source: str, /, **expressions: str) -> int:
    """Copy the rows `t` of a table that meet `where` once for each row `g` of `source`; answers how many were made.

    `expressions` say in SQL what differs, by column; all else but the primary key is as in the original.
    """
    table = model._meta.db_table
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    into = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(expressions.get(name, f't."{name}"') for name in columns)
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(f'INSERT INTO "{table}" ({into}) SELECT {values} FROM "{table}" t, {source} g WHERE {where}')
        return int(cursor.rowcount)
