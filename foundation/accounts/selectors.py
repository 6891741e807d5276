"""Who sees whom, and who may manage whom."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from foundation.accounts.models import Leave, User
from foundation.accounts.roles import ROLES
from foundation.ui.prepared import prepared

ADMINISTRATOR = "administrator"
REPORTS = """
WITH RECURSIVE under (id) AS (
  SELECT id FROM accounts_user WHERE manager_id = %s
  UNION SELECT u.id FROM accounts_user u JOIN under ON u.manager_id = under.id
) SELECT id FROM under
"""


def reports_of(user: Any) -> RawSQL:
    """The keys of this person's reports, of their reports, and so on: to be asked for in a query about people."""
    return RawSQL(REPORTS, [user.pk])


def below(user: Any, prefix: str = "") -> Q:
    """Oneself, one's reports however far down, and the teams that one or any of them leads.

    `prefix` is the way from the model that is asked about to the person, such as `person__`.
    """
    reports = reports_of(user)
    found = Q(**{f"{prefix}pk": user.pk}) | Q(**{f"{prefix}pk__in": reports})
    return found | Q(**{f"{prefix}team__lead": user.pk}) | Q(**{f"{prefix}team__lead__in": reports})


def visible_people(user: Any) -> QuerySet[User]:
    """Colleagues see each other; who may not see people sees only themselves."""
    people = User.objects.select_related("team", "manager").prefetch_related("groups", "languages")
    return people if user.has_perm("accounts.view_user") else people.filter(pk=user.pk)


def absences_seen_by(reader: Any, first: date, last: date) -> QuerySet[Leave]:
    """Absences with a day in [first, last] that this person may see, with their people, by first day.

    One's own; those of whom one is the manager, however far above, or the team's lead; with `accounts.view_leave` those of one's own team,
    or everybody's where one belongs to no team or is an administrator. Only that somebody is away: the kind stays with them and those above them.
    """
    rows = Leave.objects.standing().filter(first_day__lte=last, last_day__gte=first, person__is_active=True)
    seen = below(reader, "person__")
    sees_leave = reader.has_perm("accounts.view_leave")
    if sees_leave and reader.team_id:
        seen |= Q(person__team=reader.team_id)
    if not (sees_leave and (not reader.team_id or is_administrator(reader))):
        rows = rows.filter(seen)
    return rows.select_related("person").order_by("first_day", "person__name", "pk")


def find_people(people: QuerySet[User], text: str) -> QuerySet[User]:
    """Those whose name, address or team contains the text."""
    return people.filter(Q(name__icontains=text) | Q(email__icontains=text) | Q(team__name__icontains=text))


def is_administrator(user: Any) -> bool:
    """Somebody who may do everything; only their equals may make or switch off such an account."""
    if user.is_superuser:
        return True
    known = getattr(user, "_prefetched_objects_cache", {}).get("groups")
    return any(group.name == ADMINISTRATOR for group in (_roles(user.pk) if known is None else known))


@prepared
def _roles(user_id: int) -> QuerySet[Group]:
    return Group.objects.filter(user=user_id)


def assignable_roles(actor: Any) -> list[tuple[str, Any]]:
    """The roles that this person may give, with their labels."""
    everything = is_administrator(actor)
    return [(code, label) for code, label in ROLES.items() if everything or code != ADMINISTRATOR]


def may_manage(actor: Any, user: User) -> bool:
    """Nobody manages themselves, and only administrators manage administrators."""
    return actor.pk != user.pk and (is_administrator(actor) or not is_administrator(user))


def active_administrators() -> QuerySet[User]:
    """Those who could still let others in."""
    return User.objects.filter(Q(is_superuser=True) | Q(groups__name=ADMINISTRATOR), is_active=True).distinct()
