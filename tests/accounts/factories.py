"""A small cast of people."""

from __future__ import annotations

import itertools
from typing import Any

from django.contrib.auth.models import Group, Permission

from foundation.accounts.models import Team, User, UserLanguage

_numbers = itertools.count(1)
PASSWORD = "correct horse battery staple"


def make_user(
    name: str = "",
    *,
    role: str = "",
    permissions: tuple[str, ...] = (),
    languages: dict[str, int] | None = None,
    **fields: Any,
) -> User:
    """A colleague; `role` is a group (made when missing), `permissions` are `app.codename`."""
    number = next(_numbers)
    name = name or f"Person {number}"
    email = fields.pop("email", f"{name.split()[0].lower()}{number}@example.com")
    user = User.objects.create_user(email, fields.pop("password", PASSWORD), name=name, **fields)
    if role:
        user.groups.add(Group.objects.get_or_create(name=role)[0])
    for permission in permissions:
        app_label, codename = permission.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app_label, codename=codename))
    for language, level in (languages or {}).items():
        UserLanguage.objects.create(user=user, language=language, level=level)
    return user


def make_team(name: str = "", **fields: Any) -> Team:
    """A team; without a name a numbered one."""
    return Team.objects.create(name=name or f"Team {next(_numbers)}", **fields)
