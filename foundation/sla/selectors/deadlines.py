"""Whose promises a person may look after, and how many of each are late, soon or due today."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F, Func, Q, QuerySet, TextField, Value

from foundation.accounts.models import Team, User
from foundation.accounts.selectors import below, is_administrator, reports_of
from foundation.sla.models import Clock, ClockQuerySet, Target
from foundation.sla.selectors.clocks import SHOWN
from foundation.ui.ahead import ask_together, wish
from foundation.ui.prepared import prepared

NOBODY = "none"
MOST_COUNTED = 1_000
MOST_PEOPLE = 200
LISTED = (*SHOWN, "owner_id", "customer_id", "soon_at", "target__stop_events", "target__restart_events")

TEAM = Func(F("facts"), Value("team_id"), function="jsonb_extract_path_text", output_field=TextField())

# Each count looks at no more rows than it may say; the index is (owner, soon_at, due_at) or (owner, due_at).
ROW = """
SELECT {who} AS who, late.n, soon.n, later.n, first.id FROM {people}
CROSS JOIN LATERAL (SELECT count(*) AS n FROM (SELECT 1 FROM sla_clock c WHERE {mine}
  AND c.due_at < %(now)s LIMIT %(most)s) counted) late
CROSS JOIN LATERAL (SELECT count(*) AS n FROM (SELECT 1 FROM sla_clock c WHERE {mine}
  AND c.soon_at <= %(now)s AND c.due_at >= %(now)s LIMIT %(most)s) counted) soon
CROSS JOIN LATERAL (SELECT count(*) AS n FROM (SELECT 1 FROM sla_clock c WHERE {mine}
  AND c.soon_at > %(now)s AND c.due_at >= %(now)s AND c.due_at < %(until)s LIMIT %(most)s) counted) later
LEFT JOIN LATERAL (SELECT c.id FROM sla_clock c WHERE {mine} AND c.due_at >= %(now)s
  ORDER BY c.due_at LIMIT 1) first ON true
"""
OPEN = "c.stopped_at IS NULL AND (%(target)s::bigint IS NULL OR c.target_id = %(target)s)"
OWNED = f"c.owner_id = p.id AND {OPEN}"
# Written as `unassigned()` asks, so that a number of the board and the list behind it cannot differ.
UNOWNED = (
    f"c.owner_id IS NULL AND {OPEN} AND (%(teams)s::text[] IS NULL OR c.facts ->> 'team_id' = ANY(%(teams)s)"
    " OR %(with_strays)s AND c.facts ->> 'team_id' IS NULL)"
)
BOARD = (
    ROW.format(who="NULL::bigint", people="(SELECT 1) AS nobody", mine=UNOWNED)
    + "UNION ALL"
    + ROW.format(who="p.id", people="unnest(%(people)s::bigint[]) AS p (id)", mine=OWNED)
)


def looks_after_others(user: Any) -> bool:
    """Whether this person sees promises of others at all."""
    return bool(user.has_perm("sla.view_clock"))


def _sees_all(user: Any) -> bool:
    """Whether an administrator asks; looked up once for each user object."""
    if "_sees_all_deadlines" not in user.__dict__:
        user.__dict__["_sees_all_deadlines"] = is_administrator(user)
    return bool(user.__dict__["_sees_all_deadlines"])


def people_under(user: Any) -> Any:
    """Whose promises this person looks after: everybody for administrators, else oneself; a manager also looks after their
    team, their reports however far down, and the teams that those lead: somebody sees each promise, also where a lead
    has no board."""
    people = User.objects.filter(is_active=True)
    if not looks_after_others(user):
        return people.filter(pk=user.pk)
    if _sees_all(user):
        return people
    mine = below(user)
    return people.filter(mine | Q(team=user.team_id) if user.team_id else mine)


def teams_under(user: Any) -> list[Team]:
    """The teams whose promises this person looks after."""
    return _teams(user=user, sees_all=_sees_all(user)) if looks_after_others(user) else []


@prepared
def _teams(*, user: Any, sees_all: bool) -> QuerySet[Team]:
    if sees_all:
        return Team.objects.all()
    led = Q(lead=user) | Q(lead__in=reports_of(user))
    return Team.objects.filter(led | Q(pk=user.team_id) | Q(members__in=reports_of(user))).distinct()


def people_shown(user: Any, team: Team | None) -> list[User]:
    """The people of the board, by name: of one team, or all whose promises this person looks after."""
    return _people(user=user, sees_all=_sees_all(user), team=team.pk if team else None)


@prepared
def _people(*, user: Any, sees_all: bool, team: int | None) -> QuerySet[User]:
    people = people_under(user)
    people = people.filter(team=team) if team else people
    return people.only("pk", "name", "email").order_by("name", "pk")[:MOST_PEOPLE]


def ask_for_board(user: Any) -> None:
    """Have the teams and the people of the whole board ready for this request."""
    if looks_after_others(user):
        sees_all = _sees_all(user)
        everybody = wish(_people, user=user, sees_all=sees_all, team=None)
        ask_together([wish(_teams, user=user, sees_all=sees_all), everybody])


def teams_asked(user: Any, asked: str, mine: list[Team] | None = None) -> tuple[list[Team] | None, bool]:
    """The teams that `?team=` names, and whether promises of no team belong to them. Raises LookupError for a foreign one.

    Without a choice an administrator asks for all (None), everybody else for the teams they look after and for strays.
    """
    mine = teams_under(user) if mine is None else mine
    if asked:
        chosen = [team for team in mine if str(team.pk) == asked]
        if not chosen:
            raise LookupError(asked)
        return chosen, False
    return (None if _sees_all(user) else mine), True


def deadlines_of(owner_id: int) -> ClockQuerySet:
    """One person's open promises, with all that a row of the list needs."""
    return listed(Clock.objects.open().filter(owner_id=owner_id))


