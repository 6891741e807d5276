"""Clocks follow the journal: started, paused, resumed, chosen anew and stopped by events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
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
from foundation.sla import engine, escalation, pauses, store
from foundation.sla.aim import Anchor, first_target
from foundation.sla.ends import is_withdrawal
from foundation.sla.models import Clock, Target
from foundation.sla.rows import (
    calendar_of,
    entry,
    load_versions,
    put_back,
    remember,
    timers_of,
    to_engine,
    version_of,
)
from foundation.sla.services.changes import facts_of_tier, fairly, hand_over
from foundation.sla.services.holding import hold, hold_date
from foundation.sla.services.steps import contained, kept_facts, moment_of
from foundation.sla.standing import settle
from foundation.ui.shelf import Shelf, follow

# what an event may do to a clock -> what the clock does then; an event that begins it anew ends it first
MOVES = (
    ("stop", "stop"),
    ("restart", "stop"),
    ("pause", "pause"),
    ("resume", "resume"),
    ("retarget", "retarget"),
)
OWNER_VERBS = ("assigned", "reassigned")


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
        hand_over(event)
    touching = {t.pk: t for t in targets if _touches(t, event.code)}
    ended = []
    if touching:
        for row in store.lock_open(event.content_type_id, event.object_id, list(touching)):
            contained(touching[row.target_id], _move, row, touching[row.target_id], event)
            if row.stopped_at is not None:
                ended.append(row)
    if starting := _starting(targets, event):
        _start_all(starting, event, subject)
    for row in ended:
        _begin_anew(targets, row, event, subject)


def listening_to(code: str) -> list[Target]:
    """Targets whose clocks an event with this code touches, the first choice first. They are shared: read a row to change it."""
    return _listening.get().get(code, [])


def _read_targets() -> dict[str, list[Target]]:
    found: dict[str, list[Target]] = {}
    for target in Target.objects.select_related("calendar__current").order_by("position", "pk"):
        for code in target.heard_events():
            found.setdefault(code, []).append(target)
    return found


_listening: Shelf[dict[str, list[Target]]] = Shelf(_read_targets)
follow(Target, Calendar, CalendarVersion)


def _touches(target: Target, code: str) -> bool:
    heard = (target.events_for(target.revision), *target.former_events)
    return any(code in one.get(name, ()) for one in heard for name in Target.EVENT_FIELDS if name != "start_events")


def _starting(targets: Sequence[Target], event: Event) -> list[Target]:
    """For each metric that this event starts, the first active target whose conditions fit."""
    chosen: dict[str, Target] = {}
    for target in targets:
        if target.is_active and event.code in target.start_events and target.fits(event.facts):
            chosen.setdefault(target.metric, target)
    return list(chosen.values())


def _begin_anew(targets: Sequence[Target], row: Clock, event: Event, subject: Any) -> None:
    """The next clock begins in the second in which an event that says so has ended this one."""
    if event.code not in row.target.events_for(row.target_revision)["restart_events"]:
        return
    following = (t for t in targets if t.is_active and t.metric == row.metric and event.code in t.restart_events)
    target = next((t for t in following if t.fits(event.facts)), None)
    if target is not None:
        contained(target, _start, target, event, subject, row.stopped_at)


def _start_all(targets: Sequence[Target], event: Event, subject: Any) -> None:
    """One statement for all clocks; should one of them fail, each is started by itself, so that only its target is blamed."""
    try:
        new = [one for target in targets if (one := _new(target, event, subject)) is not None]
        if new:
            store.insert(new, event_id=event.pk, code=event.code)
    except Exception:
        for target in targets:
            contained(target, _start, target, event, subject)


def _start(target: Target, event: Event, subject: Any, at: datetime | None = None) -> None:
    new = _new(target, event, subject, at)
    if new is not None:
        store.insert([new], event_id=event.pk, code=event.code)


def _new(
    target: Target, event: Event, subject: Any, at: datetime | None = None
) -> tuple[Clock, dict[str, int | None]] | None:
    """A clock of this target, unsaved, and when its timers are due; None while the date that it hangs on is not known."""
    version = version_now(target, event.facts, event.customer_id)
    anchor = Anchor.found(target, event.facts)
    started = to_second(at or _started(event))
    seconds = first_target(target, version, anchor, started)
    if seconds is None:
        return None
    calendar = calendar_of(version.pk if version else None)
    clock = engine.Clock.start(calendar, seconds, target.warning_percent, started)
    kept = anchor.stored() if anchor else {}
    facts = {**kept_facts(event.facts), **escalation.facts_of(target), **kept}
    row = Clock(
        content_type_id=event.content_type_id,
        object_id=event.object_id,
        metric=target.metric,
        target=target,
        target_revision=target.revision,
        calendar_version=version,
        started_at=to_datetime(clock.started_at),
        number=str(event.facts.get("number") or "")[:60],
        customer_id=event.customer_id,
        owner_id=event.facts.get("owner_id"),
        facts=facts,
        path=_path(subject),
    )
    put_back(clock, row)
    return row, timers_of(clock, escalation.minutes_of(row))


def _move(row: Clock, target: Target, event: Event) -> None:
    """Let one locked clock follow the event, after it has caught up with its calendar."""
    before = _stamp(row)
    row.target = target
    clock, entries = to_engine(row), []
    try:
        entries = fairly(clock, row, lambda: catch_up(clock, row))
    except CalendarError:
        # The version that the clock runs on still counts; a calendar must not keep a stop from being seen.
        clock = to_engine(row)
    moment = max(to_second(moment_of(event, row)), clock.consumed_until)
    rules = target.events_for(row.target_revision)
    for kind, move in MOVES:
        if event.code not in rules[f"{kind}_events"] or clock.state == engine.STOPPED:
            continue
        if kind == "retarget":
            facts = {**row.facts, **event.facts}
            entries += fairly(clock, row, partial(_retarget, clock, row, facts, moment))
            continue
        if kind == "stop" and is_withdrawal(event.code):
            move = "reset"
        if getattr(clock, move)(moment):
            row.paused_by = pauses.mark(event) if move == "pause" else ""
            entries.append(entry(move, moment, clock, row))
    row.facts = {**row.facts, **kept_facts(event.facts)}
    row.owner_id = event.facts.get("owner_id", row.owner_id)
    put_back(clock, row)
    if entries or _stamp(row) != before:
        timers = timers_of(clock, escalation.minutes_of(row))
        store.save(row, timers, entries, event_id=event.pk, code=event.code, moved_at=to_datetime(moment))
        if row.target_id != target.pk:
            store.replace_timers(row, timers)
    if clock.state == engine.STOPPED:
        settle(row)


def follow_customer(event: Event, subject: Any) -> None:
    """A customer's new tier reaches the open clocks of all their records: each looks its target up again."""
    if event.object_id != event.customer_id or "tier" not in event.facts.get("changed", ()):
        return
    rows = store.lock_of_customer(event.object_id, event.facts["tier"])
    targets = Target.objects.select_related("calendar__current").in_bulk({row.target_id for row in rows})
    load_versions(row.calendar_version_id for row in rows)
    for row in rows:
        contained(targets[row.target_id], _follow_tier, row, targets[row.target_id], event)


