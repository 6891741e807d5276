"""What is refused before a target is saved: each reason stands beside the field that it is about."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.calendars.engine import CalendarError
from foundation.calendars.zones import to_second
from foundation.sla import escalation

if TYPE_CHECKING:
    from foundation.sla.models import Target

# No clock hears these: its own kind's and what people note down.
UNHEARD = ("sla", "note", "target")
LONGEST = 5 * 366 * 86_400
DAY = 86_400
# Two roles that one event cannot play for the same clock, and what to say about it.
CONFLICTS = (
    ("start_events", "stop_events", gettext_lazy("%(code)s both starts and stops the clock.")),
    ("start_events", "restart_events", gettext_lazy("%(code)s both starts the clock and begins it anew.")),
    ("stop_events", "restart_events", gettext_lazy("%(code)s both stops the clock and begins it anew.")),
    ("pause_events", "resume_events", gettext_lazy("%(code)s both pauses and resumes the clock.")),
    ("start_events", "pause_events", gettext_lazy("%(code)s both starts and pauses the clock.")),
    ("stop_events", "pause_events", gettext_lazy("%(code)s both stops and pauses the clock.")),
    ("restart_events", "pause_events", gettext_lazy("%(code)s both pauses the clock and begins it anew.")),
)


def check_target(target: Target) -> None:
    """Raise ValidationError, by field, for a target that could never start or end, or whose clock would chase itself."""
    errors: dict[str, list[Any]] = defaultdict(list)
    _check_events(target, errors)
    _check_loops(target, errors)
    _check_numbers(target, errors)
    _check_anchor(target, errors)
    if not errors:
        _check_calendar(target, errors)
    if errors:
        raise ValidationError(dict(errors))


def _check_events(target: Target, errors: dict[str, list[Any]]) -> None:
    if not target.start_events:
        errors["start_events"].append(_("Name an event that starts the clock."))
    if not target.stop_events and not target.restart_events:
        errors["stop_events"].append(_("Name an event that stops the clock."))
    if target.resume_events and not target.pause_events:
        errors["resume_events"].append(_("Nothing pauses this clock, so nothing can resume it."))
    if target.pause_events and not target.resume_events:
        errors["resume_events"].append(_("Name an event that ends the pause."))


def _check_loops(target: Target, errors: dict[str, list[Any]]) -> None:
    for name in target.EVENT_FIELDS:
        for code in getattr(target, name):
            if code.partition(".")[0] in UNHEARD:
                errors[name].append(_("%(code)s comes from the clocks themselves.") % {"code": code})
    for first, second, sentence in CONFLICTS:
        for code in sorted(set(getattr(target, first)) & set(getattr(target, second))):
            errors[second].append(str(sentence) % {"code": code})


def _check_numbers(target: Target, errors: dict[str, list[Any]]) -> None:
    if target.amount == 0 and not target.anchor_fact:
        errors["amount"].append(_("Nobody can keep a promise in no time at all."))
    if target.amount is not None and target.unit in target.Unit.values and target.seconds(DAY) > LONGEST:
        errors["amount"].append(_("That is more than five years."))
    if target.unit == target.Unit.WORKING_DAYS and target.calendar is None:
        errors["calendar"].append(_("Working days need a calendar."))
    if any(not 0 < level < 100 for level in target.warning_percent):
        errors["warning_percent"].append(_("A warning level lies between 1 and 99 percent."))
    if len(set(target.warning_percent)) != len(target.warning_percent):
        errors["warning_percent"].append(_("The same level stands there twice."))
    if problems := escalation.problems(target.escalation, target.escalate_after):
        errors[NON_FIELD_ERRORS] += problems  # the steps have a form of their own, with its own fields


def _check_anchor(target: Target, errors: dict[str, list[Any]]) -> None:
    if not target.anchor_fact:
        return
    if not target.anchor_fact.isidentifier():
        errors["anchor_fact"].append(_("The name of a fact, such as promised_on."))
    if target.pause_events:
        errors["pause_events"].append(_("A promise that falls on a date cannot pause: the date does not wait."))


def _check_calendar(target: Target, errors: dict[str, list[Any]]) -> None:
    """Whether the time allowed can be reached at all."""
    if target.calendar is None:
        return
    version = target.calendar.current
    if version is None:
        errors["calendar"].append(_("This calendar has no working hours yet."))
        return
    try:
        calendar = version.business()
        now = to_second(timezone.now())
        calendar.check_working_time(now)
        calendar.reach(now, target.seconds(version.day_seconds))
    except CalendarError as error:
        errors["calendar"].append(_(error.message) % error.params)
