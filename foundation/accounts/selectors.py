"""Who sees whom, and who may manage whom."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from foundation.accounts.models import User
from foundation.accounts.roles import ROLES

ADMINISTRATOR = "administrator"


def visible_people(user: Any) -> QuerySet[User]:
    """Colleagues see each other; who may not see people sees only themselves."""
    people = User.objects.select_related("team", "manager").prefetch_related("groups", "languages")
    return people if user.has_perm("accounts.view_user") else people.filter(pk=user.pk)


def find_people(people: QuerySet[User], text: str) -> QuerySet[User]:
    """Those whose name, address or team contains the text."""
    return people.filter(Q(name__icontains=text) | Q(email__icontains=text) | Q(team__name__icontains=text))


def is_administrator(user: Any) -> bool:
    """Somebody who may do everything; only their equals may make or switch off such an account."""
    return bool(user.is_superuser) or any(group.name == ADMINISTRATOR for group in user.groups.all())


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
