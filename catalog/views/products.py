"""Products: list, record, create, edit."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from catalog.days import company_today
from catalog.filters import ProductFilter
from catalog.models import Pack, Product
from catalog.selectors import main_pictures, stock_of, unit_symbol, visible_products
from catalog.views.sections import pictures_section, prices_section, stock_section, values_section, wishes
from foundation.lists.pages import Column, ListPage, RecordPage, Tab
from foundation.ui import formats, html, parts
from foundation.ui.ahead import ask_together
from foundation.ui.escape import esc
from foundation.ui.places import country_name

LIST = gettext_lazy("Products")


def offer_badge(product: Product) -> object:
    """Whether it may be offered."""
    return html.badge(_("Offered"), "in-time") if product.is_active else html.badge(_("Not offered"), "paused")


def thumb(picture: Any, alt: object = "") -> SafeString:
    """The small copy of a picture, or an empty frame of its size."""
    if picture is None:
        return SafeString('<span class="thumb" aria-hidden="true"></span>')
    return SafeString(
        f'<img class="thumb" src="{esc(picture.small_url)}" alt="{esc(alt)}" loading="lazy" width="36" height="36">'
    )


def titled(product: Product, page: Any) -> SafeString:
    """The article number with its picture; in a list the name beside it says what the picture shows."""
    link = html.link(product.sku, product.get_absolute_url(), css="nr")
    return SafeString(f'<span class="with-thumb">{thumb(page.extra["pictures"].get(product.pk))}{link}</span>')


def in_stock(product: Product, page: Any) -> object:
    """What is available; a dash where nobody keeps the stock."""
    found = page.extra["stock"].get(product.pk)
    if found is None or not found.is_tracked:
        return SafeString('<span class="muted">–</span>')
    text = formats.quantity(found.available)
    return html.badge(text, "late", title=_("Below the minimum stock"), quiet=True) if found.is_short else text


class ProductList(ListPage):
    """The catalogue."""

    model = Product
    title = LIST
    permission = "catalog.view_product"
    filterset_class = ProductFilter
    ordering = ("name", "pk")
    is_prepared = True
    fixed_tabs = ("offered", "all")
    columns = (
        Column(
            "sku",
            gettext_lazy("Article number"),
            titled,
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
        Column(
            "specification",
            gettext_lazy("Specification"),
            lambda p, _page: p.specification_in(get_language() or "en"),
            place="wide",
        ),
        Column(
            "stock",
            pgettext_lazy("quantity", "In stock"),
            in_stock,
            place="fact",
            is_number=True,
            plain=lambda p, page: page.extra["stock"][p.pk].available if p.pk in page.extra["stock"] else "",
        ),  # fmt: skip
        Column("unit", gettext_lazy("Unit"), lambda p, _page: unit_symbol(p.unit.code)),
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

    def prepare(self, rows: list[Any]) -> None:
        keys = [row.pk for row in rows]
        self.extra["pictures"] = main_pictures(keys) if self.request.GET.get("format") != "csv" else {}
        self.extra["stock"] = stock_of(keys)

    def links(self) -> list[parts.Action]:
        return [
            parts.Action(pgettext("catalogue", "Prices"), reverse("catalog:prices"), icon="tag"),
            parts.Action(pgettext("catalogue", "Stock"), reverse("catalog:stock"), icon="archive-box"),
        ]

    def actions(self) -> list[parts.Action]:
        found = [parts.Action(_("Find by need"), reverse("catalog:finder"), icon="magnifying-glass")]
        if self.request.user.has_perm("catalog.add_product"):
            found.append(parts.Action(_("New product"), reverse("catalog:product-new"), icon="plus", style="primary"))
        return found


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
        return (
            visible_products(user)
            .select_related("family", "unit")
            .prefetch_related(Prefetch("packs", Pack.objects.select_related("unit")))
        )

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
            parts.Fact(_("Packs"), self._packs(obj, request.user)),
        ]

    def _packs(self, obj: Product, user: Any) -> object:
        said = ", ".join(self._pack(obj, pack) for pack in obj.packs.all()) or "–"
        if not user.has_perm("catalog.change_product"):
            return said
        change = html.link(_("Change"), reverse("catalog:product-packs", args=[obj.pk]))
        return html.two_lines(said, change)

    @staticmethod
    def _pack(product: Product, pack: Any) -> str:
        content = formats.quantity(pack.quantity, unit_symbol(product.unit.code))
        return f"1 {unit_symbol(pack.unit.code)} = {content}"

    def sections(self, obj: Product, request: HttpRequest) -> list[object]:
        user, today = request.user, company_today()
        ask_together(wishes(obj, today))
        names = [(label, value) for label, value in self._names(obj) if value]
        language = get_language() or "en"
        words = {"product": obj, "names": names, "specification": obj.specification_in(language)}
        found = [
            pictures_section(obj, user),
            values_section(obj, self.edit_url(obj, user)),
            parts.Section(_("Description"), mark_safe(render_to_string("catalog/parts/words.html", words))),
            stock_section(obj, user, today),
            prices_section(obj, user, today),
        ]
        return [one for one in found if one is not None]

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
