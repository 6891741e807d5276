"""The colleagues named on a record, in one look: a join for each of them would cost more than the record itself."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from foundation.accounts.models import User
from foundation.ui.prepared import prepared

SHOWN = ("name", "email", "language", "time_zone", "is_active", "team")


@prepared
def _people(keys: list[int]) -> QuerySet[User]:
    return User.objects.only(*SHOWN).filter(pk__in=keys)


def attach_people(record: Any, *names: str) -> None:
    """Fill these foreign keys of the record with what pages show of a colleague. One query, none if all are empty."""
    wanted = {getattr(record, f"{name}_id") for name in names} - {None}
    people = {person.pk: person for person in _people(sorted(wanted))} if wanted else {}
    for name in names:
        key = getattr(record, f"{name}_id")
        if key in people:
            setattr(record, name, people[key])
