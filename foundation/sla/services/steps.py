"""What every change of a clock shares: when it counts, and that it stops nobody."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from foundation.journal.models import Event
from foundation.sla import store
from foundation.sla.models import Clock, Target

log = logging.getLogger(__name__)
Line = tuple[Any, ...]

# Facts that a clock keeps, so that its own events can be routed and worded without the record.
KEPT_FACTS = (
    "number",
    "language",
    "time_zone",
    "tier",
    "priority",
    "kind",
    "channel",
    "country",
    "owner_id",
    "team_id",
)


def contained(target: Target, step: Callable[..., None], *args: Any) -> None:
    """Take one step for one clock; what goes wrong is noted at the target and stops nobody."""
    try:
        step(*args)
    except Exception as error:
        log.exception("Target %s could not follow an event", target.code)
        Target.objects.filter(pk=target.pk).exclude(problem=str(error)[:300]).update(
            problem=str(error)[:300], problem_at=store.database_now()
        )


def kept_facts(facts: dict[str, Any]) -> dict[str, Any]:
    """The part of an event's facts that a clock keeps."""
    return {key: facts[key] for key in KEPT_FACTS if key in facts}


def moment_of(event: Event, row: Clock) -> datetime:
    """When the event counts: the database's time under the lock, or the earlier time that a person entered."""
    locked_at: datetime = row.locked_at  # type: ignore[attr-defined]
    return event.occurred_at if event.occurred_at < event.recorded_at else locked_at
