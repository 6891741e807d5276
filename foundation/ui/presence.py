"""Whether a customer has anything of a kind, asked along with the customer: a room without anything is not asked again.

A page about a customer looks into every room of the house, and most customers have something in a few of them. A way to
the database costs far more than one more `EXISTS` in the statement that reads the customer anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Exists, Model, QuerySet

PREFIX = "has_any_"
_kinds: dict[str, Callable[[type[Model]], QuerySet[Any]]] = {}


def register_presence(name: str, rows: Callable[[type[Model]], QuerySet[Any]]) -> None:
    """Let pages of customers know of this kind: `rows(model)` gives all there are of the one `OuterRef("pk")`, whoever may see them."""
    _kinds[name] = rows


def presences(model: type[Model]) -> dict[str, Exists]:
    """What a query of customers is annotated with."""
    return {f"{PREFIX}{name}": Exists(rows(model)) for name, rows in _kinds.items()}


def lacks(subject: Model, name: str) -> bool:
    """Whether this record is known to have nothing of the kind; False for whatever was read without asking."""
    return subject.__dict__.get(f"{PREFIX}{name}") is False


def lacking(subject: Model, names: Iterable[str]) -> frozenset[str]:
    """Those of the kinds that it is known to have nothing of."""
    return frozenset(name for name in names if lacks(subject, name))


def has_some(subject: Model, name: str) -> None:
    """Something was added meanwhile."""
    subject.__dict__.pop(f"{PREFIX}{name}", None)
