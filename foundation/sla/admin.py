"""Targets for administrators; clocks to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation.sla.forms import TargetForm
from foundation.sla.models import Clock, FairnessPolicy, PauseReason, SoonPolicy, Target
from foundation.sla.services.soon import save_soon
from foundation.sla.services.targets import save_target


@admin.register(Target)
class TargetAdmin(admin.ModelAdmin):
    """A change counts for clocks that start afterwards. The page for managers shows what a change would move, and
    edits the steps of the escalation as well."""

    form = TargetForm
    list_display = ("__str__", "code", "metric", "position", "amount", "unit", "calendar", "is_active", "problem")
    list_select_related = ("calendar",)
    list_filter = ("metric", "is_active")
    search_fields = ("code", "name", "name_de", "name_zh_hans", "name_zh_hant")
    readonly_fields = ("escalate_after", "problem", "problem_at")
    fieldsets = (
        (None, {"fields": ("code", "metric", "position", "is_active")}),
        (_("Name"), {"fields": ("name", "name_zh_hans", "name_zh_hant", "name_de")}),
        (_("Time"), {"fields": ("amount", "unit", "calendar", "warning_percent", "escalate_after")}),
        (_("Counted from a date"), {"fields": ("anchor_fact", "anchor_side")}),
        (_("Events"), {"fields": Target.EVENT_FIELDS}),
        (_("Only for"), {"fields": tuple(Target.CONDITIONS)}),
        (_("Trouble"), {"fields": ("problem", "problem_at")}),
    )

    def save_model(self, request: HttpRequest, obj: Target, form: Any, change: bool) -> None:
        """Through the service: it keeps what running clocks were promised, and remembers who changed what."""
        save_target(obj, actor=request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A target whose clocks are kept is switched off instead."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.clocks.exists())


@admin.register(PauseReason)
class PauseReasonAdmin(admin.ModelAdmin):
    """Reasons to wait for a customer; one that was used is switched off rather than deleted."""

    list_display = ("__str__", "code", "position", "is_active")
    search_fields = ("code", "name", "name_de", "name_zh_hans", "name_zh_hant")


@admin.register(Clock)
class ClockAdmin(admin.ModelAdmin):
    """Read only: clocks follow events, nothing else."""

    list_display = ("number", "target", "cycle", "state", "due_at", "breached_at", "met_at")
    list_select_related = ("target",)
    list_filter = ("state", "metric")
    search_fields = ("number",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(FairnessPolicy)
class FairnessPolicyAdmin(admin.ModelAdmin):
    """The one row of what the house holds to be fair."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not FairnessPolicy.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(SoonPolicy)
class SoonPolicyAdmin(admin.ModelAdmin):
    """The one row of what is due soon; running promises follow within minutes."""

    def save_model(self, request: HttpRequest, obj: SoonPolicy, form: Any, change: bool) -> None:
        """Through the service: it has the running clocks follow."""
        save_soon(obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not SoonPolicy.objects.exists() and super().has_add_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
