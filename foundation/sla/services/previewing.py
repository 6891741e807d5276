"""What a change of a target would do to running clocks: tried with the engine itself, on paper only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from foundation.calendars.engine import CalendarError
from foundation.calendars.zones import to_second
from foundation.sla import engine
from foundation.sla.models import Clock, Target
from foundation.sla.rows import load_versions
from foundation.sla.services.targets import replayed

MOST_TRIED = 500
MOST_SHOWN = 15


@dataclass(frozen=True)
class Moved:
    """One open case under the changed target: when it is due today and when it would be."""

    clock: Clock
    was: datetime | None
    becomes: datetime | None

    @property
    def is_later(self) -> bool | None:
        """Whether the case gains time; None when nobody can say."""
        return self.becomes > self.was if self.was and self.becomes else None


@dataclass
class Preview:
    """What a change would do to running clocks, tried with the engine itself on those that are due soonest."""

    open: int
    tried: int = 0
    earlier: int = 0
    later: int = 0
    refused: int = 0
    cases: list[Moved] = field(default_factory=list)

    @property
    def moving(self) -> int:
        """How many deadlines move."""
        return self.earlier + self.later

    @property
    def is_whole(self) -> bool:
        """Whether every open case was tried."""
        return self.tried >= self.open


def preview_of(target: Target, now: datetime | None = None) -> Preview:
    """Hold the open clocks of this target to it as it is edited, on paper only. Three queries; nothing is written."""
    preview = Preview(Clock.objects.open().filter(target_id=target.pk).count())
    moment = to_second(now or timezone.now())
    clocks = list(
        Clock.objects.open()
        .filter(target_id=target.pk)
        .select_related("target__calendar__current", "owner")
        .order_by(F("due_at").asc(nulls_last=True), "pk")[:MOST_TRIED]
    )
    load_versions(clock.calendar_version_id for clock in clocks)
    for clock in clocks:
        _try(preview, clock, target, moment)
    return preview


def _try(preview: Preview, clock: Clock, target: Target, moment: int) -> None:
    was = clock.due_at
    preview.tried += 1
    try:
        replayed(clock, target, moment)
    except (CalendarError, engine.ClockError, ValueError):
        preview.refused += 1
        return
    if clock.due_at == was:
        return
    if was and clock.due_at and clock.due_at < was:
        preview.earlier += 1
    else:
        preview.later += 1
    if len(preview.cases) < MOST_SHOWN:
        preview.cases.append(Moved(clock, was, clock.due_at))
