"""Forms about people and the company."""

from __future__ import annotations

import zoneinfo
from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.accounts.models import Company, Team, User, UserLanguage
from foundation.accounts.roles import role_label
from foundation.accounts.selectors import assignable_roles
from foundation.journal.contents import EXTENSIONS, Unacceptable, judge
from foundation.ui.places import lazy_countries, lazy_customer_languages

MOST_LANGUAGES = 12


@lru_cache(maxsize=1)
def zone_choices() -> list[tuple[str, str]]:
    """Every zone that people would choose, by its name in the zone database."""
    zones = sorted(
        zone
        for zone in zoneinfo.available_timezones()
        if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/", "posix/", "right/"))
    )
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in zones)]


class ZoneField(forms.ChoiceField):
    """A time zone; one that is stored but no longer offered stays possible."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Time zone"), "choices": zone_choices, **kwargs})

    def valid_value(self, value: Any) -> bool:
        return value in zoneinfo.available_timezones()


class ProfileForm(forms.ModelForm):
    """What everybody says about themselves. Address, role and team are the administrator's."""

    time_zone = ZoneField()

    class Meta:
        model = User
        fields = ("name", "position", "phone", "language", "time_zone", "theme", "density", "single_key_shortcuts")
        help_texts = {
            "phone": _("With the country code, such as +49 30 901820."),
            "single_key_shortcuts": _("Switch this off if keys pressed by mistake or by speech input lead you astray."),
        }


class LanguageForm(forms.ModelForm):
    """A language that somebody works in; inquiries in it may come to them."""

    language = forms.ChoiceField(label=_("Language"), choices=[("", "–")], required=False)

    class Meta:
        model = UserLanguage
        fields = ("language", "level")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", "–"), *lazy_customer_languages()]  # type: ignore[attr-defined]
        self.empty_permitted = self.empty_permitted or not self.instance.pk

    def has_changed(self) -> bool:
        """A row without a language is no row, whatever level it offers."""
        if not self.instance.pk and self.is_bound and not self.data.get(self.add_prefix("language")):
            return False
        return super().has_changed()

    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"]
        if self.instance.pk and not language:
            raise forms.ValidationError(_t("Choose a language, or tick “Delete”."), code="required")
        return language


class LanguageRows(forms.BaseInlineFormSet):
    """Each language once, said in words that people use."""

    def get_unique_error_message(self, unique_check: Any) -> str:
        return _t("A language stands in the list twice.")

    def get_form_error(self) -> str:
        return _t("This language is in the list already.")


LanguageFormSet = forms.inlineformset_factory(
    User,
    UserLanguage,
    form=LanguageForm,
    formset=LanguageRows,
    extra=1,
    max_num=MOST_LANGUAGES,
    validate_max=True,
    can_delete=True,
    can_delete_extra=False,
)


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=120)
    email = forms.EmailField(label=_("Email address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"))
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.all(), required=False, empty_label="–")
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", "–"), *assignable_roles(actor)]  # type: ignore[attr-defined]
        self.fields["language"].initial = actor.language

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(_t("This address has an account already."), code="unique")
        return email


class JoinForm(forms.Form):
    """The first password, and how the person wants to be met."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = ZoneField()
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("At least ten characters. A few words in a row are easy to keep and hard to guess."),
    )
    password_again = forms.CharField(
        label=_("Password, once more"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password = cleaned.get("password")
        if password:
            try:
                password_validation.validate_password(password, self.user)
            except forms.ValidationError as error:
                self.add_error("password", error)
            again = cleaned.get("password_again")
            if again and again != password:
                self.add_error("password_again", forms.ValidationError(_t("The two do not agree."), code="differs"))
        return cleaned


class CompanyForm(forms.ModelForm):
    """The company's settings."""

    time_zone = ZoneField()
    country = forms.ChoiceField(label=_("Country"), choices=lazy_countries)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")

    class Meta:
        model = Company
        fields = (
            "name",
            "logo",
            "accent",
            "address",
            "country",
            "phone",
            "email",
            "website",
            "time_zone",
            "default_language",
            "currency",
            "mail_from_name",
            "mail_from_address",
            "sms_sender",
            "emergency_contact",
            "emergency_phone",
            "bank_details",
            "letter_footer",
        )
        help_texts = {
            "logo": _("JPEG, PNG or WebP, on a transparent or white ground; it stands on pages, letters and papers."),
            "accent": _("For buttons and links, as # and six digits. Colours that cannot be read are darkened."),
            "default_language": _("For customers and pages whose language nobody knows."),
            "mail_from_address": _("The mail server must be allowed to send for it. Empty: the installation's own."),
            "emergency_contact": _("Named in automatic replies outside business hours."),
        }
        widgets = {
            "accent": forms.TextInput({"type": "color"}),
            "logo": forms.ClearableFileInput({"accept": "image/jpeg,image/png,image/webp"}),
            "address": forms.Textarea({"rows": 4}),
            "bank_details": forms.Textarea({"rows": 4}),
            "letter_footer": forms.Textarea({"rows": 3}),
        }

    def clean_currency(self) -> str:
        currency: str = self.cleaned_data["currency"].upper()
        if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
            raise forms.ValidationError(_t("A currency has three letters, such as USD."), code="invalid")
        return currency

    def clean_logo(self) -> Any:
        """A new picture is judged and drawn again like every other upload, and loses the name it came with."""
        logo = self.cleaned_data.get("logo")
        if not isinstance(logo, UploadedFile):
            return logo
        try:
            content = judge(logo.read(), name=logo.name or "without-ending")
        except Unacceptable as error:
            raise forms.ValidationError(str(error), code="invalid") from error
        if not content.media_type.startswith("image/"):
            raise forms.ValidationError(_t("A logo is a picture: JPEG, PNG or WebP."), code="invalid")
        ending = {"image/jpeg": "jpg"}.get(content.media_type) or min(EXTENSIONS[content.media_type])
        return ContentFile(content.data, name=f"logo.{ending}")


def role_text(user: User) -> str:
    """The roles of a person, in the reader's language."""
    return ", ".join(role_label(group.name) for group in user.groups.all())
