"""Company, staff, teams, roles, languages, sign-in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "foundation.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from django.contrib.auth.models import Group
        from django.db.models.signals import m2m_changed, post_delete

        from foundation.accounts import (
            events,  # noqa: F401
            rights,
        )
        from foundation.accounts.absence_views import away_section
        from foundation.accounts.branding import logo_url
        from foundation.accounts.defaults import register_defaults
        from foundation.accounts.models import COMPANY_CACHE_KEY, Company, User
        from foundation.accounts.roles import load_roles
        from foundation.ui.context import provide
        from foundation.ui.panels import register_panel
        from foundation.ui.together import bring_along

        bring_along(COMPANY_CACHE_KEY)
        provide("company", lambda request: Company.current())
        provide("logo_url", logo_url)
        register_panel("day.main", away_section, order=200)
        register_defaults(0, "roles", load_roles)
        for through in (User.groups.through, User.user_permissions.through, Group.permissions.through):
            m2m_changed.connect(rights.forget, sender=through, dispatch_uid=f"rights-{through.__name__}")
        post_delete.connect(rights.forget, sender=Group, dispatch_uid="rights-group")
