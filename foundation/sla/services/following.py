"""Clocks follow the journal: started, paused, resumed, chosen anew and stopped by events."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import NoReverseMatch

from foundation.calendars.defaults import ALWAYS
from foundation.calendars.engine import CalendarError
from foundation.calendars.models import Calendar, CalendarVersion
from foundation.calendars.selectors import calendar_for
from foundation.calendars.zones import to_datetime, to_second
from foundation.journal.models import Event
from foundation.sla import engine, store
from foundation.sla.models import Clock, Target
from foundation.sla.rows import calendar_of, load_versions, put_back, remember, timers_of, to_engine, version_of
from foundation.ui.shelf import Shelf, follow

log = logging.getLogger(__name__)

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
OWNER_VERBS = ("assigned", "reassigned")
AROUND_THE_CLOCK = 86_400


def follows(code: str) -> bool:
    """Whether clocks follow events of this code: not what they said themselves, nor what colleagues note."""
    return code.partition(".")[0] not in ("sla", "note")


def follow_event(event: Event, subject: Any) -> None:
    """Let the clocks follow one live event. What an administrator's target does wrong is noted there and stops nobody."""
    if not follows(event.code):
        return
    verb = event.code.partition(".")[2]
    targets = listening_to(event.code)
    if verb in OWNER_VERBS and event.facts.get("owner_id"):
        _hand_over(event)
    touching = {t.pk: t for t in targets if _touches(t, event.code)}
    if touching:
        for row in store.lock_open(event.content_type_id, event.object_id, list(touching)):
            _contained(touching[row.target_id], _move, row, touching[row.target_id], event)
    if starting := _starting(targets, event):
        _start_all(starting, event, subject)


def listening_to(code: str) -> list[Target]:
    """Targets whose clocks an event with this code touches, the first choice first. They are shared: read a row to change it."""
    return _listening.get().get(code, [])


def _read_targets() -> dict[str, list[Target]]:
    found: dict[str, list[Target]] = {}
    for target in Target.objects.select_related("calendar__current").order_by("position", "pk"):
        for code in dict.fromkeys(code for name in Target.EVENT_FIELDS for code in getattr(target, name)):
            found.setdefault(code, []).append(target)
    return found


_listening: Shelf[dict[str, list[Target]]] = Shelf(_read_targets)
follow(Target, Calendar, CalendarVersion)


def _touches(target: Target, code: str) -> bool:
    return any(code in getattr(target, name) for name in Target.EVENT_FIELDS if name != "start_events")


def _starting(targets: Sequence[Target], event: Event) -> list[Target]:
    """For each metric that this event starts, the first active target whose conditions fit."""
    chosen: dict[str, Target] = {}
    for target in targets:
        if target.is_active and event.code in target.start_events and target.fits(event.facts):
            chosen.setdefault(target.metric, target)
    return list(chosen.values())


def _contained(target: Target, step: Any, *args: Any) -> None:
    try:
        step(*args)
    except Exception as error:
        log.exception("Target %s could not follow an event", target.code)
        Target.objects.filter(pk=target.pk).exclude(problem=str(error)[:300]).update(
            problem=str(error)[:300], problem_at=store.database_now()
        )


def _start_all(targets: Sequence[Target], event: Event, subject: Any) -> None:
    """One statement for all clocks; should one of them fail, each is started by itself, so that only its target is blamed."""
    try:
        store.insert([_new(target, event, subject) for target in targets], event_id=event.pk, code=event.code)
    except Exception:
        for target in targets:
            _contained(target, _start, target, event, subject)


def _start(target: Target, event: Event, subject: Any) -> None:
    store.insert([_new(target, event, subject)], event_id=event.pk, code=event.code)


def _new(target: Target, event: Event, subject: Any) -> tuple[Clock, dict[str, int | None]]:
    """A clock of this target, unsaved, and when its timers are due."""
    version = _version(target, event.facts, event.customer_id)
    seconds = target.seconds(version.day_seconds if version else AROUND_THE_CLOCK)
    calendar = calendar_of(version.pk if version else None)
    clock = engine.Clock.start(calendar, seconds, target.warning_percent, to_second(_started(event)))
    facts = kept_facts(event.facts)
    row = Clock(
        content_type_id=event.content_type_id,
        object_id=event.object_id,
        metric=target.metric,
        target=target,
        calendar_version=version,
        started_at=to_datetime(clock.started_at),
        number=str(event.facts.get("number") or "")[:60],
        customer_id=event.customer_id,
        owner_id=event.facts.get("owner_id"),
        facts=facts,
        path=_path(subject),
    )
    put_back(clock, row)
    return row, timers_of(clock, target.escalate_after)


def _move(row: Clock, target: Target, event: Event) -> None:
    """Let one locked clock follow the event, after it has caught up with its calendar."""
    before = _stamp(row)
    row.target = target
    clock, entries = to_engine(row), []
    try:
        entries = catch_up(clock, row)
    except CalendarError:
        # The version that the clock runs on still counts; a calendar must not keep a stop from being seen.
        clock = to_engine(row)
    moment = max(to_second(_moment(event, row)), clock.consumed_until)
    for kind in ("stop", "pause", "resume", "retarget"):
        if event.code not in getattr(target, f"{kind}_events") or clock.state == engine.STOPPED:
            continue
        if kind == "retarget":
            entries += _retarget(clock, row, event, moment)
        elif getattr(clock, kind)(moment):
            row.paused_by = event.code if kind == "pause" else ""
            entries.append(_entry(kind, moment, clock, row))
    row.facts = {**row.facts, **kept_facts(event.facts)}
    row.owner_id = event.facts.get("owner_id", row.owner_id)
    put_back(clock, row)
    if entries or _stamp(row) != before:
        store.save(row, timers_of(clock, row.target.escalate_after), entries, event_id=event.pk, code=event.code)


