"""Stock: the list, the ledger, and a movement, a minimum, a restock entered by form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from catalog import services
from catalog.days import company_today
from catalog.filters import MovementFilter, StockFilter
from catalog.forms.stock import COUNT, ExpectForm, MinimumForm, MoveForm
from catalog.models import Product, Stock, StockMovement
from catalog.selectors import NO_STOCK, main_pictures, stock_of, unit_symbol, visible_stock
from catalog.views.editing import crumbs_of, product_or_404
from catalog.views.products import thumb
from catalog.views.sections import signed, stock_badge
from foundation.journal.machine import Refused
from foundation.lists.pages import Column, ListPage, Tab
from foundation.ui import formats, html, parts
from foundation.ui.submissions import submit_once


def _stock(row: Stock, page: Any) -> Any:
    return page.extra["stock"].get(row.product_id, NO_STOCK)


def _titled(row: Stock, page: Any) -> object:
    link = html.link(row.product.sku, f"{row.product.get_absolute_url()}#stock", css="nr")
    return html.SafeString(f'<span class="with-thumb">{thumb(page.extra["pictures"].get(row.product_id))}{link}</span>')


def _amount(value: Any, row: Stock) -> str:
    return formats.quantity(value, unit_symbol(row.product.unit.code)) if value is not None else "–"


def _next(row: Stock, page: Any) -> object:
    coming = _stock(row, page).expected
    if not coming:
        return "–"
    first = coming[0]
    text = html.two_lines(formats.day(first.expected_on), _amount(first.quantity, row))
    return (
        html.badge(formats.day(first.expected_on), "late", title=_("Overdue"), quiet=True) if first.is_overdue else text
    )


def _short(rows: Any, _request: HttpRequest) -> Any:
    return rows.short()


class StockRows(ListPage):
    """What there is of each product whose stock is kept; what is short comes first."""

    model = Stock
    title = pgettext_lazy("catalogue", "Stock")
    permission = "catalog.view_stock"
    filterset_class = StockFilter
    ordering = ("-is_short", "on_hand", "pk")
    columns = (
        Column("sku", gettext_lazy("Article number"), _titled, sort="product__sku", place="title",
               plain=lambda s, _page: s.product.sku),
        Column("name", pgettext_lazy("product", "Name"), lambda s, _page: s.product.name_in(get_language() or "en"),
               sort="product__name", place="fact"),
        Column("on_hand", gettext_lazy("On hand"), lambda s, _page: _amount(s.on_hand, s), sort="on_hand",
               is_number=True, plain=lambda s, _page: s.on_hand),
        Column("available", pgettext_lazy("stock", "Available"), lambda s, page: _amount(_stock(s, page).available, s),
               place="fact", is_number=True, plain=lambda s, page: _stock(s, page).available),
        Column("minimum", gettext_lazy("Minimum stock"), lambda s, _page: _amount(s.minimum, s), sort="minimum",
               is_number=True, plain=lambda s, _page: s.minimum if s.minimum is not None else ""),
        Column("unit", gettext_lazy("Unit"), lambda s, _page: unit_symbol(s.product.unit.code), place="wide"),
        Column("next", gettext_lazy("Next restock"), _next,
               plain=lambda s, page: _stock(s, page).expected[0].expected_on if _stock(s, page).expected else ""),
        Column("state", gettext_lazy("State"), lambda s, page: stock_badge(_stock(s, page)), place="end",
               plain=lambda s, _page: _("Below the minimum stock") if s.is_short else ""),
    )  # fmt: skip
    tabs = (
        Tab("all", gettext_lazy("All")),
        Tab("short", gettext_lazy("Below the minimum stock"), _short),
        Tab("out", gettext_lazy("Out of stock"), lambda rows, request: rows.filter(on_hand__lte=0)),
    )

    def visible(self, user: Any) -> Any:
        return visible_stock(user)

    def queryset(self) -> Any:
        return self.visible(self.request.user).select_related("product__unit")

    def prepare(self, rows: list[Any]) -> None:
        keys = [row.product_id for row in rows]
        self.extra["stock"] = stock_of(keys)
        self.extra["pictures"] = main_pictures(keys) if self.request.GET.get("format") != "csv" else {}

    def row_state(self, obj: Stock) -> str:
        return "late" if obj.on_hand <= 0 else "soon" if obj.is_short else ""

    def links(self) -> list[parts.Action]:
        return [
            parts.Action(_("Products"), reverse("catalog:products"), icon="cube"),
            parts.Action(_("Restocks"), reverse("catalog:restocks"), icon="truck"),
            parts.Action(_("Movements"), reverse("catalog:movements"), icon="clipboard-document-list"),
        ]


class MovementRows(ListPage):
    """The ledger, newest first."""

    model = StockMovement
    title = gettext_lazy("Movements of stock")
    permission = "catalog.view_stockmovement"
    filterset_class = MovementFilter
    ordering = ("-pk",)
    has_search = False
    columns = (
        Column("when", gettext_lazy("When"), lambda m, _page: html.when(m.moved_at), plain=lambda m, _page: m.moved_at.isoformat()),
        Column("sku", gettext_lazy("Article number"),
               lambda m, _page: html.link(m.product.sku, f"{m.product.get_absolute_url()}#stock", css="nr"),
               place="title", plain=lambda m, _page: m.product.sku),
        Column("kind", gettext_lazy("What happened"), lambda m, _page: m.get_kind_display(), place="fact"),
        Column("quantity", gettext_lazy("Quantity"), lambda m, _page: signed(m.quantity, unit_symbol(m.product.unit.code)),
               place="end", is_number=True, plain=lambda m, _page: m.quantity),
        Column("place", gettext_lazy("Place"), lambda m, _page: str(m.place)),
        Column("after", gettext_lazy("On hand afterwards"), lambda m, _page: formats.quantity(m.level_after),
               is_number=True, plain=lambda m, _page: m.level_after),
        Column("reference", gettext_lazy("Reference"), lambda m, _page: m.reference),
        Column("reason", gettext_lazy("Reason"), lambda m, _page: m.reason),
        Column("who", gettext_lazy("Who"), lambda m, _page: str(m.actor or "–"), place="fact"),
    )  # fmt: skip

    def visible(self, user: Any) -> Any:
        may = user.has_perm("catalog.view_stockmovement")
        return StockMovement.objects.all() if may else StockMovement.objects.none()

    def queryset(self) -> Any:
        return self.visible(self.request.user).select_related("product__unit", "place", "actor")

    def links(self) -> list[parts.Action]:
        return [parts.Action(_("Stock by product"), reverse("catalog:stock"), icon="archive-box")]


# ---------------------------------------------------------------- forms


@permission_required("catalog.add_stockmovement", raise_exception=True)
@submit_once
def stock_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter what came, left, was corrected or counted."""
    product = product_or_404(request, pk)
    form = MoveForm(request.POST or None, product=product)

    def save() -> None:
        values = form.cleaned_data
        shared = {
            "actor": request.user,
            "place": values["place"],
            "reason": values["reason"],
            "reference": values["reference"],
        }
        if values["kind"] == COUNT:
            services.count_stock(product, counted=form.own_quantity(), **shared)
        else:
            services.move_stock(product, kind=values["kind"], quantity=form.own_quantity(), **shared)

    return _short_form(request, product, form, _("Movement of stock: %(product)s"), save, _("The stock is entered."))


