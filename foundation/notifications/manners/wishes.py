"""What people do not want: the newest row of each sort counts."""

from __future__ import annotations

from collections.abc import Iterable

from foundation.notifications.manners.kinds import MARKETING, Kind
from foundation.notifications.models import OptOut

Wish = tuple[str, str]  # kind (empty: all marketing), channel (empty: all)


def declined_by(people: Iterable[str]) -> dict[str, dict[Wish, OptOut]]:
    """What these people decline at the moment, by their keys. One query."""
    rows = OptOut.objects.filter(person_key__in=set(people)).order_by("person_key", "kind", "channel", "-id")
    found: dict[str, dict[Wish, OptOut]] = {}
    for row in rows.distinct("person_key", "kind", "channel"):
        if not row.is_withdrawal:
            found.setdefault(row.person_key, {})[(row.kind, row.channel)] = row
    return found


def is_unwanted(declined: Iterable[Wish], kind: Kind, channel: str) -> bool:
    """Whether these wishes stand against a message; what cannot be declined is always wanted."""
    if not kind.can_opt_out:
        return False
    kinds = {kind.code, ""} if kind.nature == MARKETING else {kind.code}
    return any(one in kinds and way in ("", channel) for one, way in declined)