def catch_up(clock: engine.Clock, row: Clock) -> list[tuple[Any, ...]]:
    """Move a clock to the current version of its calendar, from the moment that version began. Returns ledger entries."""
    version = version_of(row.calendar_version_id)
    if version is None:
        return []
    own = row.target.calendar
    is_own = own is not None and own.pk == version.calendar_id
    current_id = own.current_id if own and is_own else _current(version.calendar_id)
    if current_id is None or current_id == version.pk:
        return []
    latest = version_of(current_id)
    assert latest is not None
    moment = max(to_second(latest.valid_from), clock.consumed_until)
    if not clock.recalendar(latest.business(), moment):
        return []
    row.calendar_version_id = latest.pk
    return [_entry("calendar", moment, clock, row)]


def _current(calendar_id: int) -> int | None:
    return Calendar.objects.values_list("current_id", flat=True).get(pk=calendar_id)


def _retarget(clock: engine.Clock, row: Clock, event: Event, moment: int) -> list[tuple[Any, ...]]:
    """Look the target up again (a new priority): another one that fits better holds from now on."""
    candidates = Target.objects.filter(metric=row.metric, is_active=True).select_related("calendar__current")
    chosen = next((t for t in candidates.order_by("position", "pk") if t.fits(event.facts)), None)
    if chosen is None or chosen.pk == row.target_id:
        return []
    version = _version(chosen, {**row.facts, **event.facts}, row.customer_id)
    entries = []
    if (version.pk if version else None) != row.calendar_version_id:
        clock.recalendar(calendar_of(version.pk if version else None), moment)
        row.calendar_version = version
        entries.append(_entry("calendar", moment, clock, row))
    clock.retarget(chosen.seconds(version.day_seconds if version else AROUND_THE_CLOCK), moment)
    row.target = chosen
    return [*entries, _entry("target", moment, clock, row)]


def _version(target: Target, facts: dict[str, Any], customer_id: int | None) -> CalendarVersion | None:
    """The version that counts now; None around the clock.

    A target that runs on a working calendar goes by the one agreed with the customer, else by that of the team, else by its own.
    """
    calendar = target.calendar
    if calendar is not None and calendar.code != ALWAYS:
        calendar = calendar_for(team_id=facts.get("team_id"), customer_id=customer_id) or calendar
    version = calendar.current if calendar else None
    if version is not None and calendar is not None:
        version.calendar = calendar  # read already: nobody needs to ask again
    remember(version)
    return version


def _hand_over(event: Event) -> None:
    """The open clocks of a record follow its owner."""
    Clock.objects.open().filter(content_type_id=event.content_type_id, object_id=event.object_id).update(
        owner_id=event.facts["owner_id"]
    )


@transaction.atomic
def follow_calendars(limit: int = 500) -> int:
    """Move running clocks to the current versions of their calendars; returns how many were moved.

    Clocks that something else holds are left for the next round.
    """
    stale = list(CalendarVersion.objects.exclude(pk=F("calendar__current_id")).values_list("pk", flat=True))
    if not stale:
        return 0
    rows = list(
        Clock.objects.open()
        .filter(calendar_version_id__in=stale)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("target__calendar")
        .order_by("pk")[:limit]
    )
    load_versions(row.calendar_version_id for row in rows)
    for row in rows:
        _contained(row.target, _follow_calendar, row)
    return len(rows)


def _follow_calendar(row: Clock) -> None:
    clock = to_engine(row)
    entries = catch_up(clock, row)
    put_back(clock, row)
    if entries:
        store.save(row, timers_of(clock, row.target.escalate_after), entries, event_id=None, code="calendar.revised")


def kept_facts(facts: dict[str, Any]) -> dict[str, Any]:
    """The part of an event's facts that a clock keeps."""
    return {key: facts[key] for key in KEPT_FACTS if key in facts}


def _started(event: Event) -> datetime:
    return min(event.occurred_at, event.recorded_at)


def _moment(event: Event, row: Clock) -> datetime:
    """When the event counts: the database's time under the lock, or the earlier time that a person entered."""
    locked_at: datetime = row.locked_at  # type: ignore[attr-defined]
    return event.occurred_at if event.occurred_at < event.recorded_at else locked_at


def _entry(kind: str, moment: int, clock: engine.Clock, row: Clock) -> tuple[Any, ...]:
    due = to_datetime(clock.due_at) if clock.due_at is not None else None
    return (kind, to_datetime(moment), row.calendar_version_id, clock.target, clock.consumed, due)


def _stamp(row: Clock) -> tuple[Any, ...]:
    return (row.state, row.owner_id, row.due_at, row.breached_at, row.target_s, row.facts)


def _path(subject: Any) -> str:
    try:
        return str(subject.get_absolute_url())[:200]
    except (AttributeError, NotImplementedError, LookupError, NoReverseMatch):
        return ""
