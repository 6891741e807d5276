"""People who look after calendars, and the calendars that they look after."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.test import Client

from foundation.accounts.models import User
from foundation.accounts.roles import load_roles
from foundation.calendars.models import Calendar
from foundation.calendars.services import create_calendar
from tests.calendars.plans import OFFICE

CHINA = {
    "tz": "Asia/Shanghai",
    "weekly": {str(day): [["09:00", "12:00"], ["13:30", "18:00"]] for day in range(1, 6)},
}


def person(role: str = "manager") -> User:
    """Somebody with a role of the house."""
    load_roles()
    user = User.objects.create_user(f"{role.replace(' ', '.')}@example.com", None, name=role.title())
    user.groups.add(Group.objects.get(name=role))
    return user


def signed_in(user: User) -> Client:
    """A browser in which this person has signed in."""
    client = Client()
    client.force_login(user)
    return client


def office(code: str = "office", plan: dict[str, Any] = OFFICE, **fields: Any) -> Calendar:
    """A calendar from Monday to Friday."""
    return create_calendar(actor=None, code=code, name=code.title(), plan=plan, **fields)
