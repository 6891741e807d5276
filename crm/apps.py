"""Before the sale: customers, contacts, service records, inquiries."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CrmConfig(AppConfig):
    name = "crm"
    label = "crm"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from crm import actions, events, messages, panels, sealed, work  # noqa: F401
        from foundation.sla.dates import register_date

        register_date("promised_at", _("time promised to the customer"))
        messages.register()
        sealed.register()
        actions.register()
        panels.register()
        work.register()
