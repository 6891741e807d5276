"""Who would get an inquiry: the question to try the rules with; and a rule as an administrator fills it in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import LineField, country_field, language_field, region_field
from crm.models import Inquiry, RoutingRule
from crm.selectors import known_region
from foundation.ui.forms import text_area
from foundation.ui.places import countries, country_name, customer_languages
from foundation.ui.regions import is_listed, is_region


class TryForm(forms.Form):
    """An inquiry that nobody sent."""

    language = language_field()
    country = country_field(required=False)
    region = region_field()
    channel = forms.ChoiceField(label=_("Channel"), choices=Inquiry.Channel.choices)
    number = LineField(
        label=_("Customer's number"), max_length=24, required=False, help_text=_("For instance C-00042.")
    )
    text = text_area(_("Question or product"), rows=3, required=False, most=5000)

    def __init__(self, data: Any = None, *, user: Any) -> None:
        super().__init__(data)
        self.user = user
        self.customer: Any = None

    def clean_number(self) -> str:
        """A customer whom the reader may see."""
        from crm.selectors import visible_customers

        number = str(self.cleaned_data["number"])
        if number:
            self.customer = visible_customers(self.user).filter(number__iexact=number).select_related("owner").first()
            if self.customer is None:
                raise forms.ValidationError(gettext("You know no customer of this number."))
        return number

    def as_inquiry(self) -> Inquiry:
        """Not saved, and never will be."""
        values = self.cleaned_data
        country = values["country"] or (self.customer.country if self.customer else "")
        return Inquiry(
            language=values["language"],
            country=country,
            region=values["region"] or known_region(self.customer, country),
            channel=values["channel"],
            customer=self.customer,
            text=values["text"],
        )


class RuleForm(forms.ModelForm):
    """Countries, languages and channels are chosen, not typed."""

    countries = forms.MultipleChoiceField(label=_("countries"), choices=countries, required=False)
    languages = forms.MultipleChoiceField(label=_("languages"), choices=customer_languages, required=False)
    channels = forms.MultipleChoiceField(
        label=_("channels"), choices=Inquiry.Channel.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = RoutingRule
        fields = (
            "name",
            "position",
            "is_active",
            "countries",
            "regions",
            "languages",
            "channels",
            "families",
            "words",
            "person",
            "team",
            "must_speak",
            "least_level",
        )

    def clean_regions(self) -> str:
        """Below their countries; where we have a list of a country's, only what is on it."""
        lands, written = self.cleaned_data.get("countries") or [], str(self.cleaned_data["regions"] or "")
        lines = [" ".join(line.split()) for line in written.splitlines() if line.strip()]
        if lines and not lands:
            raise forms.ValidationError(gettext("Choose the country of these provinces or states, too."))
        strangers = [one for one in lines if not any(is_region(land, one) for land in lands)]
        if strangers and all(is_listed(land) for land in lands):
            words = {"names": ", ".join(strangers), "countries": ", ".join(country_name(land) for land in lands)}
            raise forms.ValidationError(gettext("No province or state of %(countries)s: %(names)s.") % words)
        return "\n".join(dict.fromkeys(lines))

    def clean(self) -> dict[str, Any]:
        """Somebody must get it."""
        values = super().clean() or {}
        if not values.get("person") and not values.get("team"):
            self.add_error("person", gettext("Say who gets these inquiries: a person, a team, or both."))
        return values
