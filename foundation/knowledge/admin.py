"""Situations and the steps of the career to edit; the rest lives on its own pages."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from foundation.knowledge.models import KnowledgePolicy, Level, LevelNeed, Situation


@admin.register(Situation)
class SituationAdmin(admin.ModelAdmin):
    """Situations in four languages; what is taken out of use is no longer offered to writers."""

    list_display = ("code", "title_en", "room", "position", "is_active")
    list_editable = ("position", "is_active")
    list_filter = ("room",)
    ordering = ("position",)


class NeedInline(admin.TabularInline):
    """What a level needs."""

    model = LevelNeed
    extra = 0


@admin.register(Level)
class LevelAdmin(admin.ModelAdmin):
    """The steps of the career with what each needs."""

    list_display = ("code", "title_en", "position", "is_active")
    list_editable = ("position", "is_active")
    inlines = (NeedInline,)
    ordering = ("position",)


@admin.register(KnowledgePolicy)
class KnowledgePolicyAdmin(admin.ModelAdmin):
    """The one row."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not KnowledgePolicy.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: KnowledgePolicy | None = None) -> bool:
        return False
