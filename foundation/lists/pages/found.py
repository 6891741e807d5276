"""What a search found, counted and put in order by one statement that reads nothing else of the rows."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import OrderBy, QuerySet

# To count up to a thousand of a frequent word costs the more the larger the house is, several times what a page of them
# costs: the index lists all of its places first. That there are more than can be counted is hardly ever untrue a minute
# later, so whoever turns the pages of such a search, or sorts it, is not kept waiting for the same “1,000+” each time.
SECONDS = 60.0
MOST_REMEMBERED = 1_000
_many: OrderedDict[tuple[str, str], float] = OrderedDict()


def keys_in_order(
    found: QuerySet[Any], order: Sequence[str | OrderBy], *, start: int, end: int, most: int
) -> tuple[list[int], int]:
    """The keys of the rows from `start` to `end`, and how many rows there are; `most` + 1 stands for any larger number.

    The inner query has a limit and no order, so that the index of the words finds the rows. Were they asked for in
    order, the database might walk the whole table in that order to find a few. Behind the last row nothing is counted.
    Of a search that found more than `most` within this minute, no keys are given.
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
    search = (sql, repr(params))
    if time.monotonic() < _many.get(search, 0.0):
        return [], most + 1
    columns = {name: f"c{place}" for place, name in enumerate(asked)}
    by = ", ".join(_direction(columns, place, one) for place, one in enumerate(order))
    with connections[rows.db].cursor() as cursor:
        cursor.execute(  # Django has written the inner query; the names are ours
            f"SELECT c0, COUNT(*) OVER () FROM ({sql}) found ({', '.join(columns.values())}) ORDER BY {by} LIMIT %s OFFSET %s",  # noqa: S608
            (*params, end - start, start),
        )
        keys = cursor.fetchall()
    count = keys[0][1] if keys else 0
    if count > most:
        _many[search] = time.monotonic() + SECONDS
        while len(_many) > MOST_REMEMBERED:
            _many.popitem(last=False)
    return [key for key, _count in keys], count


def forget() -> None:
    """Count every search; for tests."""
    _many.clear()


def _direction(columns: dict[str, str], place: int, order: str | OrderBy) -> str:
    """One part of the order, by the name that its column has outside."""
    if isinstance(order, str):
        return f"{columns[order.removeprefix('-')]} {'DESC' if order.startswith('-') else 'ASC'}"
    nulls = " NULLS FIRST" if order.nulls_first else " NULLS LAST" if order.nulls_last else ""
    return f"{columns[f'by_{place}']} {'DESC' if order.descending else 'ASC'}{nulls}"
