"""Touches: when a customer has heard of us, for the monthly cadence of calls, emails and text messages (PRE-6).

Each room that touches customers registers a source; whoever counts asks `touches()` and knows none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Touch:
    """A customer heard of us: by which way (`email`, `sms`, `phone`, `visit`), about what (a code), and when."""

    customer_id: int
    way: str
    about: str
    at: datetime


Source = Callable[[Collection[int], datetime, datetime], list[Touch]]
_sources: dict[str, Source] = {}


def register_touches(name: str, source: Source) -> None:
    """`source(customer_ids, since, until)` reads stored data and costs one query, however many customers are asked for."""
    _sources[name] = source


def touches(customer_ids: Collection[int], since: datetime, until: datetime) -> list[Touch]:
    """All touches of these customers from `since` to before `until`, the oldest first."""
    found = [touch for source in _sources.values() for touch in source(customer_ids, since, until)]
    return sorted(found, key=lambda touch: (touch.at, touch.customer_id))
