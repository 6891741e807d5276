"""Administration of number series."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from foundation.documents.models import NumberSeries


@admin.register(NumberSeries)
class NumberSeriesAdmin(admin.ModelAdmin):
    """The pattern and the count can be changed; a series itself belongs to the program."""

    list_display = ("code", "pattern", "year", "last")
    readonly_fields = ("code", "year")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
