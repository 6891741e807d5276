"""The last look before messages leave: dead addresses, what people decline, decent hours, how often.

A batch costs one query, and one more where it holds something that can be declined; only marketing costs more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from foundation.notifications.manners import reasons
from foundation.notifications.manners.frequency import take_turn
from foundation.notifications.manners.kinds import MARKETING, kind_of
from foundation.notifications.manners.quiet import wait_of
from foundation.notifications.manners.wishes import Wish, declined_by, is_unwanted
from foundation.notifications.models import DeadAddress, Message


@dataclass
class Verdict:
    """What becomes of a message that does not leave now: its state, the columns that say why."""

    row: Message
    state: str
    columns: dict[str, Any] = field(default_factory=dict)

    @property
    def is_dead(self) -> bool:
        """Whether another address or channel may still reach the person."""
        return self.columns.get("last_error") == reasons.DEAD_ADDRESS


def look(rows: Sequence[Message]) -> tuple[list[Message], list[Verdict]]:
    """The claimed messages that may leave, and what becomes of the others. Urgent or not, a dead address stays dead."""
    dead = _dead(rows)
    declinable = [row.recipient_key for row in rows if kind_of(row.kind).can_opt_out]
    declined = declined_by(declinable) if declinable else {}
    leaving, staying = [], []
    for row in rows:
        verdict = _verdict(row, dead, declined.get(row.recipient_key, {}))
        if verdict is None:
            leaving.append(row)
        else:
            staying.append(verdict)
    if awake := [row.pk for row in leaving if row.waits_for]:
        Message.objects.filter(pk__in=awake).update(waits_for="")
    return leaving, staying


def _dead(rows: Sequence[Message]) -> set[tuple[str, str]]:
    addresses = {row.to_address.strip().lower() for row in rows} | {row.to_address.strip() for row in rows}
    found = DeadAddress.objects.dead().filter(address__in=addresses)
    return set(found.values_list("channel", "address"))


def _verdict(row: Message, dead: set[tuple[str, str]], declined: dict[Wish, Any]) -> Verdict | None:
    kind = kind_of(row.kind)
    address = row.to_address.strip()
    if (row.channel, address.lower() if row.channel == "email" else address) in dead:
        return Verdict(row, Message.State.FAILED, {"last_error": reasons.DEAD_ADDRESS})
    if is_unwanted(declined, kind, row.channel):
        return Verdict(row, Message.State.SUPPRESSED, {"last_error": reasons.UNWANTED})
    moment, waits_for = wait_of(row, timezone.now())
    if waits_for:
        # To be looked at is no attempt.
        columns = {"next_attempt_at": moment, "waits_for": waits_for, "attempts": max(row.attempts - 1, 0)}
        return Verdict(row, Message.State.QUEUED, columns)
    if kind.nature == MARKETING and (why := take_turn(row)):
        return Verdict(row, Message.State.SUPPRESSED, {"last_error": why})
    return None
