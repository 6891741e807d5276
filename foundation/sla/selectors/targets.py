"""Reading targets: the managers' page, and who changed what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from foundation.accounts.models import User
from foundation.journal.models import Event
from foundation.sla import events, wording
from foundation.sla.models import Clock, Target
from foundation.sla.values import value_label
from foundation.ui import formats

MOST_CHANGES = 20


@dataclass(frozen=True)
class Promise:
    """A target as managers read it."""

    target: Target
    sentence: str
    conditions: list[str]
    running: int
    paused: int
    late: int


@dataclass(frozen=True)
class Group:
    """The promises for one metric; of them, the first that fits counts."""

    metric: str
    promises: list[Promise] = field(default_factory=list)

    @property
    def label(self) -> str:
        """What people call it: the promise that counts when no narrower one fits."""
        return self.promises[-1].target.label


def targets_by_metric() -> list[Group]:
    """Every promise in words, grouped by what it measures. Two queries."""
    now = timezone.now()
    rows = (
        Clock.objects.open()
        .values("target_id")
        .annotate(
            running=Count("pk", filter=Q(state=Clock.State.RUNNING)),
            paused=Count("pk", filter=Q(state=Clock.State.PAUSED)),
            late=Count("pk", filter=Q(due_at__lt=now)),
        )
    )
    counts: dict[int, dict[str, Any]] = {row["target_id"]: dict(row) for row in rows}
    groups: dict[str, Group] = {}
    for target in Target.objects.select_related("calendar").order_by("metric", "position", "code"):
        found = counts.get(target.pk, {})
        groups.setdefault(target.metric, Group(target.metric)).promises.append(
            Promise(
                target,
                wording.sentence(target),
                wording.conditions_text(target),
                found.get("running", 0),
                found.get("paused", 0),
                found.get("late", 0),
            )
        )
    return list(groups.values())


@dataclass(frozen=True)
class Change:
    """One change of a target: when, by whom, what, and whether running clocks were held to it."""

    when: str
    who: str
    fields: list[tuple[str, str, str]]
    is_spread: bool
    is_new: bool


def changes_of(target: Target) -> list[Change]:
    """What was changed, newest first. Two queries."""
    found = (
        Event.objects.filter(code__in=(events.TARGET_ADDED, events.TARGET_CHANGED), object_id=target.pk)
        .select_related("actor")
        .order_by("-pk")[:MOST_CHANGES]
    )
    return [_change(event) for event in found]


def _change(event: Event) -> Change:
    fields = []
    for name, (before, after) in (event.facts.get("changes") or {}).items():
        label = getattr(Target._meta.get_field(name), "verbose_name", name)
        fields.append((str(label), _shown(_in_words(name, before)), _shown(_in_words(name, after))))
    return Change(
        when=formats.exact(event.recorded_at),
        who=str(event.actor) if isinstance(event.actor, User) else "",
        fields=fields,
        is_spread=bool(event.facts.get("is_spread")),
        is_new=event.code == events.TARGET_ADDED,
    )


def _in_words(name: str, value: Any) -> Any:
    return [value_label(name, one) for one in value] if name in Target.CONDITIONS and isinstance(value, list) else value


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(one) for one in value) or "–"
    if isinstance(value, dict):
        return " · ".join(_shown(one) for one in value.values())
    return "–" if value in (None, "") else str(value)
