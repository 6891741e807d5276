"""Who signs in, and what they may do: as allauth and Django say, with all rights read in one query, if at all."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission
from django.db.models import Q

from foundation.accounts.rights import remembered


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Every page asks for rights, so those of the person and those of their roles come together."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """`app.codename` of everything the person may do, kept for the request."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if user_obj.is_superuser:
            everything: set[str] = super().get_all_permissions(user_obj, obj)
            return everything
        if not hasattr(user_obj, "_perm_cache"):
            user_obj._perm_cache = remembered(user_obj.pk, lambda: _read(user_obj))
        cached: set[str] = user_obj._perm_cache
        return cached


def _read(user: Any) -> set[str]:
    own = user.user_permissions.through.objects.filter(user=user).values("permission")
    roles = user.groups.through.objects.filter(user=user).values("group")
    of_roles = Permission.group_set.through.objects.filter(group__in=roles).values("permission")
    held = Permission.objects.filter(Q(pk__in=own) | Q(pk__in=of_roles))
    pairs = held.order_by().values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in pairs}
