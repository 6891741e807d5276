"""Rules and templates to edit, messages to look at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from foundation.accounts.audiences import audience_choices
from foundation.journal import registry
from foundation.notifications import channels, subjects, validation
from foundation.notifications.defaults import shipped_messages
from foundation.notifications.models import Message, Rule, Template
from foundation.notifications.preview import preview

WORDS = ("subject", "body", "sms")


class ChannelsField(forms.CharField):
    """Channels in order, separated by commas."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        names = value if isinstance(value, list) else str(value or "").split(",")
        return [name for one in names if (name := str(one).strip())]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


class RuleForm(forms.ModelForm):
    """A rule, with what can be chosen."""

    channels = ChannelsField(label=_("Channels"), help_text=_("In order of preference, separated by commas."))

    class Meta:
        model = Rule
        fields = (
            "key", "event", "audience", "template_key", "channels", "every_channel", "condition", "delay", "attach", "is_urgent", "is_active",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        none = [("", "---------")]
        keys = Template.objects.order_by("key").values_list("key", flat=True).distinct()
        choices: dict[str, list[tuple[str, Any]]] = {
            "event": [(one.code, one.code) for one in registry.all_types()],
            "audience": audience_choices(),
            "template_key": [(key, key) for key in keys],
            "attach": subjects.papers_choices(),
        }
        for name, offered in choices.items():
            if name in self.fields:
                old = self.fields[name]
                self.fields[name] = forms.ChoiceField(
                    label=old.label, choices=none + offered, required=old.required, help_text=old.help_text
                )
        if "channels" in self.fields:
            self.fields["channels"].help_text = _t("In order of preference, separated by commas: %(names)s.") % {
                "names": ", ".join(channels.codes())
            }


@admin.register(Rule)
class RuleAdmin(admin.ModelAdmin):
    form = RuleForm
    list_display = ("key", "event", "audience", "template_key", "is_active")
    list_filter = ("is_active", "audience", "event")
    search_fields = ("key", "event", "template_key")

    def has_delete_permission(self, request: HttpRequest, obj: Rule | None = None) -> bool:
        """A shipped rule would come back with the next start: it is switched off instead."""
        if obj is not None and obj.key in {one.key for one in shipped_messages()}:
            return False
        return super().has_delete_permission(request, obj)


class TemplateForm(forms.ModelForm):
    """Words whose placeholders are known to every rule that sends them."""

    class Meta:
        model = Template
        fields = ("key", "language", *WORDS)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        key = values.get("key") or self.instance.key
        try:
            validation.check_words({name: values.get(name) or "" for name in WORDS}, validation.names_of_template(key))
        except ValidationError as refusal:
            self.add_error(None, refusal)
        return values


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
        if change and set(WORDS) & set(form.changed_data):
            obj.version += 1
        super().save_model(request, obj, form, change)

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
