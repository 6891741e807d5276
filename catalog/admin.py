"""Administration of products, units and prices."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from catalog.models import Family, Pack, Price, PriceList, Product, Unit
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
