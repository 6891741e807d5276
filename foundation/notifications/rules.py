"""Which rules an event meets: kept in the process, read again when somebody has changed one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from foundation.journal.services import record
from foundation.notifications import events
from foundation.notifications.models import Rule, Template
from foundation.ui import shelf

# How long a change may go unnoticed when the cache server is away or a row was changed by hand.
SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Words:
    """One template row as it was read."""

    subject: str
    body: str
    sms: str
    version: int

    def for_channel(self, channel: str) -> bool:
        """Whether there is something to say by this channel."""
        return bool(self.sms if channel == "sms" else self.subject if channel in ("inbox", "wecom") else self.body)


@dataclass(frozen=True, slots=True)
class Plan:
    """A rule with its words, ready to be applied."""

    key: str
    audience: str
    template_key: str
    channels: Any
    every_channel: bool
    condition: Any
    delay: timedelta
    lasts: timedelta | None
    attach: str
    words: Mapping[str, Words]
    kind: str = ""
    is_urgent: bool = False

    def applies(self, facts: Mapping[str, Any]) -> bool:
        """Whether the event's facts meet the condition; an empty one is always met. Raises TypeError for a malformed one."""
        if not isinstance(self.condition, dict):
            raise TypeError("The condition is not a set of facts")
        for (
            name,
            wanted,
        ) in self.condition.items():  # once for each rule of an event: a generator would double its price
            fact = facts.get(name)
            if fact not in wanted if isinstance(wanted, list) else fact != wanted:
                return False
        return True


class _Shelf:
    """What this process knows: plans by event code, the stamp they carry, when they were read."""

    def __init__(self) -> None:
        self.plans: dict[str, list[Plan]] | None = None
        self.stamp: str | None = None
        self.read_at = 0.0


_shelf = _Shelf()


def drop() -> None:
    """Forget what this process has read."""
    _shelf.plans = None


def forget() -> None:
    """Read the rules again: in this process now, in all others once the change is committed."""
    drop()

    def tell() -> None:
        drop()
        shelf.tell()

    transaction.on_commit(tell)


def plans_for(code: str) -> list[Plan]:
    """The active rules for an event code; no query while nothing has changed."""
    stamp = shelf.stamp()  # None while the cache server is away, which must not stop the business
    plans = _shelf.plans
    if plans is None or stamp != _shelf.stamp or time.monotonic() - _shelf.read_at > SECONDS and stamp is None:
        plans = _read()
        _shelf.plans, _shelf.stamp, _shelf.read_at = plans, stamp, time.monotonic()
    return plans.get(code, [])


def still_wanted(event: Any, key: str) -> bool:
    """Whether the rule of that key is still switched on and its condition still met by the event's facts.

    A condition that has been broken meanwhile counts as met: its administrator is told when the next event comes.
    """
    plan = next((one for one in plans_for(event.code) if one.key == key), None)
    try:
        return plan is not None and plan.applies(event.facts)
    except TypeError:
        return True


def _read() -> dict[str, list[Plan]]:
    words: dict[str, dict[str, Words]] = {}
    for row in Template.objects.all():
        words.setdefault(row.key, {})[row.language] = Words(row.subject, row.body, row.sms, row.version)
    plans: dict[str, list[Plan]] = {}
    for rule in Rule.objects.filter(is_active=True).select_related("kind").order_by("key"):
        plans.setdefault(rule.event, []).append(
            Plan(
                rule.key,
                rule.audience,
                rule.template_key,
                rule.channels,
                rule.every_channel,
                rule.condition,
                rule.delay,
                rule.lasts,
                rule.attach,
                words.get(rule.template_key, {}),
                rule.kind.code if rule.kind else "",
                rule.is_urgent,
            )
        )
    return plans


@transaction.atomic
def save_rule(rule: Rule, *, actor: Any) -> Rule:
    """Keep a rule as it stands, and remember who changed it. Raises ValidationError for one that could never work."""
    rule.full_clean()
    rule.save()
    record(events.RULE_CHANGED, rule, actor=actor)
    return rule
