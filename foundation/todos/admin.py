"""The policy to edit; tasks, series and mentions to look at: they change through their pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from foundation.todos.models import Mention, Series, Task, TaskPolicy


@admin.register(TaskPolicy)
class TaskPolicyAdmin(admin.ModelAdmin):
    """The one row."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not TaskPolicy.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows to look at."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Task)
class TaskAdmin(ReadOnlyAdmin):
    """Everybody's tasks."""

    list_display = ("title", "person", "asked_by", "status", "priority", "due_at")
    list_select_related = ("person", "asked_by")
    list_filter = ("status", "priority")
    search_fields = ("title", "person__name")
    date_hierarchy = "due_at"


@admin.register(Series)
class SeriesAdmin(ReadOnlyAdmin):
    """How tasks come again."""

    list_display = ("__str__", "first_on", "until", "times", "waits_for_day", "next_at")
    list_filter = ("unit",)


@admin.register(Mention)
class MentionAdmin(ReadOnlyAdmin):
    """Who was named, and whether they have looked."""

    list_display = ("user", "by", "created_at", "read_at")
    list_select_related = ("user", "by")
