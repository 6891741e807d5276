"""What another machine may say of an inquiry, and what is wrong with it, field by field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import LineField, country_field, language_field, region_field
from crm.models import Inquiry, InquirySource
from foundation.ui.phones import LONGEST, parse_phone


class PostForm(forms.Form):
    """The fields of a post. A telephone number is refused with an example where nobody could dial it."""

    contact_name = LineField(label=_("Name of the sender"), max_length=120)
    company_name = LineField(label=_("Company"), max_length=200, required=False)
    country = country_field(required=False)
    region = region_field()
    email = forms.EmailField(label=_("Email address"), required=False)
    phone = LineField(label=_("Phone"), max_length=LONGEST, required=False)
    language = language_field(required=False)
    channel = forms.ChoiceField(label=_("Channel"), choices=Inquiry.Channel.choices, required=False)
    priority = forms.ChoiceField(label=_("Priority"), choices=Inquiry.Priority.choices, required=False)
    subject = LineField(label=_("Subject"), max_length=200)
    product_interest = LineField(label=_("Product"), max_length=200, required=False)
    text = forms.CharField(label=_("Question"), max_length=20_000)
    has_consented = forms.BooleanField(label=_("Consent"), required=False)

    def __init__(self, data: dict[str, Any], *, source: InquirySource) -> None:
        super().__init__(data)
        self.source = source
        self.strangers = sorted(set(data) - set(self.fields))

    def clean(self) -> dict[str, Any]:
        """A way to answer is needed; what is left out comes from the source."""
        values = super().clean() or {}
        for name in self.fields:
            if name in self.data and not isinstance(self.data[name], (str, bool)) and self.data[name] is not None:
                self.add_error(name, gettext("Write this as a text."))
        for name in self.strangers[:20]:
            self.errors.setdefault(str(name)[:60], self.error_class()).append(gettext("There is no such field."))
        if values.get("phone"):
            try:
                values["phone"] = parse_phone(values["phone"], values.get("country", ""))
            except forms.ValidationError as error:
                self.add_error("phone", error)
        if not values.get("email") and not values.get("phone") and not {"email", "phone"} & set(self.errors):
            self.add_error("email", gettext("Give an email address or a telephone number, so that we can answer."))
        values["language"] = values.get("language") or self.source.language
        values["channel"] = values.get("channel") or self.source.channel
        values["priority"] = values.get("priority") or Inquiry.Priority.NORMAL
        return values
