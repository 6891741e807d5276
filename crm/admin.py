"""What an administrator decides about calls and visits, and a look at the questionnaires; they are built on their own pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

import crm.admin_own  # noqa: F401
from crm import intake_admin, sample_admin  # noqa: F401 - registers what belongs to inquiries
from crm.models import (
    AppointmentPolicy,
    CadenceRule,
    CallPolicy,
    Campaign,
    Customer,
    FreeMailHost,
    NameWord,
    OwnershipPolicy,
    PoolRule,
    PreparationRow,
    Questionnaire,
    QuestionnaireVersion,
    ReceptionStep,
    Way,
)
from crm.services import policies


@admin.register(CallPolicy)
class CallPolicyAdmin(admin.ModelAdmin):
    """The one row."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not CallPolicy.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: CallPolicy | None = None) -> bool:
        return False


class VersionInline(admin.TabularInline):
    """The versions, to be read."""

    model = QuestionnaireVersion
    fields = readonly_fields = ("number", "status", "published_at", "published_by")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Questionnaire)
class QuestionnaireAdmin(admin.ModelAdmin):
    """Names and use; the questions have a page of their own, to which “view on site” leads."""

    list_display = ("code", "name_en", "purpose", "is_active")
    list_filter = ("purpose", "is_active")
    fields = ("code", "purpose", "name_en", "name_zh_hans", "name_zh_hant", "name_de", "is_active")
    inlines = (VersionInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Questionnaire | None = None) -> tuple[str, ...]:
        return ("code",) if obj is not None else ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Questionnaire | None = None) -> bool:
        return False


@admin.register(AppointmentPolicy)
class AppointmentPolicyAdmin(admin.ModelAdmin):
    """The one row."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not AppointmentPolicy.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: AppointmentPolicy | None = None) -> bool:
        return False


@admin.register(PreparationRow)
class PreparationRowAdmin(admin.ModelAdmin):
    """Lines of the checklist in four languages."""

    list_display = ("code", "text_en", "used_for", "wanted_for", "position", "is_active")
    list_editable = ("position", "is_active")
    list_filter = ("used_for", "wanted_for")
    ordering = ("used_for", "position")


@admin.register(ReceptionStep)
class ReceptionStepAdmin(admin.ModelAdmin):
    """Steps in four languages with their minutes; receptions that are planned already keep theirs."""

    list_display = ("code", "text_en", "planned_minutes", "position", "is_active")
    list_editable = ("planned_minutes", "position", "is_active")
    ordering = ("position",)


@admin.register(Campaign)
class CampaignAdmin(admin.ModelAdmin):
    """A look at what was planned and sent; campaigns live on their own pages, to which “view on site” leads."""

    list_display = ("number", "name", "kind", "channel", "status", "owner", "scheduled_for", "started_at")
    list_filter = ("status", "kind", "channel")
    search_fields = ("number", "name")
    fields = readonly_fields = (*list_display, "template_key", "source", "asked", "picked", "not_after", "sent_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class CadenceRuleForm(forms.ModelForm):
    """Ways and kinds are ticked, not typed."""

    ways = forms.MultipleChoiceField(
        label=_("What counts"), choices=Way.choices, widget=forms.CheckboxSelectMultiple, help_text=_("Each is enough.")
    )
    exempt_kinds = forms.MultipleChoiceField(
        label=_("Not for these kinds of customers"),
        choices=Customer.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = CadenceRule
        fields = ("tier", "ways", "every_days", "per_month", "exempt_kinds", "template_key", "is_active")


@admin.register(CadenceRule)
class CadenceRuleAdmin(admin.ModelAdmin):
    """The touch cadence; within a minute of a change all customers are worked out anew."""

    form = CadenceRuleForm
    list_display = ("__str__", "every_days", "per_month", "is_active")
    list_filter = ("tier", "is_active")

    def save_model(self, request: HttpRequest, obj: CadenceRule, form: Any, change: bool) -> None:
        obj.is_applied = False
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: CadenceRule | None = None) -> bool:
        return False  # switched off instead, so that its customers are worked out anew


@admin.register(FreeMailHost)
class FreeMailHostAdmin(admin.ModelAdmin):
    """Hosts whose addresses belong to people."""

    search_fields = ("domain",)


@admin.register(NameWord)
class NameWordAdmin(admin.ModelAdmin):
    """What a short form of a company's name leaves out."""

    list_display = ("word", "kind")
    list_filter = ("kind",)
    search_fields = ("word",)


class _PoolAdmin(admin.ModelAdmin):
    """Within a quarter of an hour of a change all customers are worked out anew."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        policies.changed()


@admin.register(OwnershipPolicy)
class OwnershipPolicyAdmin(_PoolAdmin):
    """The one row."""

    filter_horizontal = ("exempt_people",)
    readonly_fields = ("started_on",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not OwnershipPolicy.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: OwnershipPolicy | None = None) -> bool:
        return False


@admin.register(PoolRule)
class PoolRuleAdmin(_PoolAdmin):
    """One row for each tier, and one for all others."""

    list_display = ("__str__", "contact_days", "deal_days", "warn_days", "is_active")

    def has_delete_permission(self, request: HttpRequest, obj: PoolRule | None = None) -> bool:
        return False  # switched off instead
