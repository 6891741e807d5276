"""PDF rendering, numbering, papers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "foundation.documents"
    label = "documents"
    verbose_name = _("Documents")

    def ready(self) -> None:
        from foundation.accounts.defaults import register_defaults
        from foundation.documents.numbering import load_series

        register_defaults(5, "number series", load_series)
