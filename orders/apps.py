"""Quotes and orders."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    label = "orders"
    verbose_name = _("Orders")

    def ready(self) -> None:
        from foundation.accounts.defaults import register_defaults
        from foundation.mailroom.registry import register_target
        from foundation.sla.dates import register_date
        from foundation.sla.ends import register_withdrawals
        from foundation.sla.values import register_values
        from orders import actions, asked, audiences, diary, events, furnishings, messages, panels, products, work  # noqa: F401
        from orders.defaults import load_document_kinds, load_incoterms, load_payment_terms, load_policy
        from orders.models import Order, Payment, Quote

        register_target(Order)
        register_target(Quote)
        register_defaults(20, "Incoterms rules", load_incoterms)
        register_defaults(21, "sales policy", load_policy)
        register_defaults(22, "payment terms", load_payment_terms)
        register_defaults(23, "kinds of trade documents", load_document_kinds)
        register_withdrawals(["order.cancelled"])
        register_date("promised_on", _("promised day of the order"))
        register_date("due_on", _("due day"))
        register_values("kinds", Payment.Kind.choices)
        audiences.register()
        messages.register_words()
        messages.register_texts()
        actions.register()
        diary.register()
        furnishings.register()
        asked.register()
        panels.register()
        products.register()
        work.register()
