"""Files into records."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "foundation.imports"
    label = "imports"
    verbose_name = _("Imports")

    def ready(self) -> None:
        # each stage says in its `imports.py` what can be imported; nothing here names a stage
        autodiscover_modules("imports")
