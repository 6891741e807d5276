"""Forms for customers, contacts and addresses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.forms.fields import (
    LineField,
    clean_phones,
    country_field,
    language_field,
    local_time_field,
    phone_field,
)
from crm.forms.own import OwnFields
from crm.models import Contact, Customer
from crm.tax_numbers import complaint
from foundation.accounts.models import validate_time_zone
from foundation.accounts.picking import ColleagueField
from foundation.calendars.models import Calendar
from foundation.calendars.selectors import calendar_of_customer

PHONE_HINT = _("As it is dialled in the customer's country, or with the country code.")
__all__ = ["ContactForm", "CustomerForm", "NewCustomerForm", "local_time_field"]


class VersionedForm(forms.Form):
    """Carries the version that the person saw, so that nobody's change is overwritten unseen."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class CustomerForm(OwnFields, VersionedForm):  # type: ignore[misc]
    """Who the customer is and how we write to them."""

    name = LineField(label=_("Name"), max_length=200)
    local_name = LineField(label=_("Name in the customer's script"), max_length=200, required=False)
    country = country_field()
    kind = forms.ChoiceField(label=_("Kind"), choices=Customer.Kind.choices, initial=Customer.Kind.IMPORTER)
    tier = forms.ChoiceField(label=_("Tier"), choices=Customer.Tier.choices, initial=Customer.Tier.ORDINARY)
    language = language_field(required=False, empty=_("As usual in the country"))
    time_zone = LineField(
        label=_("Time zone"),
        max_length=64,
        required=False,
        help_text=_("For instance Europe/Berlin. Empty: the usual one of the country."),
    )
    owner = ColleagueField(label=_("Owner"), required=False, empty_label=_("Nobody yet"))
    service_owner = ColleagueField(
        label=_("Service owner"),
        required=False,
        empty_label=_("Nobody"),
        help_text=_("Looks after complaints and questions of a key account, beside the owner."),
    )
    source = forms.ChoiceField(label=_("Source"), choices=Customer.Source.choices, initial=Customer.Source.OTHER)
    industry = LineField(label=_("Industry"), max_length=120, required=False)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    tax_number = LineField(label=_("Tax number"), max_length=40, required=False)
    working_calendar = forms.ModelChoiceField(
        label=_("Agreed working calendar"),
        queryset=Calendar.objects.all(),
        required=False,
        empty_label=_("As each promise says"),
        help_text=_("Promises in working hours that start from now on count in these hours."),
    )
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, actor: Any, own: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_own_fields(own)
        if not actor.has_perm("calendars.change_calendaruse"):
            del self.fields["working_calendar"]
        # Handing customers over is a manager's: a salesperson's new customer is their own.
        if not actor.has_perm("crm.view_all_customers"):
            del self.fields["owner"]

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"]
        if zone:
            validate_time_zone(zone)
        return zone

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        number = values.get("tax_number", "")
        if number and "tax_number" in self.changed_data and (wrong := complaint(number, values.get("country", ""))):
            self.add_error("tax_number", wrong)
        return values

    def changes(self) -> dict[str, Any]:
        """What a service takes to change the customer: empty zone and language stay as they are."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        values["own"] = self.take_own(values)
        return {k: v for k, v in values.items() if not (k in ("time_zone", "language") and not v)}

    @classmethod
    def values_of(cls, customer: Customer) -> dict[str, Any]:
        """What the form starts with."""
        names = [name for name in cls.base_fields if name != "working_calendar"]
        values = {name: getattr(customer, name) for name in names}
        return {**values, "working_calendar": calendar_of_customer(customer.pk)}


class NewCustomerForm(CustomerForm):
    """A new customer, with the person whom we know there."""

    contact_name = LineField(label=_("Contact"), max_length=120, required=False)
    contact_position = LineField(label=_("Position"), max_length=120, required=False)
    contact_email = forms.EmailField(label=_("Email address"), required=False)
    contact_phone = phone_field(_("Phone"), help_text=PHONE_HINT)
    contact_mobile = phone_field(_("Mobile phone"))
    duplicate_reason = LineField(label=_("Why this is another customer"), max_length=500, required=False)

    field_order = ["name", "local_name", "country", "contact_name", "contact_position", "contact_email", "contact_phone",
                   "contact_mobile", "kind", "tier", "source", "owner", "language", "time_zone", "industry", "website",
                   "tax_number", "remark", "duplicate_reason"]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("working_calendar", None)  # agreed later, with a customer whom we know
        del self.fields["service_owner"]
        if not self.data.get("duplicate_reason"):
            self.fields["duplicate_reason"].widget = forms.HiddenInput()

    def ask_why(self) -> None:
        """There are customers like it: the field that was hidden is asked for."""
        self.fields["duplicate_reason"].widget = forms.TextInput()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        clean_phones(self, values, ("contact_phone", "contact_mobile"), values.get("country", ""))
        reached = [name for name in ("contact_email", "contact_phone", "contact_mobile") if values.get(name)]
        if reached and not values.get("contact_name") and "contact_name" not in self.errors:
            self.add_error("contact_name", _("Whose address is this? Give the contact's name."))
        return values

    def customer_values(self) -> dict[str, Any]:
        """What `create_customer` takes."""
        values = dict(self.cleaned_data)
        own = self.take_own(values)
        contact = {
            name.removeprefix("contact_"): value for name, value in values.items() if name.startswith("contact_")
        }
        rest = {
            k: v for k, v in values.items() if not k.startswith("contact_") and k not in ("version", "duplicate_reason")
        }
        return {**rest, "own": own, "main_contact": contact if contact["name"] else None}


class ContactForm(VersionedForm):
    """Somebody at the customer."""

    name = LineField(label=pgettext_lazy("of a person", "Name"), max_length=120)
    position = LineField(label=_("Position"), max_length=120, required=False)
    email = forms.EmailField(label=_("Email address"), required=False)
    phone = phone_field(_("Phone"), help_text=PHONE_HINT)
    mobile = phone_field(_("Mobile phone"))
    other_email = forms.EmailField(label=_("Second email address"), required=False)
    language = language_field(required=False, empty=_("The customer's language"))
    preferred_channel = forms.ChoiceField(label=_("Preferred channel"), choices=Contact.Channel.choices)
    is_main = forms.BooleanField(label=_("Main contact"), required=False)
    is_decision_maker = forms.BooleanField(label=_("Decides about purchases"), required=False)
    no_email = forms.BooleanField(label=_("Wants no emails"), required=False)
    no_sms = forms.BooleanField(label=_("Wants no text messages"), required=False)
    no_calls = forms.BooleanField(label=_("Wants no calls"), required=False)
    remark = LineField(label=_("Remark"), max_length=300, required=False)

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        self.customer = customer
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        clean_phones(self, values, ("phone", "mobile"), self.customer.country)
        return values

    def values(self) -> dict[str, Any]:
        """What the services take."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    @classmethod
    def values_of(cls, contact: Contact) -> dict[str, Any]:
        """What the form starts with; numbers as people write them."""
        return {name: getattr(contact, name) for name in cls.base_fields}
