"""Goals, set by an administrator."""

from django.contrib import admin

from kpi.models import FigureTarget


@admin.register(FigureTarget)
class FigureTargetAdmin(admin.ModelAdmin):
    """One goal a figure."""

    list_display = ("figure", "value")
    list_editable = ("value",)