def unassigned(teams: Iterable[Team] | None, *, with_strays: bool = True) -> ClockQuerySet:
    """Open promises of nobody, for these teams (None: for all); strays belong to no team either."""
    clocks = Clock.objects.open().filter(owner=None)
    if teams is not None:
        keys = [str(team.pk) for team in teams]
        wanted = Q(clock_team__in=keys) | Q(clock_team=None) if with_strays else Q(clock_team__in=keys)
        clocks = clocks.alias(clock_team=TEAM).filter(wanted)
    return listed(clocks)


@prepared
def all_targets() -> QuerySet[Target]:
    """Every promise, for the choice of one."""
    return Target.objects.all()


@prepared
def clocks_at(pks: list[int]) -> ClockQuerySet:
    """These promises, as in the list."""
    return listed(Clock.objects.filter(pk__in=pks))


def listed(clocks: ClockQuerySet) -> ClockQuerySet:
    """Clocks with all that a row of the list needs, in the one query."""
    return clocks.select_related("target").only(*LISTED)


@dataclass(frozen=True)
class Standing:
    """How one person's promises stand; `first` is the clock that is due next."""

    late: int
    soon: int
    later: int
    first: int | None

    def __bool__(self) -> bool:
        return bool(self.late or self.soon or self.later)


NOTHING = Standing(0, 0, 0, None)


@dataclass(frozen=True)
class Asked:
    """Which part of the board: one team or all, one promise or all."""

    teams: Sequence[Team] | None
    with_strays: bool
    people: Sequence[Any] = field(default_factory=list)
    target_id: int | None = None


def standings(asked: Asked, *, now: datetime, until: datetime) -> dict[int | None, Standing]:
    """By person (None: nobody) how many promises are overdue, soon, and due later before `until`. One query.

    Every count stops at one more than we say, so the cost grows with the people on the board, not with the clocks.
    """
    values: dict[str, Any] = {
        "now": now,
        "until": until,
        "most": MOST_COUNTED + 1,
        "target": asked.target_id,
        "teams": None if asked.teams is None else [str(team.pk) for team in asked.teams],
        "with_strays": asked.with_strays,
        "people": [one.pk for one in asked.people],
    }
    with connection.cursor() as cursor:
        cursor.execute(BOARD, values)
        return {row[0]: Standing(*row[1:]) for row in cursor.fetchall()}
