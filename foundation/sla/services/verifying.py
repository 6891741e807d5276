"""Whether every running clock still says what its ledger adds up to: the nightly look at all of them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from django.db import transaction

from foundation.sla import ledger
from foundation.sla.models import Clock, Entry, Timer
from foundation.sla.rows import BREACH
from foundation.sla.selectors.clocks import drifting

PAGE = 1000


@dataclass
class Verdict:
    """What was looked at: how many clocks, up to which key, what is wrong with which, and whether that was all."""

    looked_at: int = 0
    last: int = 0
    is_complete: bool = False
    problems: dict[int, list[str]] = field(default_factory=dict)


def verify_clocks(*, after: int = 0, until: float | None = None, page: int = PAGE) -> Verdict:
    """Hold running clocks with higher keys than `after` against their ledgers and their timers.

    Stops after a page when `until` (of the monotonic clock) has passed. A clock that moved while it was read is read
    again under its lock, so that only what really differs is named. Writes nothing.
    """
    verdict = Verdict(last=after)
    while until is None or time.monotonic() < until:
        keys = list(Clock.objects.open().filter(pk__gt=verdict.last).order_by("pk").values_list("pk", flat=True)[:page])
        if not keys:
            verdict.is_complete = True
            break
        suspects = {pk for pk, _problems in drifting(len(keys), verdict.last)[0]} | set(_mistimed(keys))
        for pk in sorted(suspects):
            if problems := _problems(pk):
                verdict.problems[pk] = problems
        verdict.looked_at += len(keys)
        verdict.last = keys[-1]
    return verdict


def _mistimed(keys: list[int]) -> list[int]:
    """Clocks whose breach would be told at another time than they are due."""
    waiting = Timer.objects.filter(clock_id__in=keys, kind=BREACH, fired_at=None, cancelled_at=None)
    pairs = waiting.values_list("clock_id", "due_at", "clock__due_at")
    return [pk for pk, told_at, due_at in pairs if told_at != due_at]


@transaction.atomic
def _problems(pk: int) -> list[str]:
    clock = Clock.objects.open().select_for_update().filter(pk=pk).first()
    if clock is None:
        return []
    entries = list(Entry.objects.filter(clock=clock))
    if not entries:
        return ["no ledger"]
    found = ledger.drift(clock, entries)
    return [*found, "timer: not at due"] if _mistimed([pk]) else found
