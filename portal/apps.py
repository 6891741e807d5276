"""What customers see; no models of its own."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    label = "portal"
    verbose_name = _("Customer pages")

    def ready(self) -> None:
        from foundation.notifications.manners.links import register_pages

        register_pages(page="portal:wishes", stop="portal:wishes-stop")
