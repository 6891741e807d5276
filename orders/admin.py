"""Administration of what this stage begins with. Quotes and orders themselves move only through their machines."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from orders.models import DocumentKind, Incoterm, IncotermCost, PaymentTerm, SalesPolicy


@admin.register(SalesPolicy)
class SalesPolicyAdmin(admin.ModelAdmin):
    """One row: validity, premium rate and insured share of new quotes."""

    list_display = ("__str__", "validity_days", "insurance_rate", "insured_percent")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class IncotermCostInline(admin.TabularInline):
    model = IncotermCost
    extra = 0
    can_delete = False
    readonly_fields = ("kind",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Incoterm)
class IncotermAdmin(admin.ModelAdmin):
    """The rules of each edition, with who bears which cost."""

    list_display = ("code", "edition", "name", "transport")
    list_filter = ("edition", "transport")
    inlines = (IncotermCostInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code", "edition") if obj else ()


@admin.register(PaymentTerm)
class PaymentTermAdmin(admin.ModelAdmin):
    """When orders are paid. Once somebody was offered the terms, their figures stand: make new ones."""

    list_display = (
        "code", "name", "deposit_percent", "deposit_days", "balance_due", "balance_days", "position", "is_active",
    )  # fmt: skip
    list_filter = ("is_active", "balance_due")


@admin.register(DocumentKind)
class DocumentKindAdmin(admin.ModelAdmin):
    """The kinds of trade documents, in the order in which forms offer them."""

    list_display = ("code", "name", "name_de", "name_zh_hans", "name_zh_hant", "position", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()
