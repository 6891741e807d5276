"""Goals, set by an administrator."""

from django.contrib import admin
from django.http import HttpRequest

from kpi.models import FigureTarget, ParetoPolicy


@admin.register(FigureTarget)
class FigureTargetAdmin(admin.ModelAdmin):
    """One goal a figure."""

    list_display = ("figure", "value")
    list_editable = ("value",)


@admin.register(ParetoPolicy)
class ParetoPolicyAdmin(admin.ModelAdmin):
    """The one row."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not ParetoPolicy.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: ParetoPolicy | None = None) -> bool:
        return False
