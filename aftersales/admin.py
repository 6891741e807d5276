"""What an administrator decides about the time after the sale."""

from django.contrib import admin
from django.http import HttpRequest

from aftersales.models import AfterSalesPolicy, SurveyQuestion


@admin.register(AfterSalesPolicy)
class AfterSalesPolicyAdmin(admin.ModelAdmin):
    """The one row."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not AfterSalesPolicy.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: AfterSalesPolicy | None = None) -> bool:
        return False


@admin.register(SurveyQuestion)
class SurveyQuestionAdmin(admin.ModelAdmin):
    """Questions in four languages."""

    list_display = ("code", "text_en", "kind", "position", "is_overall", "is_required", "is_active")
    list_editable = ("position", "is_active")
    ordering = ("position",)
