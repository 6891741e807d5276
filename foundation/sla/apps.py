"""Targets, clocks, ledger, escalation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SlaConfig(AppConfig):
    name = "foundation.sla"
    label = "sla"
    verbose_name = _("Deadlines")

    def ready(self) -> None:
        """Register event codes, default targets, panels, and follow the journal."""
        from foundation.accounts.defaults import register_defaults
        from foundation.journal.subscribers import subscribe
        from foundation.sla import defaults, diary, events, feed, panels, standing
        from foundation.sla.services.following import follow_customer, follow_event, follows
        from foundation.sla.values import register_values
        from foundation.ui.places import CUSTOMER_LANGUAGES

        events.register()
        register_defaults(60, "targets", defaults.load)
        register_defaults(61, "reasons to wait", defaults.load_reasons)
        register_defaults(62, "fairness", defaults.load_fairness)
        register_defaults(63, "what is due soon", defaults.load_soon)
        subscribe(follow_event, name="sla", order=10, wants=follows)
        subscribe(follow_customer, name="sla.customers", order=11, wants=follows)
        register_values("languages", ((code, code) for code in CUSTOMER_LANGUAGES))
        panels.register()
        feed.register()
        diary.register()
        standing.register()
