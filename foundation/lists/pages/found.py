"""What a search or a filter found, counted and put in order by statements that read nothing else of the rows."""

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
    """What is looked for: `rows(text)` gives the records that match a text, all of them where it is empty.

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


def keys_of_page(search: Search, order: Sequence[str | OrderBy], *, start: int, end: int) -> list[int]:
    """The keys of the rows from `start` to `end`, whatever their number."""

    def keyed(rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.order_by(*order).values_list("pk")[start:end]

    written = _written(search, keyed, (search.kept_as, tuple(order), start, end))
    if written is None:
        return []
    with connections[written.db].cursor() as cursor:
        cursor.execute(written.sql, written.params)
        return [key for (key,) in cursor.fetchall()]


def count_up_to(search: Search, most: int) -> int:
    """How many rows there are; `most` stands for that many and any larger number."""

    def keyed(rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.order_by().values_list("pk")[:most]

    written = _written(search, keyed, (search.kept_as, most))
    if written is None:
        return 0
    with connections[written.db].cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({written.sql}) counted", written.params)  # noqa: S608 - Django has written it
        return int(cursor.fetchone()[0])


def _written(search: Search, keyed: Callable[[QuerySet[Any]], QuerySet[Any]], key: tuple[Hashable, ...]) -> _Sql | None:
    """The SQL of a search; None where nothing can be found."""
    has_words = bool(query_of(search.text))
    if search.kept_as is None or (search.text and not has_words):
        return _sql(keyed(search.rows(search.text)))
    key = (*key, has_words)
    found = _kept.get(key)
    if found is None:
        written = _sql(keyed(search.rows(_MARK if has_words else "")))
        if written is None or not search.is_sound():
            return _sql(keyed(search.rows(search.text)))
        place = written.params.index(query_of(_MARK)) if has_words else None
        found = _kept[key] = _Sql(written.db, written.sql, written.params, place)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found.of(search.text) if has_words else found


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
