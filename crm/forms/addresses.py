"""The form of an address: the parts that its country writes, in the order in which people there tell them."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import LineField, clean_phones, country_field, phone_field
from crm.models import Address
from foundation.ui import postal
from foundation.ui.escape import esc
from foundation.ui.places import country_name, is_country
from foundation.ui.selects import LongSelect

RESHAPE = "reshape"


class CountrySelect(LongSelect):
    """The country, and the way to the form that fits it: pressed by a script as soon as another one is chosen."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The select, and the button for browsers without scripts."""
        drawn = super().render(name, value, {**(attrs or {}), "data-reshape": RESHAPE}, renderer)
        label = esc(gettext("Show the form of this country"))
        return mark_safe(f'{drawn}<button class="btn no-js" name="{RESHAPE}" value="1">{label}</button>')


class AddressForm(forms.Form):
    """A place. `country` is the one whose form is shown before anything was sent."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Address.Kind.choices)
    country = country_field()
    recipient = LineField(label=_("Company or recipient"), max_length=200, required=False)
    contact_name = LineField(label=_("Contact on site"), max_length=120, required=False)
    street = LineField(label=_("Street and number"), max_length=250)
    district = LineField(label=_("District"), max_length=120, required=False)
    city = LineField(label=_("City"), max_length=120)
    region = LineField(label=_("Province or state"), max_length=80, required=False)
    postal_code = LineField(label=_("Postal code"), max_length=20, required=False)
    phone = phone_field(_("Phone"))
    latitude = forms.DecimalField(
        label=_("Latitude"),
        min_value=-90,
        max_value=90,
        max_digits=9,
        decimal_places=6,
        required=False,
        help_text=_("In degrees, for instance 53.5413. With it, travel times are estimated."),
    )
    longitude = forms.DecimalField(
        label=_("Longitude"), min_value=-180, max_value=180, max_digits=9, decimal_places=6, required=False
    )
    is_default = forms.BooleanField(label=_("The usual one of its kind"), required=False)
    remark = LineField(label=_("Remark"), max_length=300, required=False)

    def __init__(self, *args: Any, country: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].widget = CountrySelect(choices=cast(Any, self.fields["country"]).choices)
        shown = str(self.data.get("country") or country) if self.is_bound else country
        self.form_of_country = form = postal.form_of(shown)
        for part in postal.PARTS:
            if part not in form.parts and not (self.data if self.is_bound else self.initial).get(part):
                del self.fields[part]  # what somebody has entered all the same is shown
                continue
            field = self.fields[part]
            field.label = cast(Any, form.label(part))
            field.required = part in form.required
        if form.example and "postal_code" in self.fields:
            self.fields["postal_code"].help_text = gettext("For instance %(example)s.") % {"example": form.example}
        people = ["recipient", "contact_name"]
        order = [*form.parts, *people] if form.local else [*people, *form.parts]
        self.order_fields(["kind", "country", *order])

    def clean_postal_code(self) -> str:
        """As it is kept; refused when no code of the country looks so."""
        code, form = postal.tidy_code(self.cleaned_data["postal_code"]), self.form_of_country
        if code and not form.fits(code):
            country = str(self.data.get("country") or "")
            raise forms.ValidationError(
                _("A postal code in %(country)s looks like %(example)s."),
                code="postal_code",
                params={"country": country_name(country) if is_country(country) else country, "example": form.example},
            )
        return code

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        clean_phones(self, values, ("phone",), values.get("country", ""))
        for here, there in (("latitude", "longitude"), ("longitude", "latitude")):
            if values.get(here) is not None and values.get(there) is None and there not in self.errors:
                self.add_error(there, _("A position needs both numbers."))
        return values

    def values(self) -> dict[str, Any]:
        """What the services take: parts that the country does not write are empty."""
        return {**dict.fromkeys(postal.PARTS, ""), **self.cleaned_data}

    @classmethod
    def values_of(cls, address: Address) -> dict[str, Any]:
        """What the form starts with."""
        return {name: getattr(address, name) for name in cls.base_fields}
