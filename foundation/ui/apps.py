"""Page shell, components, icons, charts; knows no model."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "foundation.ui"
    label = "ui"
    verbose_name = _("Interface")

    def ready(self) -> None:
        from foundation.ui import once

        once.connect()
