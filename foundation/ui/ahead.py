"""Several prepared queries in one statement: a page whose places each ask for a little asks the database once for all.

`ask_together(wishes)` leaves the answers ready in the request; whoever calls the same prepared query with the same values
then finds its answer without a way to the server. A page gathers the wishes of its places with `gathered()`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from decimal import Decimal
from typing import Any

from django.db import connections

from foundation.ui.once import in_request
from foundation.ui.prepared import Planned, Unfit, answers_ahead
from foundation.ui.server_plans import Statement, rows_of

# A prepared query, its values, and what is passed by name.
Wish = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
MOST_KEPT = 100
_places: dict[str, list[Callable[..., Iterable[Wish]]]] = {}
_statements: OrderedDict[tuple[Any, ...], _Joined] = OrderedDict()
_PLAIN = {
    "AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField", "SmallIntegerField", "BooleanField",
    "PositiveIntegerField", "PositiveSmallIntegerField", "PositiveBigIntegerField", "CharField", "TextField", "SlugField",
}  # fmt: skip


def wish(ask: Callable[..., Any], *values: Any, **fixed: Any) -> Wish:
    """One prepared query to be asked with others; call it later with the very same values."""
    return (ask, values, fixed)


def register_wishes(place: str, fn: Callable[..., Iterable[Wish]]) -> None:
    """Let the places of a page be asked for together: `fn(user)` gives what this room will ask there, on a page about
    one record `fn(user, record)`."""
    known = _places.setdefault(place, [])
    if fn not in known:
        known.append(fn)


def gathered(place: str, user: Any, *about: Any) -> list[Wish]:
    """What all rooms will ask there for this person."""
    return [one for fn in _places.get(place, ()) for one in fn(user, *about)]


def ask_together(wishes: Iterable[Wish]) -> None:
    """Leave the answers ready for this request. Nothing outside of one; what does not fit is asked later by itself."""
    if not in_request():
        return
    found: dict[tuple[Any, ...], Planned] = {}
    for ask, values, fixed in wishes:
        try:
            one = ask.planned(*values, **fixed)  # type: ignore[attr-defined]
            if one is not None:
                _columns(one.plan)
                found[one.name] = one
        except Unfit:
            continue
    if len(found) < 2:
        return
    questions = list(found.values())
    key = tuple(one.key for one in questions)
    joined = _statements.get(key)
    # A plan may have been built afresh since.
    if joined is None or any(a is not b.plan for a, b in zip(joined.plans, questions, strict=True)):
        joined = _statements[key] = _Joined([one.plan for one in questions])
        while len(_statements) > MOST_KEPT:
            _statements.popitem(last=False)
    answers = joined.fetch([value for one in questions for value in one.values])
    answers_ahead().update(zip(found, answers, strict=True))


def lying_ready(one: Wish) -> list[Any] | None:
    """The answer if it was asked ahead, once; None where it was not: nothing is asked now."""
    ask, values, fixed = one
    if not in_request() or not answers_ahead():
        return None
    try:
        question = ask.planned(*values, **fixed)  # type: ignore[attr-defined]
    except Unfit:
        return None
    return answers_ahead().pop(question.name, None) if question is not None else None


class _Joined:
    """One statement of many plans: each gives one row with its number and its own rows, as JSON."""

    def __init__(self, plans: Sequence[Any]) -> None:
        self.plans, self.readers = plans, [_columns(plan) for plan in plans]
        texts: list[str] = []
        params: list[Any] = []
        places: list[tuple[int, int]] = []
        types: list[str] = []
        for number, (plan, readers) in enumerate(zip(plans, self.readers, strict=True)):
            names = [f"c{i}" for i in range(len(readers))]
            shown = ", ".join(
                f"{name}::{_AS_TEXT[one]} AS {name}" if one in _AS_TEXT else name
                for name, one in zip(names, readers, strict=True)
            )
            inner = f"SELECT {shown} FROM ({plan.statement.sql}) AS found({', '.join(names)})"  # noqa: S608 - Django's own text
            texts.append(f"SELECT {number}, (SELECT json_agg(said) FROM ({inner}) AS said)::text")  # noqa: S608
            places += [(len(params) + i, len(types) + place) for i, place in plan.statement.places]
            params += plan.statement.params
            types += plan.statement.types
        self.statement = Statement(" UNION ALL ".join(texts), params, places, types)

    def fetch(self, values: Sequence[Any]) -> list[Any]:
        """Each plan's answer, in their order."""
        connection = connections[self.plans[0].db]
        said: dict[int, str | None] = dict(rows_of(connection, self.statement, values))  # type: ignore[arg-type]
        return [self._answer(number, said[number], connection) for number in range(len(self.plans))]

    def _answer(self, number: int, said: str | None, connection: Any) -> Any:
        plan, readers = self.plans[number], self.readers[number]
        rows = [
            tuple(None if value is None else read(value) for read, value in zip(readers, row.values(), strict=True))
            for row in (json.loads(said, parse_float=Decimal) if said else [])
        ]
        if not hasattr(plan, "compiler"):
            return rows[0][0]
        compiler = copy(plan.compiler)
        compiler.connection = connection
        return plan.records(compiler, rows)


def _columns(plan: Any) -> list[Callable[[Any], Any]]:
    """How each column comes back out of JSON. Raises Unfit where we do not know."""
    if not hasattr(plan, "compiler"):
        return [int]
    known: list[Callable[[Any], Any]] | None = plan.__dict__.get("columns")
    if known is None:
        known = plan.__dict__["columns"] = [_reader(field) for field in plan.fields]
    return known


def _reader(field: Any) -> Callable[[Any], Any]:
    if field.is_relation:
        field = field.target_field
    kind = field.get_internal_type()
    if kind in _PLAIN:
        return _same
    if kind in _READERS:
        return _READERS[kind]
    if kind == "ArrayField" and (inner := _ARRAYS.get(_reader(field.base_field))):
        return inner
    if field.db_type(connections["default"]) == "tsvector":
        return _text
    raise Unfit(kind)


def _same(value: Any) -> Any:
    return value


def _text(value: Any) -> Any:
    """As PostgreSQL writes it: the field's own converter reads it."""
    return value


def _texts(value: Any) -> Any:
    """The same for each value of an array."""
    return value


_AS_TEXT: dict[Callable[[Any], Any], str] = {_text: "text", _texts: "text[]"}
_ARRAYS: dict[Callable[[Any], Any], Callable[[Any], Any]] = {_same: _same, _text: _texts}

_READERS: dict[str, Callable[[Any], Any]] = {
    "DateTimeField": dt.datetime.fromisoformat,
    "DateField": dt.date.fromisoformat,
    "TimeField": dt.time.fromisoformat,
    "DecimalField": Decimal,
    "FloatField": float,
    "JSONField": _text,
}
