"""Queries that are asked again and again with other values: put into SQL once, then only filled in.

To build a query and to turn it into SQL costs Django several times what PostgreSQL needs to answer it, and planning it costs
PostgreSQL more than answering: see `server_plans`. A function
decorated with ``@prepared`` gives the query set; calling it gives the list of its records.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import wraps
from itertools import chain
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable, get_related_populators

from foundation.ui.once import in_request, once
from foundation.ui.server_plans import TYPES, Statement, ask_server, rows_of

MOST_KEPT = 400
LONGEST_LIST = 64
LARGEST = 2**63 - 1
_FIRST_MARK = 2_000_000_011  # fits any integer column, and no query of ours names it otherwise
_FIRST_MOMENT = dt.datetime(1902, 3, 4, 5, 6, 7, 89, tzinfo=dt.UTC)
_FIRST_DAY = dt.date(1903, 4, 5)
_TEXT = "prepared text 8c1f5e"
_plans: OrderedDict[tuple[Any, ...], Any] = OrderedDict()


class Unfit(Exception):
    """These values, or this query, are not for this way of asking: it is asked plainly."""


def prepared(build: Callable[..., QuerySet[Any]]) -> Callable[..., list[Any]]:
    """Decorates ``build(*values, **fixed)``, which gives a query set; the result gives the records that it finds.

    Values are integers, texts, moments, days or sequences of integers; each must reach the SQL as a parameter of its own and
    must not decide what is built. Whatever does decide is passed by name and must be hashable, a user as ``user``: then
    the query is kept for this person with these rights and this team. Nothing that the database says may be
    built in, since it may be other by the next call. Values that do not fit (None, an empty list) are asked plainly.
    """

    def planned(*values: Any, **fixed: Any) -> Planned | None:
        """What is to be asked; None where nothing can be found. Raises Unfit for values that do not fit."""
        shapes, filled = _measured(values)
        if shapes is None:
            raise Unfit
        key = (build, shapes, *_identity(fixed))
        plan = _plans.get(key)
        if plan is None:
            marked = _marks(shapes)
            try:
                plan = _Plan(build(*marked, **fixed), _flat(marked))
            except EmptyResultSet:
                return None
            _keep(key, plan)
        return Planned(key, plan, filled)

    @wraps(build)
    def ask(*values: Any, **fixed: Any) -> list[Any]:
        try:
            one = planned(*values, **fixed)
        except Unfit:
            return list(build(*values, **fixed))
        return one.answer() if one is not None else []

    ask.planned = planned  # type: ignore[attr-defined]
    return ask


def prepared_count(build: Callable[..., QuerySet[Any]]) -> Callable[..., int]:
    """As `prepared`, for a query set without values of its own: gives how many records it finds."""

    def planned(**fixed: Any) -> Planned | None:
        key = (build, "count", *_identity(fixed))
        plan = _plans.get(key)
        if plan is None:
            try:
                plan = _Count(build(**fixed))
            except EmptyResultSet:
                return None
            _keep(key, plan)
        return Planned(key, plan, [])

    @wraps(build)
    def ask(**fixed: Any) -> int:
        one = planned(**fixed)
        return one.answer() if one is not None else 0

    ask.planned = planned  # type: ignore[attr-defined]
    return ask


def answers_ahead() -> dict[tuple[Any, ...], Any]:
    """What was asked ahead in this request and is not taken yet, by the name of the question."""
    return once("ui:prepared-ahead", dict)


@dataclass(frozen=True)
class Planned:
    """One question: a plan and the values to fill in. Its answer may lie ready, see `ahead`."""

    key: tuple[Any, ...]
    plan: Any
    values: list[Any]

    @property
    def name(self) -> tuple[Any, ...]:
        """The same for the same question."""
        return (*self.key, *self.values)

    def answer(self) -> Any:
        """What the database says, or what it was asked ahead in this request: that serves once."""
        if in_request() and self.name in (ready := answers_ahead()):
            return ready.pop(self.name)
        return self.plan.fetch(self.values)


def _keep(key: tuple[Any, ...], plan: Any) -> None:
    _plans[key] = plan
    while len(_plans) > MOST_KEPT:
        _plans.popitem(last=False)


def keep_rows(record: Any, name: str, rows: list[Any]) -> None:
    """Let `record.NAME.all()` give these rows, as after a prefetch; each knows its record."""
    found = getattr(record, name).all()
    found._result_cache, found._prefetch_done = rows, True
    back = record._meta.get_field(name).remote_field.name
    for row in rows:
        setattr(row, back, record)
    record.__dict__.setdefault("_prefetched_objects_cache", {})[name] = found


def forget_all() -> None:
    """Build every query afresh; for tests."""
    _plans.clear()


def _identity(fixed: dict[str, Any]) -> list[Any]:
    """What is built depends on these; of a user, on who it is, the team and the rights."""
    return [(name, rights_of(value) if name == "user" else value) for name, value in fixed.items()]


def rights_of(user: Any) -> tuple[Any, ...]:
    """What is built for a user depends on: who it is, the team and the rights."""
    known: tuple[Any, ...] | None = user.__dict__.get("_prepared_for")
    if known is None:
        known = (user.pk, user.team_id, frozenset(user.get_all_permissions()))
        user.__dict__["_prepared_for"] = known
    return known


def _measured(values: Sequence[Any]) -> tuple[tuple[Any, ...] | None, list[Any]]:
    """The kinds of the values, lists with their rounded length, and the values one by one; None if some do not fit."""
    shapes: list[Any] = []
    filled: list[Any] = []
    for value in values:
        kind = type(value)
        if kind is int and -LARGEST <= value <= LARGEST or kind in (str, dt.datetime, dt.date):
            shapes.append(kind)
            filled.append(value)
        elif kind in (list, tuple) and 0 < len(value) <= LONGEST_LIST and all(type(one) is int for one in value):
            length = 1 << (len(value) - 1).bit_length()  # few lengths, so few plans: the last value stands repeatedly
            shapes.append(length)
            filled += [*value, *[value[-1]] * (length - len(value))]
        else:
            return None, []
    return tuple(shapes), filled


def _marks(shapes: Sequence[Any]) -> list[Any]:
    """A value for each place that is found again among the parameters."""
    found: list[Any] = []
    number = 0
    for shape in shapes:
        length = shape if isinstance(shape, int) else 1
        if shape is dt.datetime:
            found.append(_FIRST_MOMENT + dt.timedelta(days=number))
        elif shape is dt.date:
            found.append(_FIRST_DAY + dt.timedelta(days=number))
        elif shape is str:
            found.append(f"{_TEXT} {number}")
        elif shape is int:
            found.append(_FIRST_MARK + number)
        else:
            found.append([_FIRST_MARK + number + i for i in range(length)])
        number += length
    return found


def _flat(marked: Sequence[Any]) -> list[Any]:
    return [one for mark in marked for one in (mark if isinstance(mark, list) else [mark])]


class _Plan:
    """SQL with the places of its values, and how its rows become records."""

    def __init__(self, rows: QuerySet[Any], marks: list[Any]) -> None:
        if not issubclass(rows._iterable_class, ModelIterable) or rows._prefetch_related_lookups:  # type: ignore[attr-defined]
            raise TypeError("A prepared query gives records, and fetches nothing beside them")
        self.db = rows.db
        compiler = rows.query.get_compiler(using=self.db)
        sql, params = compiler.as_sql()
        index = {mark: i for i, mark in enumerate(marks)}
        places = [
            (i, index[param]) for i, param in enumerate(params) if type(param) in (int, str, dt.datetime, dt.date) and param in index
        ]  # fmt: skip
        if {place for _i, place in places} != set(range(len(marks))):
            raise ValueError("A value of a prepared query must reach the SQL as a parameter")
        info = compiler.klass_info
        assert info is not None
        select = compiler.select
        fields = info["select_fields"]
        self.model: type[Model] = info["model"]
        self.begin, self.end = fields[0], fields[-1] + 1
        # Django looks each column of the model up among them, for every record.
        self.names: Any = frozenset(one[0].target.attname for one in select[self.begin : self.end])
        self.annotations = compiler.annotation_col_map
        populators = get_related_populators(info, select, self.db)  # type: ignore[call-arg]  # stubs of a later Django
        related = [(one["field"], one["reverse"]) for one in info.get("related_klass_infos", ())]
        shared = [field if field.many_to_one and not field.unique and not back else None for field, back in related]
        for populator in populators:
            populator.init_list = frozenset(populator.init_list)  # type: ignore[assignment]
        self.populators = list(zip(populators, shared, strict=True))
        self.fields = [one[0].output_field for one in select[: compiler.col_count]]
        self.converters = compiler.get_converters([one[0] for one in select[: compiler.col_count]])
        # What asks and converts is kept; the tree of the query, which is much larger, is not.
        compiler.query = compiler.select = compiler.klass_info = compiler.where = compiler.annotation_col_map = None  # type: ignore[assignment]
        self.compiler = compiler
        self.statement = Statement(sql, params, places, [TYPES[type(mark)] for mark in marks])

    def fetch(self, values: Sequence[Any]) -> list[Any]:
        """The records, for these values."""
        compiler: Any = copy(self.compiler)
        compiler.connection = connections[self.db]
        return self.records(compiler, self._answer(compiler, values))

    def records(self, compiler: Any, rows: Iterable[Any]) -> list[Any]:
        """What these rows say, as the objects that the query set would give."""
        if self.converters:
            rows = compiler.apply_converters(rows, self.converters)
        found = []
        known: dict[tuple[Any, Any], Any] = {}  # many rows lead to the same colleague: one object stands for each
        for row in rows:
            record = self.model.from_db(self.db, self.names, row[self.begin : self.end])
            for populator, field in self.populators:
                if field is None:
                    populator.populate(row, record)
                    continue
                key = (field, row[populator.cols_start + populator.pk_idx])
                if key in known:
                    field.set_cached_value(record, known[key])
                else:
                    populator.populate(row, record)
                    known[key] = field.get_cached_value(record)
            for name, position in (self.annotations or {}).items():
                setattr(record, name, row[position])
            found.append(record)
        return found

    def _answer(self, compiler: Any, values: Sequence[Any]) -> Iterable[Any]:
        def send(sql: str, params: tuple[Any, ...]) -> Iterable[Any]:
            compiler.as_sql = lambda *args, **kwargs: (sql, params)
            return chain.from_iterable(compiler.execute_sql())

        return ask_server(compiler.connection, self.statement, values, send)


class _Count:
    """SQL that counts."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self.db = rows.db
        sql, params = rows.values("pk").query.get_compiler(using=self.db).as_sql()
        self.statement = Statement(f"SELECT COUNT(*) FROM ({sql}) counted", params)  # noqa: S608 - Django has written it

    def fetch(self, values: Sequence[Any] = ()) -> int:
        """The number; it takes no values of its own."""
        ((count,),) = rows_of(connections[self.db], self.statement)
        return int(count)
