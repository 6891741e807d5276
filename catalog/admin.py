"""Administration of products, units and prices."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from catalog.models import (
    Attribute,
    AttributeOption,
    CataloguePolicy,
    Family,
    Pack,
    Price,
    PriceList,
    Product,
    StockPlace,
    Unit,
)
from catalog.services import save_product


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin):
    """Units can be renamed and hidden; lines store their code, so a used one keeps it."""

    list_display = (
        "code",
        "symbol",
        "name",
        "name_de",
        "name_zh_hans",
        "name_zh_hant",
        "dimension",
        "factor",
        "is_active",
    )
    list_filter = ("dimension", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code", "dimension") if obj else ()


@admin.register(Family, PriceList)
class NamedAdmin(admin.ModelAdmin):
    """Families of products and types of prices."""

    list_display = ("code", "name", "name_de", "name_zh_hans", "name_zh_hant")


class PackInline(admin.TabularInline):
    model = Pack
    extra = 0


class PriceInline(admin.TabularInline):
    model = Price
    extra = 0


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    """A product with its packs and prices."""

    list_display = ("sku", "name", "family", "unit", "is_active")
    list_filter = ("is_active", "family")
    list_select_related = ("family", "unit")
    search_fields = ("sku", "name")
    inlines = (PackInline, PriceInline)

    def save_model(self, request: HttpRequest, obj: Product, form: Any, change: bool) -> None:
        save_product(obj, actor=request.user)


class OptionInline(admin.TabularInline):
    model = AttributeOption
    extra = 0


@admin.register(Attribute)
class AttributeAdmin(admin.ModelAdmin):
    """Attributes of the families, with the options of choices in the order of their rank."""

    list_display = ("family", "position", "code", "name", "name_zh_hans", "kind", "unit", "asked", "is_required")
    list_display_links = ("code",)
    list_filter = ("family", "kind", "asked")
    list_select_related = ("family",)
    inlines = (OptionInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("family", "code", "kind") if obj else ()


@admin.register(StockPlace)
class StockPlaceAdmin(admin.ModelAdmin):
    """Warehouses and other places where goods lie."""

    list_display = ("code", "name", "name_de", "name_zh_hans", "name_zh_hant", "position", "is_active")


@admin.register(CataloguePolicy)
class CataloguePolicyAdmin(admin.ModelAdmin):
    """One row: what the finder tolerates, what an alternative is, whether stock may fall below zero."""

    list_display = ("__str__", "number_band_percent", "price_band_percent", "budget_over_percent", "most_alternatives")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
