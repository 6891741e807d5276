"""Tickets and surveys."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AftersalesConfig(AppConfig):
    name = "aftersales"
    label = "aftersales"
    verbose_name = _("After-sales")

    def ready(self) -> None:
        from django.db.models import OuterRef

        from aftersales import actions, defaults, events, handlers, helping, messages, panels, people, work  # noqa: F401
        from aftersales.models import Ticket
        from aftersales.selectors import attention_count, visible_tickets
        from aftersales.services.mail import join_ticket
        from foundation.accounts.defaults import register_defaults
        from foundation.journal.attachments import register_file_guard
        from foundation.journal.subscribers import subscribe
        from foundation.lists.search import register_search
        from foundation.mailroom.registry import register_target
        from foundation.sla.ends import register_withdrawals
        from foundation.sla.pauses import register_words
        from foundation.sla.values import register_values
        from foundation.ui.ahead import register_wishes
        from foundation.ui.nav import register_area, register_new
        from foundation.ui.panels import register_panel
        from foundation.ui.presence import register_presence

        register_target(Ticket, join=join_ticket)

        def may_open(user: Any, attachment: Any) -> bool:
            return visible_tickets(user).filter(pk=attachment.object_id).exists()

        register_words(
            customer=["ticket.customer_replied"], ours=["ticket.acknowledged", "ticket.proposed", "message.written"]
        )
        register_withdrawals(["ticket.cancelled"])
        register_values("kinds", Ticket.Kind.choices)
        register_values("priorities", Ticket.Priority.choices)
        register_values("channels", Ticket.Channel.choices)
        subscribe(handlers.on_event, name="aftersales", order=200, wants=handlers.wants)
        actions.register()
        helping.register()
        people.register()
        messages.register()
        work.register()
        register_defaults(60, "after-sales", defaults.load)
        register_file_guard(Ticket, may_open)
        register_panel("record.main", panels.record_main, 300)
        register_wishes("customer", panels.wishes)
        register_presence("tickets", lambda model: Ticket.objects.filter(customer=OuterRef("pk")))
        register_area(
            "aftersales", _("After-sales"), "lifebuoy", "aftersales:tickets", 50,
            permission="aftersales.view_ticket", counter=attention_count,
        )  # fmt: skip
        register_new(
            "ticket", _("New complaint"), "lifebuoy", "aftersales:ticket-new", 50, permission="aftersales.add_ticket"
        )
        register_search(
            "ticket", _("Complaints"),
            visible=lambda user: visible_tickets(user).select_related("customer"),
            title=panels.search_title, subtitle=panels.search_subtitle, icon="lifebuoy",
            permission="aftersales.view_ticket", order=50, list_url_name="aftersales:tickets",
        )  # fmt: skip
