"""The rows of good manners, for administrators."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from foundation.notifications.models import (
    DeadAddress,
    DigestPolicy,
    MarketingLimit,
    MessageKind,
    OptOut,
    QuietHours,
    StrayReceipt,
)


@admin.register(MessageKind)
class MessageKindAdmin(admin.ModelAdmin):
    list_display = ("code", "name", "nature", "is_urgent", "can_opt_out")
    list_filter = ("nature",)

    def get_readonly_fields(self, request: HttpRequest, obj: MessageKind | None = None) -> Any:
        return ("code",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: MessageKind | None = None) -> bool:
        """Messages and rules remember its code."""
        return False


@admin.register(QuietHours)
class QuietHoursAdmin(admin.ModelAdmin):
    list_display = ("__str__", "country", "customer_id", "person_key", "begins", "ends", "is_off")


@admin.register(MarketingLimit)
class MarketingLimitAdmin(admin.ModelAdmin):
    list_display = ("__str__", "most", "days")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: MarketingLimit | None = None) -> bool:
        return False


@admin.register(DigestPolicy)
class DigestPolicyAdmin(admin.ModelAdmin):
    list_display = ("__str__", "most", "minutes")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: DigestPolicy | None = None) -> bool:
        return False


class ReadOnlyAdmin(admin.ModelAdmin):
    """Looked at here, changed by what happens."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(OptOut)
class OptOutAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "person_key", "kind", "channel", "is_withdrawal", "how", "actor")
    list_filter = ("how", "is_withdrawal", "channel")
    search_fields = ("person_key",)


@admin.register(DeadAddress)
class DeadAddressAdmin(ReadOnlyAdmin):
    list_display = ("address", "channel", "since", "hard_count", "soft_count", "lifted_at", "lifted_by")
    list_filter = ("channel",)
    search_fields = ("address",)


@admin.register(StrayReceipt)
class StrayReceiptAdmin(ReadOnlyAdmin):
    list_display = ("received_at", "channel", "provider_id", "reference", "outcome", "count", "detail")
    list_filter = ("channel", "outcome")
    search_fields = ("provider_id", "reference")
