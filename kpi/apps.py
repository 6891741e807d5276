"""Definitions, figures, dashboards."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KpiConfig(AppConfig):
    name = "kpi"
    label = "kpi"
    verbose_name = _("Figures")

    def ready(self) -> None:
        from foundation.accounts.defaults import register_defaults
        from foundation.ui.nav import register_area
        from foundation.ui.panels import register_panel
        from kpi import defaults, panels

        register_defaults(90, "figures", defaults.load)
        register_area("kpi", _("Figures"), "chart-bar", "kpi:figures", 60, permission="kpi.view_figures")
        register_panel("day.figures", panels.day_figures, 10)
