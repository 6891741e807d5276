"""Administration of what samples and technical requests follow."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from crm.models import SamplePolicy, TechnicalKind


@admin.register(SamplePolicy)
class SamplePolicyAdmin(admin.ModelAdmin):
    """The one row."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not SamplePolicy.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: SamplePolicy | None = None) -> bool:
        return False


@admin.register(TechnicalKind)
class TechnicalKindAdmin(admin.ModelAdmin):
    """Kinds of technical requests in four languages; one that is used is switched off, not removed."""

    list_display = ("code", "text_en", "position", "is_active")
    list_editable = ("position", "is_active")
    ordering = ("position",)
