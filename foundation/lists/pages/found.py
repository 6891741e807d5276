"""What a search found, counted and put in order by one statement that reads nothing else of the rows."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import OrderBy, QuerySet

from foundation.lists.tokens import query_of

# To count up to a thousand of a frequent word costs the more the larger the house is, several times what a page of them
# costs: the index lists all of its places first. That there are more than can be counted is hardly ever untrue a minute
# later, so whoever turns the pages of such a search, or sorts it, is not kept waiting for the same “1,000+” each time.
SECONDS = 60.0
MOST_REMEMBERED = 1_000
_many: OrderedDict[tuple[str, str], float] = OrderedDict()
# To write the SQL of a filtered search takes Django about as long as the database needs to answer it.
_MARK = "marked8c1f5e"
MOST_KEPT = 400
_kept: OrderedDict[Hashable, _Sql] = OrderedDict()


@dataclass(frozen=True)
class Search:
    """What is looked for: `rows(text)` gives the records that match a text.

    With `kept_as`, the SQL is kept for other texts; the key holds everything else that it depends on. `is_sound()` says
    whether it may be: asked when the SQL is written.
    """

    rows: Callable[[str], QuerySet[Any]]
    text: str
    kept_as: Hashable | None = None
    is_sound: Callable[[], bool] = lambda: True


@dataclass(frozen=True)
class _Sql:
    """Rows as Django has written them, and where the words stand among the parameters."""

    db: str
    sql: str
    params: tuple[Any, ...]
    place: int | None = None

    def of(self, text: str) -> _Sql:
        """The same for another text."""
        assert self.place is not None
        params = (*self.params[: self.place], query_of(text), *self.params[self.place + 1 :])
        return _Sql(self.db, self.sql, params)


def keys_in_order(
    search: Search, order: Sequence[str | OrderBy], *, start: int, end: int, most: int
) -> tuple[list[int], int]:
    """The keys of the rows from `start` to `end`, and how many rows there are; `most` + 1 stands for any larger number.

    The inner query has a limit and no order, so that the index of the words finds the rows. Were they asked for in
    order, the database might walk the whole table in that order to find a few. Behind the last row nothing is counted.
    Of a search that found more than `most` within this minute, no keys are given.
    """
    expressions = {f"by_{place}": one.expression for place, one in enumerate(order) if isinstance(one, OrderBy)}
    fields = {one.removeprefix("-"): None for one in order if isinstance(one, str)}
    asked = list({"pk": None, **fields, **expressions})

    def keyed(rows: QuerySet[Any]) -> QuerySet[Any]:
        rows = rows.order_by()
        return (rows.annotate(**expressions) if expressions else rows).values_list(*asked)[: most + 1]

    inner = _written(search, keyed, (search.kept_as, tuple(order), most))
    if inner is None:
        return [], 0
    key = (inner.sql, repr(inner.params))
    if time.monotonic() < _many.get(key, 0.0):
        return [], most + 1
    columns = {name: f"c{place}" for place, name in enumerate(asked)}
    by = ", ".join(_direction(columns, place, one) for place, one in enumerate(order))
    with connections[inner.db].cursor() as cursor:
        cursor.execute(  # Django has written the inner query; the names are ours
            f"SELECT c0, COUNT(*) OVER () FROM ({inner.sql}) found ({', '.join(columns.values())}) ORDER BY {by} LIMIT %s OFFSET %s",  # noqa: S608
            (*inner.params, end - start, start),
        )
        keys = cursor.fetchall()
    count = keys[0][1] if keys else 0
    if count > most:
        _many[key] = time.monotonic() + SECONDS
        while len(_many) > MOST_REMEMBERED:
            _many.popitem(last=False)
    return [key for key, _count in keys], count


def _written(search: Search, keyed: Callable[[QuerySet[Any]], QuerySet[Any]], key: Hashable) -> _Sql | None:
    """The SQL of a search; None where nothing can be found."""
    if search.kept_as is not None and query_of(search.text):
        if key not in _kept and search.is_sound() and (marked := _sql(keyed(search.rows(_MARK)))):
            place = marked.params.index(query_of(_MARK))
            _kept[key] = _Sql(marked.db, marked.sql, marked.params, place)
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
        if key in _kept:
            return _kept[key].of(search.text)
    return _sql(keyed(search.rows(search.text)))


def _sql(rows: QuerySet[Any]) -> _Sql | None:
    try:
        sql, params = rows.query.get_compiler(using=rows.db).as_sql()
    except EmptyResultSet:
        return None
    return _Sql(rows.db, sql, tuple(params))


def forget() -> None:
    """Count every search, and write its SQL; for tests."""
    _many.clear()
    _kept.clear()


def _direction(columns: dict[str, str], place: int, order: str | OrderBy) -> str:
    """One part of the order, by the name that its column has outside."""
    if isinstance(order, str):
        return f"{columns[order.removeprefix('-')]} {'DESC' if order.startswith('-') else 'ASC'}"
    nulls = " NULLS FIRST" if order.nulls_first else " NULLS LAST" if order.nulls_last else ""
    return f"{columns[f'by_{place}']} {'DESC' if order.descending else 'ASC'}{nulls}"
