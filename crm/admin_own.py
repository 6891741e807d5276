"""What an administrator decides about customers: tags and own fields."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from crm.models import OwnChoice, OwnField, OwnSection, Tag


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    """Words in four languages; one that customers carry is taken out of use, not deleted."""

    list_display = ("code", "name", "colour", "who", "position", "is_active")
    list_editable = ("position", "is_active")
    prepopulated_fields = {"code": ("name",)}

    def has_delete_permission(self, request: HttpRequest, obj: Tag | None = None) -> bool:
        return obj is None or not obj.customers.exists()


class OwnChoiceInline(admin.TabularInline):
    """The answers of a choice."""

    model = OwnChoice
    extra = 1

    def has_delete_permission(self, request: HttpRequest, obj: OwnField | None = None) -> bool:
        return False  # customers may have given it: taken out of use instead


@admin.register(OwnField)
class OwnFieldAdmin(admin.ModelAdmin):
    """A field, where it is shown, and its answers. Code and kind stay what they are: customers have values of it."""

    list_display = ("code", "name", "kind", "section", "position", "is_obligatory", "in_list", "in_filter", "is_active")
    list_editable = ("position", "is_active")
    list_filter = ("kind", "is_active")
    inlines = (OwnChoiceInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: OwnField | None = None) -> tuple[str, ...]:
        return ("record", "code", "kind") if obj is not None else ()

    def has_delete_permission(self, request: HttpRequest, obj: OwnField | None = None) -> bool:
        return False  # its values would be nobody's: taken out of use instead


@admin.register(OwnSection)
class OwnSectionAdmin(admin.ModelAdmin):
    """Headings of own fields."""

    list_display = ("name", "position")
    list_editable = ("position",)
