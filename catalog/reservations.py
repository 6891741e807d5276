"""The seam for reservations: a later stage says how much of a product is spoken for; nothing here knows why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

Reserved = Callable[[Sequence[int]], dict[int, Decimal]]
_sources: list[Reserved] = []


def register_reservations(source: Reserved) -> None:
    """`source(product keys)` gives the reserved quantity of each product in its own unit, in a bounded number of queries."""
    if source not in _sources:
        _sources.append(source)


def reserved_of(products: Sequence[int]) -> dict[int, Decimal]:
    """How much of these products is reserved; nothing while no stage reserves anything."""
    found: dict[int, Decimal] = {}
    for source in _sources:
        for pk, quantity in source(products).items():
            found[pk] = found.get(pk, Decimal(0)) + quantity
    return found