@permission_required("catalog.change_stock", raise_exception=True)
@submit_once
def stock_minimum(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how much there should always be."""
    product = product_or_404(request, pk)
    stock = stock_of([pk]).get(pk, NO_STOCK)
    form = MinimumForm(request.POST or None, product=product, initial={"minimum": stock.minimum})

    def save() -> None:
        services.set_minimum(product, actor=request.user, minimum=form.cleaned_data["minimum"])

    return _short_form(request, product, form, _("Minimum stock: %(product)s"), save, _("Saved."))


@permission_required("catalog.add_restock", raise_exception=True)
@submit_once
def restock_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter goods that are on order."""
    product = product_or_404(request, pk)
    form = ExpectForm(request.POST or None, product=product, initial={"expected_on": company_today()})

    def save() -> None:
        values = form.cleaned_data
        services.expect_restock(
            product,
            actor=request.user,
            place=values["place"],
            quantity=form.own_quantity(),
            expected_on=values["expected_on"],
            reference=values["reference"],
        )

    return _short_form(request, product, form, _("Expected restock: %(product)s"), save, _("The restock is entered."))


def _short_form(request: HttpRequest, product: Product, form: Any, title: str, save: Any, done: str) -> HttpResponse:
    back = f"{product.get_absolute_url()}#stock"
    context = {
        "form": form,
        "title": title % {"product": product.sku},
        "lead": product.name_in(get_language() or "en"),
        "cancel_url": back,
        "crumbs": crumbs_of(product),
        "action": request.get_full_path(),
    }
    if not form.is_bound:
        return render(request, "ui/form.html", context)
    if not form.is_valid():
        return render(request, "ui/form.html", context, status=422)
    try:
        save()
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return render(request, "ui/form.html", context, status=409)
    messages.success(request, done)
    return redirect(back)
