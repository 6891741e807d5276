"""Products: list, record, create, edit."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from catalog.filters import ProductFilter
from catalog.forms import ProductForm
from catalog.models import Product
from catalog.selectors import unit_symbol, visible_products
from catalog.services import save_product
from foundation.lists.pages import Column, ListPage, RecordPage, Tab
from foundation.ui import formats, html, parts
from foundation.ui.places import country_name
from foundation.ui.submissions import submit_once

LIST = gettext_lazy("Products")


def offer_badge(product: Product) -> object:
    """Whether it may be offered."""
    return html.badge(_("Offered"), "in-time") if product.is_active else html.badge(_("Not offered"), "paused")


class ProductList(ListPage):
    """The catalogue."""

    model = Product
    title = LIST
    permission = "catalog.view_product"
    filterset_class = ProductFilter
    ordering = ("name", "pk")
    columns = (
        Column(
            "sku",
            gettext_lazy("Article number"),
            lambda p, _page: html.link(p.sku, p.get_absolute_url()),
            sort="sku",
            place="title",
            plain=lambda p, _page: p.sku,
        ),  # fmt: skip
        Column(
            "name",
            pgettext_lazy("product", "Name"),
            lambda p, _page: str(p).removeprefix(p.sku).strip(),
            sort="name",
            place="fact",
        ),  # fmt: skip
        Column("family", gettext_lazy("Family"), lambda p, _page: str(p.family or "–"), sort="family__code"),
        Column("specification", gettext_lazy("Specification"), lambda p, _page: p.specification),
        Column("unit", gettext_lazy("Unit"), lambda p, _page: unit_symbol(p.unit.code), place="fact"),
        Column("hs_code", gettext_lazy("HS code"), lambda p, _page: p.hs_code, sort="hs_code"),
        Column("offered", gettext_lazy("State"), lambda p, _page: offer_badge(p), place="end"),
    )
    tabs = (
        Tab("offered", gettext_lazy("Offered"), lambda rows, request: rows.filter(is_active=True)),
        Tab("all", gettext_lazy("All")),
    )

    def visible(self, user: Any) -> Any:
        return visible_products(user)

    def queryset(self) -> Any:
        return self.visible(self.request.user).select_related("family", "unit")

    def actions(self) -> list[parts.Action]:
        if not self.request.user.has_perm("catalog.add_product"):
            return []
        return [parts.Action(_("New product"), reverse("catalog:product-new"), icon="plus", style="primary")]


class ProductPage(RecordPage):
    """One product with its packs and prices."""

    model = Product
    namespace = "catalog"
    name = "product"
    type_label = gettext_lazy("Product")
    list_label = LIST
    list_name = "products"
    permission = "catalog.view_product"

    def visible(self, user: Any) -> Any:
        return visible_products(user).select_related("family", "unit").prefetch_related("packs__unit")

    def facts(self, obj: Product, request: HttpRequest) -> list[parts.Fact]:
        edit = self.edit_url(obj, request.user)
        weight = formats.quantity(obj.weight_kg, "kg") if obj.weight_kg is not None else ""
        return [
            parts.Fact(_("State"), offer_badge(obj)),
            parts.Fact(_("Family"), str(obj.family or ""), edit),
            parts.Fact(_("Brand"), obj.brand, edit),
            parts.Fact(_("Unit"), str(obj.unit)),
            parts.Fact(_("HS code"), obj.hs_code, edit),
            parts.Fact(_("Country of origin"), country_name(obj.origin_country) if obj.origin_country else "", edit),
            parts.Fact(_("Weight of one unit"), weight, edit),
            parts.Fact(_("Packs"), ", ".join(self._pack(obj, pack) for pack in obj.packs.all()) or "–"),
        ]

    @staticmethod
    def _pack(product: Product, pack: Any) -> str:
        content = formats.quantity(pack.quantity, unit_symbol(product.unit.code))
        return f"1 {unit_symbol(pack.unit.code)} = {content}"

    def sections(self, obj: Product, request: HttpRequest) -> list[object]:
        names = [(label, value) for label, value in self._names(obj) if value]
        prices = [
            {
                "list": str(price.price_list),
                "amount": formats.money(price.amount, price.currency),
                "unit": unit_symbol(price.unit.code),
                "from": formats.quantity(price.min_quantity) if price.min_quantity else "–",
                "until": formats.day(price.valid_until) if price.valid_until else "–",
            }
            for price in obj.prices.valid_on(timezone.localdate()).select_related("price_list", "unit")
        ]
        context = {"product": obj, "names": names, "prices": prices}
        return [
            parts.Section(_("Description"), mark_safe(render_to_string("catalog/parts/words.html", context))),
            parts.Section(
                _("Prices in force"), mark_safe(render_to_string("catalog/parts/prices.html", context)), "prices"
            ),
        ]

    @staticmethod
    def _names(obj: Product) -> list[tuple[str, str]]:
        return [
            ("English", obj.name),
            ("Deutsch", obj.name_de),
            ("简体中文", obj.name_zh_hans),
            ("繁體中文", obj.name_zh_hant),
        ]

    def edit_url(self, obj: Product, user: Any) -> str:
        return reverse("catalog:product-edit", args=[obj.pk]) if user.has_perm("catalog.change_product") else ""


@permission_required("catalog.add_product", raise_exception=True)
@submit_once
def product_new(request: HttpRequest) -> HttpResponse:
    """Enter a product."""
    return _edit(request, None, _("New product"), reverse("catalog:products"))


@permission_required("catalog.change_product", raise_exception=True)
@submit_once
def product_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a product."""
    product = get_object_or_404(visible_products(request.user), pk=pk)
    return _edit(request, product, _("Edit %(record)s") % {"record": product.sku}, product.get_absolute_url())


def _edit(request: HttpRequest, product: Product | None, title: str, back: str) -> HttpResponse:
    form = ProductForm(request.POST or None, instance=product)
    if request.method == "POST" and form.is_valid():
        saved = save_product(form.save(commit=False), actor=request.user)
        messages.success(request, _("Product saved."))
        return redirect(saved.get_absolute_url())
    crumbs = [parts.Crumb(LIST, reverse("catalog:products"))]
    status = 422 if form.is_bound else 200
    return render(
        request, "ui/form.html", {"form": form, "title": title, "cancel_url": back, "crumbs": crumbs}, status=status
    )
