"""What a search found, counted and put in order by one statement that reads nothing else of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import OrderBy, QuerySet


def keys_in_order(
    found: QuerySet[Any], order: Sequence[str | OrderBy], *, start: int, end: int, most: int
) -> tuple[list[int], int]:
    """The keys of the rows from `start` to `end`, and how many rows there are; `most` + 1 stands for any larger number.

    The inner query has a limit and no order, so that the index of the words finds the rows. Were they asked for in
    order, the database might walk the whole table in that order to find a few. Behind the last row nothing is counted.
    """
    expressions = {f"by_{place}": one.expression for place, one in enumerate(order) if isinstance(one, OrderBy)}
    fields = {one.removeprefix("-"): None for one in order if isinstance(one, str)}
    asked = list({"pk": None, **fields, **expressions})
    rows = found.order_by()
    rows = (rows.annotate(**expressions) if expressions else rows).values_list(*asked)[: most + 1]
    try:
        sql, params = rows.query.get_compiler(using=rows.db).as_sql()
    except EmptyResultSet:
        return [], 0
    columns = {name: f"c{place}" for place, name in enumerate(asked)}
    by = ", ".join(_direction(columns, place, one) for place, one in enumerate(order))
    with connections[rows.db].cursor() as cursor:
        cursor.execute(  # Django has written the inner query; the names are ours
            f"SELECT c0, COUNT(*) OVER () FROM ({sql}) found ({', '.join(columns.values())}) ORDER BY {by} LIMIT %s OFFSET %s",  # noqa: S608
            (*params, end - start, start),
        )
        keys = cursor.fetchall()
    return [key for key, _count in keys], keys[0][1] if keys else 0


def _direction(columns: dict[str, str], place: int, order: str | OrderBy) -> str:
    """One part of the order, by the name that its column has outside."""
    if isinstance(order, str):
        return f"{columns[order.removeprefix('-')]} {'DESC' if order.startswith('-') else 'ASC'}"
    nulls = " NULLS FIRST" if order.nulls_first else " NULLS LAST" if order.nulls_last else ""
    return f"{columns[f'by_{place}']} {'DESC' if order.descending else 'ASC'}{nulls}"
