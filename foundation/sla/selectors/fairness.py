"""What changed on the way of a promise, and who is not to be blamed for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from foundation.journal.models import Event
from foundation.sla.models import Clock, ClockQuerySet, Entry
from foundation.sla.wording import event_said
from foundation.ui import formats


@dataclass(frozen=True)
class Change:
    """One line of the ledger about a change that people may ask about."""

    when: str
    what: str
    who: str
    why: str


def blame_free(clocks: Any) -> ClockQuerySet:
    """Of these, the misses for which nobody is blamed: in time by what the owner had before, or never had."""
    found: ClockQuerySet = clocks.blame_free()
    return found


def changes_of(entries: Sequence[Entry]) -> list[Change]:
    """Every tightening, due time set by hand, and beginning afresh, oldest first, with who and why. One query."""
    told = [entry for entry in entries if entry.kind in ("tighten", "due", "reset")]
    if not told:
        return []
    events = Event.objects.select_related("actor", "private").in_bulk([e.event_id for e in told if e.event_id])
    return [_change(entry, events.get(entry.event_id or 0)) for entry in told]


def fairness_words(clock: Clock) -> list[str]:
    """For badges: when it was tightened and what was due before, and whether somebody set the time by hand."""
    words = []
    if clock.tightened_at is not None and clock.tightened_from is not None:
        at, due = formats.exact(clock.tightened_at), formats.exact(clock.tightened_from)
        words.append(_("tightened %(when)s, was due %(due)s") % {"when": at, "due": due})
    elif clock.tightened_at is not None:
        words.append(_("taken over late, %(when)s") % {"when": formats.exact(clock.tightened_at)})
    if clock.is_due_fixed:
        words.append(_("due time set by hand"))
    return words


def is_blameless(clock: Clock) -> bool:
    """The same for one clock that has stopped."""
    is_missed = clock.stopped_at is not None and clock.breached_at is not None
    return is_missed and clock.fair_s is not None and clock.consumed_s <= clock.fair_s


def _change(entry: Entry, event: Event | None) -> Change:
    due = formats.exact(entry.due_at) if entry.due_at else ""
    texts = {
        "tighten": _("Tightened, was due %(due)s") if due else _("Tightened"),
        "due": _("Due time set by hand: %(due)s"),
        "reset": _("Begun afresh"),
    }
    is_passed_on = entry.kind == "tighten" and entry.code.endswith("assigned")
    text = _("Taken over with little time left, due %(due)s") if is_passed_on else texts[entry.kind]
    who = str(event.actor) if event is not None and event.actor is not None else _("the system")
    return Change(formats.exact(entry.at), text % {"due": due}, who, _why(entry, event))


def _why(entry: Entry, event: Event | None) -> str:
    """The reason that somebody gave, or what happened."""
    reason = getattr(event, "private", None) and event.private.data.get("reason")  # type: ignore[union-attr]
    if reason:
        return str(reason)
    if entry.kind != "tighten":
        return ""
    if entry.code == "calendar.revised":
        return _("Calendar changed")
    return event_said(entry.code, event)
