"""The order in which the files of a parallel run are handed out: long ones first, so that no process ends alone with one."""

from __future__ import annotations

from collections import Counter
from typing import Any

# How many ordinary tests one takes as long as: marked slow, with a browser, or with rows that are really committed.
SLOW, BROWSER, COMMITTED = 200, 25, 3


def weight(item: Any) -> int:
    """About how long a test takes, counted in ordinary ones."""
    if item.get_closest_marker("slow"):
        return SLOW
    if "live_server" in item.fixturenames:
        return BROWSER
    marker = item.get_closest_marker("django_db")
    commits = marker is not None and marker.kwargs.get("transaction")
    return COMMITTED if commits or "transactional_db" in item.fixturenames else 1


def longest_files_first(items: list[Any]) -> None:
    """Sort files by what their tests weigh together; within a file nothing moves."""
    weights: Counter[str] = Counter()
    for item in items:
        weights[item.nodeid.partition("::")[0]] += weight(item)
    items.sort(key=lambda item: (-weights[item.nodeid.partition("::")[0]], item.nodeid.partition("::")[0]))
