"""The clock, second by second, straight from the definitions: slow and obviously right."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tests.calendars.plans import odd_plans, oracle

FOREVER = 40 * 3600
LEVELS = [50, 75, 90, 100]


@dataclass
class Simulated:
    due: int | None = None
    breach: int | None = None
    outcome: str = "open"
    levels: dict[int, int] = field(default_factory=dict)
    consumed: int = 0


def simulate(case: dict[str, Any], plans: dict[str, dict[str, Any]]) -> Simulated | None:
    """What the definitions say; None when due was not reached within the simulated stretch."""
    open_at = {name: oracle(plan) for name, plan in plans.items()}
    events = [(event["second"], event) for event in case["events"]]
    seen = Simulated()
    target, calendar, paused, stopped = case["target_seconds"], case["calendar"], False, None
    start = events[0][0]
    queue = events[1:]
    for t in range(start, events[-1][0] + FOREVER):
        while stopped is None and queue and queue[0][0] == t:
            event = queue.pop(0)[1]
            match event["type"]:
                case "pause":
                    paused = True
                case "resume":
                    paused = False
                case "target":
                    target = event["target_seconds"] if seen.due is None else target
                case "calendar":
                    calendar = event["calendar"]
                case "stop":
                    stopped = t
                    seen.outcome = "met" if seen.due is None or seen.due >= t else "breached"
                    seen_consumed = seen.consumed
        if seen.due is None and seen.consumed >= target:
            seen.due = t
        if stopped is None or stopped == t:
            for level in case["warning_percent"]:
                if seen.consumed * 100 >= target * level:
                    seen.levels.setdefault(level, t)
        if not paused:
            seen.consumed += open_at[calendar](t)
        if not queue and (paused or seen.due is not None):
            break
    if stopped is not None:
        seen.consumed = seen_consumed
    elif paused:
        seen.outcome = "paused"
    if seen.due is None and not paused:
        return None
    seen.breach = None if seen.outcome == "met" else seen.due
    return seen


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """A case near an odd moment of its zone, with two calendars and up to six events, ties among them."""
    plan, moment = draw(odd_plans())
    other, _ = draw(odd_plans())
    other = {**other, "tz": draw(st.sampled_from([plan["tz"], "Asia/Shanghai"]))}
    targets = st.one_of(st.just(0), st.integers(1, 300), st.integers(300, 6 * 3600))
    at = moment + draw(st.integers(-12 * 3600, 4 * 3600))
    events = [{"type": "start", "second": at}]
    steps = st.one_of(st.just(0), st.integers(1, 900), st.integers(900, 5 * 3600))
    for kind in draw(st.lists(st.sampled_from(["pause", "resume", "target", "calendar", "stop"]), max_size=6)):
        at += draw(steps)
        event: dict[str, Any] = {"type": kind, "second": at}
        if kind == "target":
            event["target_seconds"] = draw(targets)
        if kind == "calendar":
            event["calendar"] = draw(st.sampled_from(["A", "B"]))
        events.append(event)
    case = {"calendar": "A", "target_seconds": draw(targets), "warning_percent": LEVELS, "events": events}
    return case, {"A": plan, "B": other}
