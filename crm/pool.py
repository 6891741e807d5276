"""The arithmetic of the pool: on which day a customer goes back to it, and what keeps one from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

Protecting = Callable[[Sequence[int]], Iterable[int]]
_protections: dict[str, tuple[Any, Protecting]] = {}
_deals: set[str] = set()


def register_protection(code: str, label: Any, find: Protecting) -> None:
    """Let a later stage keep customers from going back: `find(ids)` gives those of them on which it works."""
    _protections[code] = (label, find)


def protection_label(code: str) -> Any:
    """What keeps a customer, in words; empty for a stage that is gone."""
    return _protections[code][0] if code in _protections else ""


def protection_of(customer_id: int) -> str:
    """The code of the first thing that keeps this customer; empty for none. At most one query for each stage."""
    return next((code for code, (_label, find) in _protections.items() if list(find([customer_id]))), "")


def register_deal(code: str) -> None:
    """Let events of this code count as a deal with their customer."""
    _deals.add(code)


def deal_events() -> frozenset[str]:
    """The codes that count as a deal."""
    return frozenset(_deals)


def day_of_return(
    *,
    contact_days: int | None,
    deal_days: int | None,
    since: datetime | None,
    started_on: date | None,
    contacts: Iterable[datetime | None],
    deal: datetime | None,
    kept_until: date | None,
    zone: tzinfo,
) -> date | None:
    """The day on which the first of the measures runs out.

    Both count from the beginning of the ownership and not from before the rules were switched on; a day until which a
    manager keeps the customer is waited for.
    """

    def day(moment: datetime | None) -> date | None:
        return moment.astimezone(zone).date() if moment is not None else None

    first = [one for one in (day(since), started_on) if one is not None]
    seen = [one for one in map(day, contacts) if one is not None]
    bought = [one for one in (day(deal),) if one is not None]
    found = []
    for days, last in ((contact_days, seen), (deal_days, bought)):
        if days is not None and (known := [*first, *last]):
            found.append(max(known) + timedelta(days=days))
    if not found:
        return None
    soonest = min(found)
    return max(soonest, kept_until + timedelta(days=1)) if kept_until is not None else soonest
