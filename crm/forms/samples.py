"""Forms for samples."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import CurrencyField, LineField, date_field
from crm.models import Address, Contact, Customer, DecidedBy, Inquiry, Sample, SamplePolicy
from crm.models.cadence import company_today
from foundation.accounts.models import Company
from foundation.ui.forms import SubjectForm, text_area

HEARD = [choice for choice in DecidedBy.choices if choice[0] != DecidedBy.LINK]


def heard_field() -> forms.ChoiceField:
    """How the customer told us."""
    return forms.ChoiceField(label=_("How we heard of it"), choices=HEARD)


def offer(form: forms.BaseForm, name: str, rows: Any) -> None:
    """What a choice of the form offers."""
    field: Any = form.fields[name]
    field.queryset = rows


class SampleForm(forms.Form):
    """The head of a sample request of one customer; the lines stand below it."""

    contact: Any = forms.ModelChoiceField(Contact.objects.none(), label=_("Contact"), required=False, empty_label="–")
    inquiry: Any = forms.ModelChoiceField(Inquiry.objects.none(), label=_("Inquiry"), required=False, empty_label="–")
    purpose = LineField(label=_("Purpose"), max_length=200)
    wanted_on = date_field(label=_("Wanted by"), required=False)
    address: Any = forms.ModelChoiceField(
        Address.objects.none(), label=_("Delivery address"), required=False, empty_label=_("As written below")
    )
    delivery_address = text_area(
        _("Another address"), rows=4, required=False, most=600, help_text=_("Company, person, street, town, phone.")
    )
    currency = CurrencyField(label=_("Currency of the charges"))
    note = text_area(_("Note for whoever sends it"), rows=3, required=False, most=1000)

    def __init__(self, data: Any = None, files: Any = None, *, customer: Customer, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.customer = customer
        offer(self, "contact", customer.contacts.filter(left_at=None))
        offer(self, "inquiry", Inquiry.objects.filter(customer=customer.pk).only("number").order_by("-pk"))
        offer(self, "address", customer.addresses.all())

    @staticmethod
    def first_values(customer: Customer) -> dict[str, Any]:
        """The main contact, and where goods go to."""
        person = customer.contacts.filter(left_at=None).first()
        places = {one.kind: one.pk for one in reversed(customer.addresses.all())}
        place = places.get(Address.Kind.DELIVERY) or places.get(Address.Kind.OFFICE)
        return {
            "contact": person.pk if person else None,
            "address": place,
            "currency": Company.current().currency,
        }

    @staticmethod
    def values_of(sample: Sample) -> dict[str, Any]:
        """As the request stands."""
        names = ("contact_id", "inquiry_id", "purpose", "wanted_on", "delivery_address", "currency", "note")
        return {name.removesuffix("_id"): getattr(sample, name) for name in names}

    def clean(self) -> dict[str, Any]:
        """Words win over a chosen address."""
        values = super().clean() or {}
        place = values.pop("address", None)
        if not values.get("delivery_address") and place is not None:
            with translation.override(self.customer.language):
                lines = place.lines()
            phone = [str(place.phone.as_international)] if place.phone else []
            values["delivery_address"] = "\n".join([*([] if place.recipient else [self.customer.name]), *lines, *phone])
        if not values.get("delivery_address") and "delivery_address" not in self.errors:
            self.add_error("delivery_address", gettext("Say where the samples go."))
        return values


class SendForm(SubjectForm):
    """Who brings it, under which number."""

    courier = LineField(label=_("Courier"), max_length=80, widget=forms.TextInput(attrs={"list": "couriers"}))
    waybill = LineField(label=_("Waybill number"), max_length=80, required=False)
    tracking_url = forms.URLField(label=_("Tracking page"), max_length=300, required=False, assume_scheme="https")
    sent_on = date_field(label=_("Sent on"))

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {"sent_on": company_today()}


class ReceiveForm(SubjectForm):
    """When they had it in hand, and who took it."""

    received_on = date_field(label=_("Received on"))
    received_by = LineField(label=_("Received by"), max_length=120, required=False)

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {"received_on": company_today(), "received_by": subject.contact.name if subject.contact else ""}


class FollowUpForm(SubjectForm):
    """What was said, and when we ask again."""

    said = text_area(_("What was said"), rows=3, most=1000)
    ask_again_on = date_field(label=_("Ask again on"))

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {"ask_again_on": company_today() + timedelta(days=SamplePolicy.current().follow_up_days)}


class _Decision(SubjectForm):
    """Who decided, how we know, and about which lines where there are several."""

    all_ticked = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(self.instance.lines.all()) if self.instance is not None else []
        if len(rows) < 2:
            del self.fields["lines"]
            return
        field: Any = self.fields["lines"]
        field.choices = [(str(row.pk), " · ".join(p for p in (row.description, row.variant) if p)) for row in rows]
        field.initial = [str(row.pk) for row in rows]

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {"name": subject.contact.name if subject.contact else ""}

    def clean_lines(self) -> list[int]:
        return [int(one) for one in self.cleaned_data["lines"]]


class ApproveForm(_Decision):
    """The customer wants it."""

    name = LineField(label=_("Who approves"), max_length=120)
    via = heard_field()
    lines = forms.MultipleChoiceField(label=_("Which ones are fine"), widget=forms.CheckboxSelectMultiple)
    note = text_area(_("What was said"), rows=2, required=False, most=1000)


class RejectForm(_Decision):
    """The customer says no."""

    name = LineField(label=_("Who rejects"), max_length=120)
    via = heard_field()
    lines = forms.MultipleChoiceField(label=_("Which ones are not right"), widget=forms.CheckboxSelectMultiple)
    reason = text_area(_("What is not right"), rows=3, most=1000)


class WhyForm(SubjectForm):
    """Why."""

    reason = text_area(_("Reason"), rows=2, most=1000)

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {}


class AgainForm(SubjectForm):
    """By when, and what to do otherwise."""

    wanted_on = date_field(label=_("Wanted by"), required=False)
    note = text_area(_("What should be different this time"), rows=3, most=1000)

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {"note": subject.reason}
