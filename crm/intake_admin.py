"""What an administrator decides about inquiries: where they come from, who gets them, how they end, usual answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.forms.routing import RuleForm
from crm.models import (
    ClosingReason,
    Inquiry,
    InquiryPolicy,
    InquirySource,
    RoutingRule,
    RoutingShare,
    SavedAnswer,
)
from crm.models.intake import LANGUAGES
from crm.services.posting import make_key, revoke_key
from foundation.notifications.placeholders import names_about
from foundation.notifications.texts import strangers_in
from foundation.ui.places import customer_languages


@admin.register(InquiryPolicy)
class InquiryPolicyAdmin(admin.ModelAdmin):
    """The one row."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not InquiryPolicy.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: InquiryPolicy | None = None) -> bool:
        return False


class SourceForm(forms.ModelForm):
    """Channel and language are chosen, not typed."""

    channel = forms.ChoiceField(label=_("channel"), choices=Inquiry.Channel.choices, initial="platform")
    language = forms.ChoiceField(label=_("language where none is sent"), choices=customer_languages, initial="en")

    class Meta:
        model = InquirySource
        fields = ("code", "name", "channel", "language", "per_minute")


@admin.register(InquirySource)
class InquirySourceAdmin(admin.ModelAdmin):
    """Keys are made and revoked by the actions of the list; a key is shown once."""

    form = SourceForm
    list_display = ("code", "name", "channel", "key_hint", "keyed_at", "last_used_at", "revoked_at")
    readonly_fields = ("key_hint", "keyed_at", "last_used_at", "revoked_at")
    actions = ("new_key", "revoke")

    def get_readonly_fields(self, request: HttpRequest, obj: InquirySource | None = None) -> Any:
        return ("code", *self.readonly_fields) if obj is not None else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: InquirySource | None = None) -> bool:
        return False  # its inquiries name it; it is revoked instead

    @admin.action(description=_("Make a new key"), permissions=["change"])
    def new_key(self, request: HttpRequest, queryset: QuerySet[InquirySource]) -> None:
        """The key is shown here and never again."""
        for source in queryset:
            raw = make_key(source.pk, actor=request.user)
            words = _t("Key of %(name)s, shown only now: %(key)s") % {"name": source.name, "key": raw}
            messages.warning(request, words)

    @admin.action(description=_("Revoke the key"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[InquirySource]) -> None:
        """Nothing more comes from there."""
        for source in queryset:
            revoke_key(source.pk, actor=request.user)
        messages.success(request, _t("Revoked."))


@admin.register(ClosingReason)
class ClosingReasonAdmin(admin.ModelAdmin):
    """Reasons in four languages."""

    list_display = ("code", "text_en", "outcome", "asks_competitor", "position", "is_active")
    list_editable = ("position", "is_active")
    list_filter = ("outcome",)

    def get_readonly_fields(self, request: HttpRequest, obj: ClosingReason | None = None) -> Any:
        return ("code", "outcome") if obj is not None else ()


class SavedAnswerForm(forms.ModelForm):
    """The words may name what is known of an inquiry, in braces."""

    class Meta:
        model = SavedAnswer
        fields = (
            "code",
            "position",
            "is_active",
            *(f"{part}_{one}" for one in LANGUAGES for part in ("title", "body")),
        )

    def clean(self) -> dict[str, Any]:
        """Names in braces that nobody fills are refused, with those that exist."""
        values = super().clean() or {}
        known = names_about(Inquiry, staff=False)
        for name, text in list(values.items()):
            if name.startswith("body_") and (strangers := strangers_in(text or "", known)):
                words = {"names": ", ".join(strangers), "known": ", ".join(f"{{{one}}}" for one in sorted(known))}
                self.add_error(name, _t("Nobody fills %(names)s. There is: %(known)s") % words)
        return values


@admin.register(SavedAnswer)
class SavedAnswerAdmin(admin.ModelAdmin):
    """Answers in four languages."""

    form = SavedAnswerForm
    list_display = ("code", "title_en", "position", "is_active")
    list_editable = ("position", "is_active")
    search_fields = ("title_en", "body_en")


@admin.register(RoutingRule)
class RoutingRuleAdmin(admin.ModelAdmin):
    """In the order in which they are asked; “Who would get it?” tries them."""

    form = RuleForm
    list_display = ("name", "position", "person", "team", "least_level", "is_active", "tried")
    list_editable = ("position", "is_active")
    filter_horizontal = ("families",)

    @admin.display(description=_("Who would get it?"))
    def tried(self, obj: RoutingRule) -> str:
        """The way to try the rules."""
        return format_html('<a href="{}">{}</a>', reverse("crm:routing"), _t("Try"))


@admin.register(RoutingShare)
class RoutingShareAdmin(admin.ModelAdmin):
    """Who gets more or less than others."""

    list_display = ("person", "percent")
    list_editable = ("percent",)
