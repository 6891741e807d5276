"""Rules and templates to edit, messages to look at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from foundation.notifications import validation
from foundation.notifications.channels import transports
from foundation.notifications.defaults import shipped_messages
from foundation.notifications.editing import WordsForm
from foundation.notifications.manners import admin_pages  # noqa: F401  registers the rows of good manners
from foundation.notifications.models import WORDS, ChannelLimit, CountryLanguage, Message, Rule, Template
from foundation.notifications.preview import preview
from foundation.notifications.rule_editing import RuleForm
from foundation.notifications.rules import save_rule
from foundation.notifications.words import save_approved_id, save_words
from foundation.ui.places import country_name, lazy_countries


@admin.register(Rule)
class RuleAdmin(admin.ModelAdmin):
    """The same form as in the application; what a rule would have sent lately is shown there."""

    form = RuleForm
    list_display = ("key", "event", "audience", "template_key", "is_active")
    list_filter = ("is_active", "audience", "event")
    search_fields = ("key", "event", "template_key")

    def get_fieldsets(self, request: HttpRequest, obj: Rule | None = None) -> Any:
        """Every field of the form, those of channels and facts too, which only an instance of it knows."""
        return [(None, {"fields": list(RuleForm(instance=obj).fields)})]

    def get_form(self, request: HttpRequest, obj: Rule | None = None, change: bool = False, **kwargs: Any) -> Any:
        """The form as it is: its fields depend on the channels there are."""
        return RuleForm

    def save_model(self, request: HttpRequest, obj: Rule, form: Any, change: bool) -> None:
        """Through the service, so that the journal knows."""
        save_rule(obj, actor=request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Rule | None = None) -> bool:
        """A shipped rule would come back with the next start: it is switched off instead."""
        if obj is not None and obj.key in {one.key for one in shipped_messages()}:
            return False
        return super().has_delete_permission(request, obj)


class TemplateForm(WordsForm):
    """The same words as in the application's editor, one language at a time."""

    class Meta(WordsForm.Meta):
        fields = ("key", "language", *WORDS, "approved_id")


@admin.register(Template)
class TemplateAdmin(admin.ModelAdmin):
    form = TemplateForm
    list_display = ("key", "language", "subject", "version", "updated_at")
    list_filter = ("language",)
    search_fields = ("key", "subject", "body", "sms")
    readonly_fields = ("version", "placeholders", "preview_link")

    def get_readonly_fields(self, request: HttpRequest, obj: Template | None = None) -> Any:
        return (*self.readonly_fields, "key", "language") if obj else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: Template, form: Any, change: bool) -> None:
        """Changed words are a new version; each message remembers which one it was made from."""
        said = {name: form.cleaned_data[name] for name in WORDS}
        obj.pk = save_words(obj.key, obj.language, said, actor=request.user).pk
        save_approved_id(obj.key, obj.language, form.cleaned_data["approved_id"], actor=request.user)

    def get_urls(self) -> list[Any]:
        mine = path(
            "<int:pk>/preview/", self.admin_site.admin_view(self.preview_view), name="notifications_template_preview"
        )
        return [mine, *super().get_urls()]

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The words as a recipient reads them."""
        template = get_object_or_404(Template, pk=pk)
        if not self.has_view_permission(request, template):
            return HttpResponse(status=403)
        number = request.GET.get("number", "").replace("\0", "").strip()[:60]
        context = {
            **self.admin_site.each_context(request),
            "title": _t("Preview of %(template)s") % {"template": template},
            "template": template,
            "number": number,
            "preview": preview(template, request.user, number=number),
        }
        return render(request, "notifications/preview.html", context)

    @admin.display(description=_("placeholders"))
    def placeholders(self, obj: Template) -> str:
        """What these words may use."""
        names = validation.names_of_template(obj.key) if obj.pk else {}
        rows = sorted((f"{{{name}}}", str(label)) for name, label in names.items())
        return format_html("<dl>{}</dl>", format_html_join("", "<dt><code>{}</code></dt><dd>{}</dd>", rows))

    @admin.display(description=_("preview"))
    def preview_link(self, obj: Template) -> str:
        """The way to the preview."""
        if not obj.pk:
            return "–"
        url = reverse("admin:notifications_template_preview", args=[obj.pk])
        return format_html('<a href="{}">{}</a>', url, _t("Preview with a real record"))


class ChannelLimitForm(forms.ModelForm):
    """The channel is chosen by its name."""

    channel = forms.ChoiceField(label=_("channel"), choices=lambda: [(one.code, one.label) for one in transports()])

    class Meta:
        model = ChannelLimit
        fields = ("channel", "per_second", "per_minute")


@admin.register(ChannelLimit)
class ChannelLimitAdmin(admin.ModelAdmin):
    """Counts from the next claim on; a channel without a row goes as fast as it can."""

    form = ChannelLimitForm
    list_display = ("channel", "per_second", "per_minute")


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    """Messages are looked at here and worked on in the application."""

    list_display = ("created_at", "channel", "state", "to_name", "to_address", "subject_line", "attempts")
    list_filter = ("state", "channel", "language", "template_key")
    search_fields = ("to_address", "to_name", "message_id")
    date_hierarchy = "created_at"
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False


class CountryLanguageForm(forms.ModelForm):
    """The country is chosen by its name."""

    country = forms.ChoiceField(label=_("country"), choices=lazy_countries)

    class Meta:
        model = CountryLanguage
        fields = ("country", "language")


@admin.register(CountryLanguage)
class CountryLanguageAdmin(admin.ModelAdmin):
    """Counts where neither the contact nor the customer speaks a language of ours."""

    form = CountryLanguageForm
    list_display = ("country_label", "language")
    list_editable = ("language",)
    list_filter = ("language",)
    search_fields = ("country",)

    @admin.display(description=_("country"), ordering="country")
    def country_label(self, obj: CountryLanguage) -> str:
        """The country's name."""
        return country_name(obj.country)
