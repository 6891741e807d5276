"""The roles of the house: groups whose permissions each app contributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from foundation.accounts import rights

ROLES = {
    "sales": _("Sales"),
    "order desk": _("Order desk"),
    "logistics": _("Logistics"),
    "service": _("Service"),
    "operations": _("Operations"),
    "finance": _("Finance"),
    "technical": _("Technical"),
    "manager": _("Manager"),
    "administrator": _("Administrator"),
}


def role_label(code: str) -> str:
    """A role's name in the active language; a group of the administrators' own reads as it is."""
    return str(ROLES.get(code, code))


def role_names(code: str) -> dict[str, str]:
    """A role's name in every language, as facts of an event keep it."""
    names = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            names[language] = role_label(code)
    return names


def contributed() -> dict[str, set[str]]:
    """Role → `app.codename` permissions, gathered from every app's `permissions.ROLE_PERMISSIONS`; `*` means every role."""
    wanted: dict[str, set[str]] = {role: set() for role in ROLES}
    for config in apps.get_app_configs():
        try:
            module = import_module(f"{config.name}.permissions")
        except ModuleNotFoundError as missing:
            if missing.name not in (f"{config.name}.permissions", config.name):
                raise
            continue
        given: Mapping[str, Sequence[str]] = getattr(module, "ROLE_PERMISSIONS", {})
        for role, names in given.items():
            for one in wanted if role == "*" else [role]:
                wanted[one].update(names)
    return wanted


def load_roles() -> int:
    """Make the groups and add the contributed permissions, administrators all; one that an administrator added stays.

    Raises LookupError for a permission that no model declares.
    """
    wanted = contributed()
    names = Permission.objects.values_list("content_type__app_label", "codename", "pk").order_by()
    known = {f"{app_label}.{codename}": pk for app_label, codename, pk in names}
    for role, permissions in wanted.items():
        if unknown := sorted(permissions.difference(known)):
            raise LookupError(f"Role {role!r} names permissions that do not exist: {', '.join(unknown)}")
    wanted["administrator"] = set(known)
    before = set(Group.objects.filter(name__in=wanted).values_list("name", flat=True))
    Group.objects.bulk_create([Group(name=role) for role in wanted if role not in before], ignore_conflicts=True)
    groups = dict(Group.objects.filter(name__in=wanted).values_list("name", "pk"))
    through = Group.permissions.through
    held = set(through.objects.filter(group__in=groups.values()).values_list("group_id", "permission_id"))
    pairs = [(groups[role], known[name]) for role, permissions in wanted.items() for name in sorted(permissions)]
    missing = [through(group_id=group, permission_id=one) for group, one in pairs if (group, one) not in held]
    if missing:
        through.objects.bulk_create(missing, ignore_conflicts=True)
        rights.forget()
    return len(wanted) - len(before) + len(missing)
