"""Limits of channels, obeyed by all workers together.

Before a worker claims rows it asks how many. The limit's row is locked while it counts what all of them took up within the
last second and minute, and writes its own share beside it: no window of that length holds more. What it did not need it gives
back. Nobody waits inside a transaction.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from foundation.notifications.channels.base import Channel
from foundation.notifications.models import ChannelLimit, ChannelTake, Message
from foundation.ui.shelf import Shelf, follow

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
_limited = Shelf(lambda: frozenset(ChannelLimit.objects.values_list("channel", flat=True)), of=(ChannelLimit,))
follow(ChannelLimit)
# A worker waits for its turn for so long; longer waits are left to the next round.
PATIENCE = 1.0


@dataclass(frozen=True)
class Leave:
    """How many messages may be taken up now; none: after how many seconds to ask again."""

    count: int
    wait: float = 0.0
    take: int | None = None


def ask(channel: str, wanted: int) -> Leave:
    """Reserve up to `wanted` messages of a channel. Costs nothing where there is no limit."""
    if channel not in _limited.get():
        return Leave(wanted)
    if not Message.objects.due().filter(channel=channel).exists():
        return Leave(wanted)
    with transaction.atomic():
        limit = ChannelLimit.objects.select_for_update().filter(channel=channel).first()
        if limit is None:
            return Leave(wanted)
        now = _clock()
        ChannelTake.objects.filter(channel=channel, taken_at__lte=now - MINUTE).delete()
        taken = list(ChannelTake.objects.filter(channel=channel).order_by("taken_at").values_list("taken_at", "count"))
        room, wait = wanted, 0.0
        for window, most in ((SECOND, limit.per_second), (MINUTE, limit.per_minute)):
            if most is not None:
                free, seconds = _room(taken, now, window, most)
                room, wait = min(room, free), max(wait, seconds)
        if room <= 0:
            return Leave(0, wait)
        return Leave(room, take=ChannelTake.objects.create(channel=channel, count=room, taken_at=now).pk)


def give_back(leave: Leave, unused: int) -> None:
    """Let others have what was reserved and not needed."""
    if leave.take is None or unused <= 0:
        return
    mine = ChannelTake.objects.filter(pk=leave.take)
    if unused >= leave.count:
        mine.delete()
    else:
        mine.update(count=F("count") - unused)


def in_turns(channels: Iterable[Channel], deadline: float, drain: Callable[[Channel], tuple[int, float | None]]) -> int:
    """Let every channel send, and those again whose limit lets them within a moment; returns how many were handed over.

    `drain` answers how many it sent, and after how many seconds it may go on, or None when it has nothing left.
    """
    sent, left = 0, list(channels)
    while left:
        waits: list[tuple[float, Channel]] = []
        for channel in left:
            done, wait = drain(channel)
            sent += done
            if wait is not None and wait <= PATIENCE and time.monotonic() + wait < deadline:
                waits.append((wait, channel))
        left = [channel for _wait, channel in waits]
        if left:
            time.sleep(min(wait for wait, _channel in waits))
    return sent


def _room(taken: list[tuple[datetime, int]], now: datetime, window: timedelta, most: int) -> tuple[int, float]:
    """How many more fit into the window that ends now; and if none, the seconds until one does."""
    inside = [(at, count) for at, count in taken if at > now - window]
    used = sum(count for _at, count in inside)
    if used < most:
        return most - used, 0.0
    for at, count in inside:
        used -= count
        if used < most:
            return 0, max((at + window - now).total_seconds(), 0.001)
    return 0, window.total_seconds()


def _clock() -> datetime:
    """The database's time, which all workers share; asked after the lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found
