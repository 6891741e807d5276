"""Working hours, holidays, make-up days."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CalendarsConfig(AppConfig):
    name = "foundation.calendars"
    label = "calendars"
    verbose_name = _("Calendars")

    def ready(self) -> None:
        """Register event codes and default calendars."""
        from foundation.accounts.defaults import register_defaults
        from foundation.calendars import defaults, events

        events.register()
        register_defaults(20, "calendars", defaults.load)
