"""Shipments, tracking, proof of delivery."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LogisticsConfig(AppConfig):
    name = "logistics"
    label = "logistics"
    verbose_name = _("Logistics")

    def ready(self) -> None:
        from django.db.models import OuterRef

        from foundation.journal.attachments import register_file_guard
        from foundation.journal.timeline import register_source
        from foundation.lists.search import register_search
        from foundation.mailroom.registry import register_target
        from foundation.sla.dates import register_date
        from foundation.sla.ends import register_withdrawals
        from foundation.sla.values import register_values
        from foundation.ui.ahead import register_wishes
        from foundation.ui.nav import register_area
        from foundation.ui.panels import register_panel
        from foundation.ui.presence import register_presence
        from logistics import actions, day, diary, events, helping, messages, panels, work  # noqa: F401
        from logistics.history import of_paper
        from logistics.models import Shipment
        from logistics.selectors import visible_shipments

        register_target(Shipment)
        register_date("eta", _("expected arrival"))

        def may_open(user: Any, attachment: Any) -> bool:
            return visible_shipments(user).filter(pk=attachment.object_id).exists()

        register_withdrawals(["shipment.cancelled"])
        register_values("kinds", Shipment.Mode.choices)
        actions.register()
        diary.register()
        helping.register()
        messages.register()
        work.register()
        register_file_guard(Shipment, may_open)
        register_source("logistics.pod", of_paper, kinds=("system",))
        register_panel("record.actions", panels.order_actions, 40)
        register_panel("record.main", panels.record_main, 55)
        register_presence("shipments", lambda model: Shipment.objects.filter(customer=OuterRef("pk")))
        register_panel("day.today", day.day_today, 40)
        register_wishes("day", day.wishes)
        register_wishes("customer", panels.wishes)
        register_area(
            "logistics",
            _("On the way"),
            "truck",
            "logistics:shipments",
            46,
            permission="logistics.view_shipment",
            counter=panels.rail_counter,
        )
        register_search(
            "shipment",
            _("Shipments"),
            visible=lambda user: visible_shipments(user).select_related("customer"),
            title=panels.search_title,
            subtitle=panels.search_subtitle,
            icon="truck",
            permission="logistics.view_shipment",
            order=40,
            list_url_name="logistics:shipments",
        )