def _follow_tier(row: Clock, target: Target, event: Event) -> None:
    row.target = target
    clock = to_engine(row)
    moment = max(to_second(moment_of(event, row)), clock.consumed_until)
    row.facts = facts_of_tier(row, event)
    entries = fairly(clock, row, lambda: _retarget(clock, row, row.facts, moment))
    put_back(clock, row)
    timers = timers_of(clock, escalation.minutes_of(row))
    store.save(row, timers, entries, event_id=event.pk, code=event.code)
    if row.target_id != target.pk:
        store.replace_timers(row, timers)


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
    return [entry("calendar", moment, clock, row), *hold_date(clock, row, {}, moment)]


def _current(calendar_id: int) -> int | None:
    return Calendar.objects.values_list("current_id", flat=True).get(pk=calendar_id)


def _retarget(clock: engine.Clock, row: Clock, facts: dict[str, Any], moment: int) -> list[tuple[Any, ...]]:
    """Look the target up again (a new priority): another one that fits better holds from now on.

    A due time that a person set stays, and with it the target that it was set under.
    """
    if clock.is_fixed:
        return []
    candidates = Target.objects.filter(metric=row.metric, is_active=True).select_related("calendar__current")
    chosen = next((t for t in candidates.order_by("position", "pk") if t.fits(facts)), None)
    if chosen is None or chosen.pk == row.target_id:
        return hold_date(clock, row, facts, moment)
    found = Anchor.found(chosen, facts)
    version = version_now(chosen, facts, row.customer_id)
    row.facts = {**row.facts, **(found.stored() if found else {})}
    return hold(clock, row, chosen, version, moment)


def version_now(target: Target, facts: dict[str, Any], customer_id: int | None) -> CalendarVersion | None:
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
        contained(row.target, _follow_calendar, row)
    return len(rows)


def _follow_calendar(row: Clock) -> None:
    clock = to_engine(row)
    entries = fairly(clock, row, lambda: catch_up(clock, row))
    put_back(clock, row)
    if entries:
        timers = timers_of(clock, escalation.minutes_of(row))
        store.save(row, timers, entries, event_id=None, code="calendar.revised")


def _started(event: Event) -> datetime:
    return min(event.occurred_at, event.recorded_at)


def _stamp(row: Clock) -> tuple[Any, ...]:
    return (row.state, row.owner_id, row.due_at, row.breached_at, row.target_s, row.facts)


def _path(subject: Any) -> str:
    try:
        return str(subject.get_absolute_url())[:200]
    except (AttributeError, NotImplementedError, LookupError, NoReverseMatch):
        return ""
