"""Working hours, holidays, make-up days."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CalendarsConfig(AppConfig):
    name = "foundation.calendars"
    label = "calendars"
    verbose_name = _("Calendars")

    def ready(self) -> None:
        """Register event codes, default calendars, the link in the menu and the warning on the first page."""
        from foundation.accounts.defaults import register_defaults
        from foundation.calendars import actions, defaults, events, panels
        from foundation.calendars.diary import absences
        from foundation.ui.nav import register_link

        events.register()
        register_defaults(20, "calendars", defaults.load)
        register_link("calendars", "calendars:calendars")
        panels.register()
        actions.register()
        absences.register()
