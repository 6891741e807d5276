"""Defaults that an installation starts with: rows that each app loads, and that administrators may then change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Defaults:
    """One app's rows. `load()` may run any number of times: it adds what is missing and never overwrites a person's change."""

    order: int
    name: str
    load: Callable[[], int]


_registry: dict[str, Defaults] = {}


def register_defaults(order: int, name: str, load: Callable[[], int]) -> None:
    """Have `load()` called by `manage.py load_defaults`, lower orders first; it returns how many rows it added."""
    _registry[name] = Defaults(order, name, load)


def all_defaults() -> list[Defaults]:
    """Every registered set, in the order of loading."""
    return sorted(_registry.values(), key=lambda one: (one.order, one.name))
