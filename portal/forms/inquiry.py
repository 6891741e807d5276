"""The inquiry form that everybody may fill in."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.ui.forms import ManyFilesField
from foundation.ui.phones import LONGEST, parse_phone
from foundation.ui.places import countries
from foundation.ui.selects import LongChoiceField

KEY_LENGTH = 32


def one_line(text: str) -> str:
    """Names and subjects go into letters' heads: one line, single spaces."""
    return " ".join(text.split())


def new_key() -> str:
    """What makes a second press of Send the same inquiry."""
    return secrets.token_hex(KEY_LENGTH // 2)


class InquiryForm(forms.Form):
    """In the order in which a person would tell it; an email address or a telephone number is needed."""

    contact_name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    company_name = forms.CharField(
        label=_("Company"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    country = LongChoiceField(label=_("Country"), choices=lambda: [("", gettext("Please choose")), *countries()])
    region = forms.CharField(label=_("Province or state"), max_length=80, required=False)
    email = forms.EmailField(
        label=_("Email address"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=LONGEST,
        required=False,
        help_text=_("As you dial it in your country, or with the country code."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    subject = forms.CharField(label=pgettext_lazy("subject", "What is it about?"), max_length=200)
    product_interest = forms.CharField(
        label=_("Product"), max_length=200, required=False, help_text=_("For instance SPC flooring, glass partition.")
    )
    text = forms.CharField(label=_("Your question"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 7}))
    urgent = forms.BooleanField(label=_("It is urgent"), required=False)
    attachments = ManyFilesField(label=_("Drawings or pictures"), required=False, most=5)
    has_consented = forms.BooleanField(
        label=_("I agree that you keep what I write here in order to answer me."),
        error_messages={"required": _("We need your agreement to be able to answer.")},
    )
    key = forms.CharField(widget=forms.HiddenInput(attrs={"data-token": True}), max_length=64, required=False)
    # People never see this field; programs that fill in everything do.
    website = forms.CharField(required=False, max_length=500)

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.fields["key"].initial = new_key()

    def clean_contact_name(self) -> str:
        return one_line(self.cleaned_data["contact_name"])

    def clean_company_name(self) -> str:
        return one_line(self.cleaned_data["company_name"])

    def clean_region(self) -> str:
        return one_line(self.cleaned_data["region"])

    def clean_subject(self) -> str:
        return one_line(self.cleaned_data["subject"])

    def clean_product_interest(self) -> str:
        return one_line(self.cleaned_data["product_interest"])

    def clean(self) -> dict[str, Any]:
        """A way to answer must be left, and a phone must be understood by its country."""
        values = super().clean() or {}
        if values.get("phone"):
            try:
                parse_phone(values["phone"], values.get("country", ""))
            except forms.ValidationError as error:
                self.add_error("phone", error)
        if not values.get("email") and not values.get("phone") and not {"email", "phone"} & set(self.errors):
            self.add_error("email", gettext("Leave us an email address or a telephone number, so that we can answer."))
        return values

    @property
    def is_from_a_program(self) -> bool:
        """Whether the field that people cannot see was filled in."""
        return bool(self.data.get("website", "").strip())
