"""What is to come: list and record."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from catalog.days import company_today
from catalog.filters import RestockFilter
from catalog.models import Restock
from catalog.selectors import unit_symbol, visible_restocks
from foundation.lists.pages import Column, ListPage, RecordPage, Tab
from foundation.ui import formats, html, parts

LIST = gettext_lazy("Restocks")
MARKS = {"expected": "soon", "arrived": "done", "cancelled": "paused"}


def restock_badge(restock: Restock) -> object:
    """The state in a word; one that should be here says so."""
    if restock.is_overdue:
        return html.badge(_("Overdue"), "late")
    return html.badge(restock.get_status_display(), MARKS[restock.status])


def _quantity(restock: Restock) -> str:
    return formats.quantity(restock.quantity, unit_symbol(restock.product.unit.code))


def _open(rows: Any, _request: HttpRequest) -> Any:
    return rows.open()


def _overdue(rows: Any, _request: HttpRequest) -> Any:
    return rows.overdue(company_today())


class RestockRows(ListPage):
    """What is to come, the longest overdue first."""

    model = Restock
    title = LIST
    permission = "catalog.view_restock"
    filterset_class = RestockFilter
    ordering = ("expected_on", "pk")
    columns = (
        Column("number", gettext_lazy("Number"), lambda r, _page: html.link(r.number, r.get_absolute_url(), css="nr"),
               sort="number", place="title", plain=lambda r, _page: r.number),
        Column("product", gettext_lazy("Product"),
               lambda r, _page: html.two_lines(html.link(r.product.sku, r.product.get_absolute_url()), r.product.name_in(get_language() or "en")),
               sort="product__sku", place="fact", plain=lambda r, _page: r.product.sku),
        Column("quantity", gettext_lazy("Quantity"), lambda r, _page: _quantity(r), is_number=True,
               plain=lambda r, _page: r.quantity),
        Column("expected_on", gettext_lazy("Expected on"), lambda r, _page: html.day(r.expected_on), sort="expected_on",
               place="fact", plain=lambda r, _page: r.expected_on),
        Column("place", gettext_lazy("Place"), lambda r, _page: str(r.place)),
        Column("reference", gettext_lazy("Reference"), lambda r, _page: r.reference),
        Column("status", gettext_lazy("State"), lambda r, _page: restock_badge(r), place="end",
               plain=lambda r, _page: r.get_status_display()),
    )  # fmt: skip
    tabs = (
        Tab("open", pgettext_lazy("goods", "Expected"), _open),
        Tab("overdue", gettext_lazy("Overdue"), _overdue),
        Tab("arrived", pgettext_lazy("goods", "Arrived"), lambda rows, request: rows.filter(status="arrived")),
        Tab("all", gettext_lazy("All")),
    )

    def visible(self, user: Any) -> Any:
        return visible_restocks(user)

    def queryset(self) -> Any:
        return self.visible(self.request.user).select_related("product__unit", "place")

    def row_state(self, obj: Restock) -> str:
        return "late" if obj.is_overdue else ""

    def links(self) -> list[parts.Action]:
        return [parts.Action(pgettext_lazy("catalogue", "Stock"), reverse("catalog:stock"), icon="archive-box")]


class RestockPage(RecordPage):
    """Goods on order."""

    model = Restock
    namespace = "catalog"
    name = "restock"
    type_label = gettext_lazy("Restock")
    list_label = LIST
    list_name = "restocks"
    permission = "catalog.view_restock"

    def visible(self, user: Any) -> Any:
        return visible_restocks(user).select_related(*Restock.READ_WITH, "created_by")

    def title(self, obj: Restock) -> str:
        return f"{obj.number} · {obj.product.sku}"

    def subtitle(self, obj: Restock, request: HttpRequest) -> object:
        return html.link(str(obj.product), obj.product.get_absolute_url())

    def facts(self, obj: Restock, request: HttpRequest) -> list[parts.Fact]:
        symbol = unit_symbol(obj.product.unit.code)
        arrived = formats.quantity(obj.arrived_quantity, symbol) if obj.arrived_quantity is not None else "–"
        return [
            parts.Fact(_("State"), restock_badge(obj)),
            parts.Fact(_("Quantity"), _quantity(obj)),
            parts.Fact(_("Expected on"), formats.day(obj.expected_on)),
            parts.Fact(_("Place"), str(obj.place)),
            parts.Fact(_("Reference"), obj.reference or "–"),
            parts.Fact(pgettext_lazy("goods", "Arrived"), arrived),
            parts.Fact(_("Entered"), html.two_lines(formats.moment(obj.created_at), obj.created_by or "")),
        ]
