"""Places on shared pages that later stages furnish.

A stage registers a function once, in its ``AppConfig.ready()``; the page asks for everything that
belongs in a place. Places in use: ``record.badges``, ``record.actions``, ``record.main``, ``record.timeline``,
``day.main``, ``person.main`` (a colleague's page: ``person``, ``request``), ``deadlines.tasks`` (dicts as those of ``day.promises``),
``profile.forms`` (a form with title, anchor and `keep(user)`), ``nav``, ``diary.links`` (a list of `Action`s above the calendar).
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from typing import Any

_panels: dict[str, list[tuple[int, str, Callable[..., Any]]]] = {}


def register_panel(place: str, fn: Callable[..., Any], order: int = 100) -> None:
    """Let ``fn(**context)`` add to a place; registering the same function again changes nothing."""
    entries = _panels.setdefault(place, [])
    name = f"{fn.__module__}.{fn.__qualname__}"
    if all(known != name for _order, known, _fn in entries):
        insort(entries, (order, name, fn), key=lambda entry: entry[:2])


def panels_for(place: str, **context: Any) -> list[Any]:
    """What the registered functions give for this context, in order; None and empty text are left out."""
    results = (fn(**context) for _order, _name, fn in _panels.get(place, ()))
    return [result for result in results if result is not None and result != ""]
