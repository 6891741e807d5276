"""The arithmetic of the touch cadence, without the database: when a customer is to hear from us next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

MONTH = 30
# The channel of a service record, as a way to touch somebody. Letters are not answered and count for nothing.
WAY_OF_CHANNEL = {
    "phone": "phone", "video": "phone", "email": "email", "sms": "sms", "chat": "sms", "meeting": "visit",
}  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """Customers of this tier (empty: of all) hear from us every `days` days, by any of `ways`."""

    tier: str
    ways: tuple[str, ...]
    days: int
    exempt_kinds: frozenset[str] = frozenset()
    template_key: str = ""

    def fits(self, tier: str, kind: str) -> bool:
        """Whether it is for such a customer."""
        return self.tier in ("", tier) and kind not in self.exempt_kinds


class Due(NamedTuple):
    """The next touch: its day and what is offered for it."""

    on: date
    way: str


def rules_for(rules: Iterable[Rule], tier: str, kind: str) -> list[Rule]:
    """The rules for a customer; those of its own tier take the place of those of every tier for the same way."""
    found = [one for one in rules if one.fits(tier, kind)]
    own = {one.ways[0] for one in found if one.tier}
    return [one for one in found if one.tier or one.ways[0] not in own]


def next_due(rules: Iterable[Rule], since: datetime, last: Mapping[str, datetime], zone: tzinfo) -> Due | None:
    """What falls due first. `last` is the last touch by each way; whoever was never touched counts from `since`."""
    found = [Due(_due(rule, since, last, zone), rule.ways[0]) for rule in rules]
    return min(found) if found else None


def owed_by(
    rules: Iterable[Rule], way: str, since: datetime, last: Mapping[str, datetime], zone: tzinfo
) -> date | None:
    """The day by which a touch by this way was due before it happened; None where no rule asks for one."""
    return min((_due(rule, since, last, zone) for rule in rules if way in rule.ways), default=None)


def _due(rule: Rule, since: datetime, last: Mapping[str, datetime], zone: tzinfo) -> date:
    seen = max((last[way] for way in rule.ways if way in last), default=since)
    return seen.astimezone(zone).date() + timedelta(days=rule.days)
