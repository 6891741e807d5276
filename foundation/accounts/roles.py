"""The roles of the house: groups whose permissions each app contributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

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
    """Make the groups and add the contributed permissions; a permission that an administrator added stays.

    Raises LookupError for a permission that no model declares.
    """
    added = 0
    known = {f"{p.content_type.app_label}.{p.codename}": p for p in Permission.objects.select_related("content_type")}
    for role, names in contributed().items():
        group, is_new = Group.objects.get_or_create(name=role)
        added += is_new
        if unknown := sorted(names - set(known)):
            raise LookupError(f"Role {role!r} names permissions that do not exist: {', '.join(unknown)}")
        held = set(group.permissions.values_list("pk", flat=True))
        missing = [known[name] for name in sorted(names) if known[name].pk not in held]
        group.permissions.add(*missing)
        added += len(missing)
    administrators = Group.objects.get(name="administrator")
    rest = [p for p in known.values() if p.pk not in set(administrators.permissions.values_list("pk", flat=True))]
    administrators.permissions.add(*rest)
    return added + len(rest)
