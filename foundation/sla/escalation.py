"""Whom each step of an escalation tells, by which channels, after how much more working time.

A target keeps its steps as `[{"after": minutes, "audiences": [...], "channels": [...]}]`; `escalate_after` holds the
minutes alone. A clock takes the steps along in its facts when it starts, and so do the events that it records: the
message about an escalation goes where the promise of that clock said, whatever is changed in the target later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from foundation.accounts.audiences import audience_choices, channel_choices, get_audience

if TYPE_CHECKING:
    from foundation.sla.models import Clock, Target

FACT = "escalation"
# A step of which nobody has said more than when.
AUDIENCES = ("owner", "owner_manager")
CHANNELS = ("inbox", "email")
MOST_STEPS = 5


@dataclass(frozen=True)
class Step:
    """One step: so many minutes of working time after the breach, these people, by these channels."""

    after: int
    audiences: tuple[str, ...]
    channels: tuple[str, ...]

    def stored(self) -> dict[str, Any]:
        """As the target and the facts keep it."""
        return {"after": self.after, "audiences": list(self.audiences), "channels": list(self.channels)}


def steps_of(target: Target) -> list[Step]:
    """The steps of a target, in order."""
    said = {one["after"]: one for one in target.escalation}
    return [
        Step(
            minutes,
            tuple(said.get(minutes, {}).get("audiences") or AUDIENCES),
            tuple(said.get(minutes, {}).get("channels") or CHANNELS),
        )
        for minutes in target.escalate_after
    ]


def set_steps(target: Target, steps: Sequence[Step]) -> None:
    """Give a target its steps, unsaved: both fields in step, the earliest first."""
    ordered = sorted(steps, key=lambda step: step.after)
    target.escalation = [step.stored() for step in ordered]
    target.escalate_after = [step.after for step in ordered]


def facts_of(target: Target) -> dict[str, Any]:
    """What a clock takes along."""
    steps = steps_of(target)
    return {FACT: [step.stored() for step in steps]} if steps else {}


def minutes_of(row: Clock) -> list[int]:
    """When the steps of this very clock come, in minutes of working time after its breach."""
    own = row.facts.get(FACT)
    return [one["after"] for one in own] if own is not None else list(row.target.escalate_after)


def problems(stored: Any, minutes: Sequence[int]) -> list[str]:
    """What is wrong with stored steps, in sentences; empty when all is well."""
    if not isinstance(stored, list) or not all(isinstance(one, dict) for one in stored):
        return [_("The steps are not a list.")]
    known = {code for code, _label in channel_choices()}
    found = []
    if list(minutes) != sorted(set(minutes)):
        found.append(_("Each step must come later than the one before."))
    if {one.get("after") for one in stored} - set(minutes):
        found.append(_("A step tells somebody at a time at which no step comes."))
    for one in stored:
        if not one.get("audiences") or not all(_can_be_told(code) for code in one["audiences"]):
            found.append(_("Choose whom the step tells."))
        if not one.get("channels") or set(one["channels"]) - known:
            found.append(_("Choose how the step tells them."))
    return found


def audience_labels() -> dict[str, Any]:
    """Those whom a step may tell: colleagues whom the record itself knows. A customer does not hear of our escalations."""
    return {code: label for code, label in audience_choices() if _can_be_told(code)}


def _can_be_told(code: str) -> bool:
    audience = get_audience(code)
    return audience is not None and audience.kind == "staff" and not audience.is_named_by_event
