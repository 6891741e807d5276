"""Articles, scripts, usual questions; training and the steps of a career."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgeConfig(AppConfig):
    name = "foundation.knowledge"
    label = "knowledge"
    verbose_name = _("Knowledge")

    def ready(self) -> None:
        """Register event codes, defaults, messages, and the places on other pages."""
        from foundation.accounts.defaults import register_defaults
        from foundation.knowledge import actions, defaults, events, messages, panels
        from foundation.sla.dates import register_date

        events.register()
        messages.register()
        actions.register()
        panels.register()
        register_date("review_on", _("the day of the next look"))
        register_defaults(65, "knowledge base", defaults.load)
