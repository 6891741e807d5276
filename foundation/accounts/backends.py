"""Who signs in, and what they may do: as allauth and Django say, with all rights read in one query."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission
from django.db.models import Q


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
            own = user_obj.user_permissions.through.objects.filter(user=user_obj).values("permission")
            roles = user_obj.groups.through.objects.filter(user=user_obj).values("group")
            of_roles = Permission.group_set.through.objects.filter(group__in=roles).values("permission")
            held = Permission.objects.filter(Q(pk__in=own) | Q(pk__in=of_roles))
            pairs = held.order_by().values_list("content_type__app_label", "codename")
            user_obj._perm_cache = {f"{app}.{codename}" for app, codename in pairs}
        cached: set[str] = user_obj._perm_cache
        return cached
