"""Finding the colleague who should get a piece of work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField, OuterRef, QuerySet

from foundation.accounts.leaves import away_today
from foundation.accounts.models import User, UserLanguage
from foundation.ui.prepared import prepared
from foundation.ui.shelf import Shelf, follow


def staff_in_role(role: str) -> QuerySet[User]:
    """Active people of a role (the group's name)."""
    return User.objects.filter(is_active=True, groups__name=role).distinct()


MOST_COUNTED = 100


def owned(rows: QuerySet[Any]) -> Func:
    """For a query of people: the number of these rows that each of them owns; a hundred is more than anybody can do.

    The rows come in the order of an index that begins with their owner, and nothing else of them is asked for: so that
    no more than a hundred places of the index are looked at.
    """
    one = rows.filter(owner=OuterRef("pk")).values("owner")[:MOST_COUNTED]
    return Func(ArraySubquery(one), function="cardinality", output_field=IntegerField())


def same_language(first: str, second: str) -> bool:
    """`zh-hans` and `zh-hant` are both Chinese to somebody who speaks it; `en-gb` is English."""
    return first.split("-")[0].lower() == second.split("-")[0].lower()


@prepared
def _staff(role: str, *, load: Callable[[], QuerySet[Any]] | None) -> QuerySet[User]:
    members = User.groups.through.objects.filter(group__name=role)
    people = User.objects.filter(is_active=True, pk__in=members.values("user")).order_by("pk")
    return people.annotate(busy=owned(load())) if load else people


def _read_levels() -> dict[int, dict[str, int]]:
    """For each person, how well they speak each language, its variants taken together."""
    levels: dict[int, dict[str, int]] = {}
    for user_id, language, level in UserLanguage.objects.values_list("user_id", "language", "level"):
        base = language.split("-")[0].lower()
        known = levels.setdefault(user_id, {})
        known[base] = max(known.get(base, 0), level)
    return levels


_levels: Shelf[dict[int, dict[str, int]]] = Shelf(_read_levels)
follow(UserLanguage)


def level_in(person_id: int, language: str) -> int:
    """How well somebody works in a language, its variants taken together; 0 for not at all. No query in a warm process."""
    return _levels.get().get(person_id, {}).get(language.split("-")[0].lower(), 0)


def staff_speaking(language: str, role: str, *, load: Callable[[], QuerySet[Any]] | None = None) -> User | None:
    """The person of `role` for a customer of `language`: a sufficient level first, then the least loaded, then by id.

    `load()` gives the open pieces of work, in the order of an index that begins with their owner. When nobody speaks the
    language well enough, the best English speaker gets it, then anybody of the role; None only if nobody of the role is
    here. Who is away today, where they are, gets nothing.
    """
    away = away_today()
    people = [person for person in _staff(role, load=load) if person.pk not in away]
    if not people:
        return None
    levels = _levels.get()
    wanted = language.split("-")[0].lower()

    def rank(person: User) -> tuple[int, int, int, int]:
        known = levels.get(person.pk, {})
        speaks = known.get(wanted, 0) >= UserLanguage.Level.WORKING
        english = known.get("en", 0) >= UserLanguage.Level.WORKING
        return (0 if speaks else 1 if english else 2, getattr(person, "busy", 0), -known.get(wanted, 0), person.pk)

    return min(people, key=rank)
