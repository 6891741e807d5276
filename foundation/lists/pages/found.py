"""What a search found, counted and put in order by one statement that reads nothing else of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import F, OrderBy, QuerySet


def keys_in_order(
    found: QuerySet[Any], order: Sequence[str | OrderBy], *, start: int, end: int, most: int
) -> tuple[list[int], int]:
    """The keys of the rows from `start` to `end`, and how many rows there are; `most` + 1 stands for any larger number.

    The inner query has a limit and no order, so that the index of the words finds the rows. Were they asked for in
    order, the database might walk the whole table in that order to find a few. Behind the last row nothing is counted.
    """
    by = [_direction(one) for one in order]
    columns = {f"by_{place}": one.expression for place, one in enumerate(by)}
    rows = found.order_by().annotate(**columns).values_list("pk", *columns)[: most + 1]
    try:
        sql, params = rows.query.get_compiler(using=rows.db).as_sql()
    except EmptyResultSet:
        return [], 0
    names = ", ".join(["key", *columns])
    wanted = ", ".join(name + _words(one) for name, one in zip(columns, by, strict=True))
    with connections[rows.db].cursor() as cursor:
        cursor.execute(  # Django has written the inner query; the names are ours
            f"SELECT key, COUNT(*) OVER () FROM ({sql}) found ({names}) ORDER BY {wanted} LIMIT %s OFFSET %s",  # noqa: S608
            (*params, end - start, start),
        )
        keys = cursor.fetchall()
    return [key for key, _count in keys], keys[0][1] if keys else 0


def _direction(order: str | OrderBy) -> OrderBy:
    if isinstance(order, OrderBy):
        return order
    field = F(order.removeprefix("-"))
    return field.desc() if order.startswith("-") else field.asc()


def _words(order: OrderBy) -> str:
    nulls = " NULLS FIRST" if order.nulls_first else " NULLS LAST" if order.nulls_last else ""
    return (" DESC" if order.descending else " ASC") + nulls
