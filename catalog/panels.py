"""The catalogue's places in the shell."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from catalog.models import Restock
from catalog.selectors import visible_restocks
from foundation.lists.search import register_search
from foundation.ui.nav import register_below


def _subtitle(restock: Any) -> str:
    return f"{restock.product} · {restock.get_status_display()}"


def register() -> None:
    """Called once, when the application starts."""
    for prefix in ("/products/", "/prices/", "/stock/", "/restocks/"):
        register_below("orders", prefix)
    register_search(
        "restocks",
        _("Restocks"),
        visible=lambda user: visible_restocks(user).select_related(*Restock.READ_WITH),
        subtitle=_subtitle,
        icon="truck",
        permission="catalog.view_restock",
        order=61,
        list_url_name="catalog:restocks",
    )
