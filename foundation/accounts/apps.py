"""Company, staff, teams, roles, languages, sign-in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "foundation.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from foundation.accounts import events  # noqa: F401
        from foundation.accounts.branding import logo_url
        from foundation.accounts.defaults import register_defaults
        from foundation.accounts.models import Company
        from foundation.accounts.roles import load_roles
        from foundation.ui.context import provide

        provide("company", lambda request: Company.current())
        provide("logo_url", logo_url)
        register_defaults(0, "roles", load_roles)
