"""Whose calendar somebody may open, and whom an address means."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from foundation.accounts.models import Team, User
from foundation.accounts.selectors import below, is_administrator
from foundation.ui.once import once

ALL = "all"
MOST_PEOPLE = 200  # of one page
EVERYBODY = "accounts.manage_leave"  # whoever plans everybody's absences looks at everybody's days


@dataclass(frozen=True)
class Whose:
    """Who is looked at: one person, or a team. `code` is how the address says it, empty for oneself."""

    code: str
    label: str
    people: list[User]
    is_team: bool = False


@dataclass(frozen=True)
class Choice:
    """What can be chosen: oneself, teams, colleagues."""

    teams: list[Team] = field(default_factory=list)
    people: list[User] = field(default_factory=list)

    @property
    def all_label(self) -> str:
        """What everybody of them is called."""
        return _("All whom I look after")


def people_seen_by(reader: Any) -> Any:
    """Oneself, one's own team, those whom one leads or manages, however far down, as on the board; everybody for
    administrators and those without a team who manage absences. What stands in a calendar is narrowed by each source's
    own door besides."""
    people = User.objects.filter(is_active=True).select_related("team").order_by("name", "pk")
    if _sees_everybody(reader):
        return people
    mine = below(reader)
    return people.filter(mine | Q(team=reader.team_id) if reader.team_id else mine)


def _sees_everybody(reader: Any) -> bool:
    if reader.has_perm(EVERYBODY) and not reader.team_id:
        return True
    return bool(once(f"diary:administrator:{reader.pk}", lambda: is_administrator(reader)))


def choice_of(reader: Any) -> Choice:
    """Everybody who can be looked at, with their teams. One query."""
    people = list(people_seen_by(reader))
    teams = {one.team_id: one.team for one in people if one.team is not None}
    found = [team for team in teams.values() if team is not None]
    return Choice(sorted(found, key=lambda team: str(team)), people)


def whose(reader: Any, asked: str, choice: Choice) -> Whose:
    """Whom `who=` means: empty is oneself, `7` a colleague, `team-3` or `team` a team, `all` everybody who can be chosen;
    what may not be seen is oneself."""
    own = next((one for one in choice.people if one.pk == reader.pk), reader)
    if asked == ALL and len(choice.people) > 1:
        return Whose(ALL, choice.all_label, choice.people[:MOST_PEOPLE], is_team=True)
    if asked == "team" and reader.team_id:
        asked = f"team-{reader.team_id}"
    kind, _dash, number = asked.rpartition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        return Whose("", _("My calendar"), [own])
    if kind == "team":
        members = [one for one in choice.people if one.team_id == int(number)]
        if members:
            return Whose(asked, str(members[0].team), members, is_team=True)
    elif not kind:
        person = next((one for one in choice.people if one.pk == int(number)), None)
        if person is not None and person.pk != reader.pk:
            return Whose(asked, str(person), [person])
    return Whose("", _("My calendar"), [own])
