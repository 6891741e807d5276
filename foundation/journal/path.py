"""The stations of a record's main route, ticked by what the journal says about it.

A machine may allow a station to be left out (goods are dispatched without having been picked first). Where a record
stands therefore does not tell which way it came; the events of its transitions do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext as _

from foundation.journal.machine import state_labels
from foundation.journal.models import Event
from foundation.ui.prepared import prepared

_MOVES = "_known_moves"


@dataclass(frozen=True)
class Step:
    """One station on a record's path.

    `when` is `done`, `current`, `future`, `skipped` for one that was passed without being taken, or `left` for a record
    that went off the path.
    """

    value: str
    label: str
    when: str
    note: str = ""


def why_skipped(*, is_known: bool) -> str:
    """The word at a station that was not taken; of a record whose moves nobody wrote down (imported), only that."""
    return _("skipped") if is_known else _("not recorded")


def state_path(obj: models.Model, state: str = "status") -> list[Step]:
    """The stations of the record's main route (class attribute `PATH`); in a state of `ASIDE` it waits beside it, and will go on.

    A station before the present one is done only if the journal says that the record was there. Off the route: the
    stations that it reached, and the side state. At most one query, none once its timeline has read all of its events.
    """
    labels = state_labels(obj, state)
    route = [str(value) for value in getattr(obj, "PATH", list(labels))]
    now = str(getattr(obj, state))
    if now in route[:2]:  # every record begins at the first station
        here, taken, is_known = route.index(now), {route[0]}, True
    else:
        moves = _taken(obj)
        taken, is_known = moves | {route[0]}, bool(moves)
        here = route.index(now) if now in route else 1 + max(i for i, value in enumerate(route) if value in taken)
    passed = [_passed(value, labels[value], taken, is_known) for value in route[:here]]
    is_aside = now in getattr(obj, "ASIDE", ())
    if now not in route and not is_aside:
        return [*passed, Step(now, labels.get(now, now), "left")]
    ahead = [Step(value, labels[value], "future") for value in route[here if is_aside else here + 1 :]]
    return [*passed, Step(now, labels[now], "current"), *ahead]


def _passed(value: str, label: str, taken: Collection[str], is_known: bool) -> Step:
    if value in taken:
        return Step(value, label, "done")
    return Step(value, label, "skipped", why_skipped(is_known=is_known))


def remember_moves(obj: models.Model, events: Iterable[Event]) -> None:
    """These are all events of the record: its path need not ask for them again."""
    obj.__dict__[_MOVES] = _ends(event.facts for event in events if "to" in event.facts)


@prepared
def _moves(type_id: int, pk: int) -> models.QuerySet[Event]:
    return Event.objects.filter(content_type=type_id, object_id=pk, facts__has_key="to").only("facts").order_by()


def _taken(obj: models.Model) -> set[str]:
    """Every state that the record left or reached by a transition."""
    known: set[str] | None = obj.__dict__.get(_MOVES)
    if known is not None:
        return known
    type_id = ContentType.objects.get_for_model(obj, for_concrete_model=False).pk
    return _ends(event.facts for event in _moves(type_id, obj.pk))


def _ends(moves: Iterable[dict[str, Any]]) -> set[str]:
    return {str(facts.get(end)) for facts in moves for end in ("from", "to")}
