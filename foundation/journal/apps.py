"""The journal: events, attachments, seal, and the one helper that performs a transition."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    name = "foundation.journal"
    label = "journal"
    verbose_name = _("Journal")

    def ready(self) -> None:
        from foundation.journal import events, sealed  # noqa: F401

        sealed.register()
