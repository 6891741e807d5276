"""The administration of people and company. Accounts are made by invitation and switched off on the person's page."""

from __future__ import annotations

from typing import Any

import allauth.account.admin  # noqa: F401  registers what is taken back below
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation.accounts.forms import CompanyForm
from foundation.accounts.models import Company, HandOver, Leave, Team, User, UserLanguage
from foundation.accounts.selectors import is_administrator, may_manage

# A further address would be a second way into an account, past the address that everybody knows.
admin.site.unregister(EmailAddress)


class LanguageInline(admin.TabularInline):
    model = UserLanguage
    extra = 1


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Role, team and manager. Nobody raises themselves: superusers are made by superusers only."""

    list_display = ("name", "email", "team", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "groups", "team")
    list_select_related = ("team",)
    search_fields = ("name", "email")
    autocomplete_fields = ("manager", "team")
    filter_horizontal = ("groups", "user_permissions")
    inlines = (LanguageInline,)
    readonly_fields = ("is_active", "last_login", "date_joined", "invited_at")
    fieldsets = (
        (None, {"fields": ("name", "email", "position", "phone", "wecom_id", "team", "manager")}),
        (_("Role"), {"fields": ("groups", "is_staff", "is_superuser", "user_permissions")}),
        (_("Interface"), {"fields": ("language", "time_zone", "theme", "density", "single_key_shortcuts")}),
        (_("Account"), {"fields": ("is_active", "invited_at", "date_joined", "last_login")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """People stay: what they did points to them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.pk == request.user.pk or may_manage(request.user, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixed: tuple[str, ...] = tuple(self.readonly_fields)
        if not request.user.is_superuser:
            fixed += ("is_superuser", "user_permissions")
        if not is_administrator(request.user) or (obj is not None and obj.pk == request.user.pk):
            fixed += ("groups", "is_staff")
        return fixed

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        obj.email = obj.email.lower()
        fields = [name for name in form.changed_data if name not in ("groups", "user_permissions")]
        if fields:
            obj.save(update_fields=fields)


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    list_display = ("name", "lead", "email")
    list_select_related = ("lead",)
    search_fields = ("name",)
    autocomplete_fields = ("lead",)


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin):
    """The one company, with the same checks as its page."""

    form = CompanyForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not Company.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyAdmin(admin.ModelAdmin):
    """To look at: what is here is entered on the colleague's page, where the work follows."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Leave)
class LeaveAdmin(ReadOnlyAdmin):
    list_display = ("person", "first_day", "last_day", "deputy", "begun_at", "cancelled_at")
    list_select_related = ("person", "deputy")
    search_fields = ("person__name",)


@admin.register(HandOver)
class HandOverAdmin(ReadOnlyAdmin):
    list_display = ("person", "made_at", "made_by", "back_on", "returned_at")
    list_select_related = ("person", "made_by")
