"""Forms for receptions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.forms.fields import (
    LineField,
    clean_phones,
    country_field,
    date_field,
    language_field,
    local_time_field,
    phone_field,
)
from crm.forms.visits import MOST_CUSTOMERS, wishes_field
from crm.models import Contact, Customer, Reception, ReceptionVisitor, Visit
from crm.selectors import holders, visible_customers
from crm.services.outcomes import NEXT_NONE, NEXT_TASK
from foundation.accounts.picking import ColleagueField
from foundation.ui.forms import SignatureField, SubjectForm, text_area
from foundation.ui.phones import LONGEST


def _people(form: forms.BaseForm, *names: str) -> None:
    """Who may host and prepare."""
    for name in names:
        field: Any = form.fields[name]
        field.queryset = holders()


def _customers(form: forms.BaseForm, actor: Any, chosen: str) -> bool:
    """Offer the chosen customer, or the visible ones; whether one is chosen."""
    field: Any = form.fields["customer"]
    rows = visible_customers(actor).active()  # type: ignore[attr-defined]
    is_chosen = chosen.isascii() and chosen.isdigit() and len(chosen) < 18
    field.queryset = rows.filter(pk=chosen) if is_chosen else rows.order_by("name")[:MOST_CUSTOMERS]
    return is_chosen


def tells_field() -> forms.BooleanField:
    """Whether the customer hears of it."""
    return forms.BooleanField(label=_("Tell the customer"), required=False, initial=True)


def head_field() -> forms.IntegerField:
    """How many come."""
    return forms.IntegerField(label=_("Expected visitors"), min_value=1, max_value=200, initial=1)


class ReceptionForm(forms.Form):
    """Who comes, when, why, and who receives them."""

    customer: Any = forms.ModelChoiceField(Customer.objects.none(), label=_("Customer"), empty_label=_("Please choose"))
    contact: Any = forms.ModelChoiceField(
        Contact.objects.none(), label=pgettext_lazy("person", "With"), required=False, empty_label="–"
    )
    purpose = LineField(label=_("Interested in"), max_length=200)
    start = local_time_field(label=_("Begins"), help_text=_("In your own time zone."))
    end = local_time_field(label=_("Ends"), required=False, help_text=_("Empty: the usual length."))
    head_count = head_field()
    language = language_field(required=False, empty=pgettext_lazy("language", "The customer's"))
    wishes = wishes_field()
    owner = ColleagueField(label=_("Host"), empty_label=None)
    assistant = ColleagueField(
        label=_("Assistant"), required=False, empty_label=_("Nobody"), help_text=_("Is told in the morning of the day.")
    )
    tells_customer = tells_field()

    def __init__(self, data: Any = None, files: Any = None, *, actor: Any, customer: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        chosen = str((data or {}).get("customer") or (customer.pk if customer else ""))
        _people(self, "owner", "assistant")
        contact: Any = self.fields["contact"]
        if _customers(self, actor, chosen):
            contact.queryset = Contact.objects.filter(customer=int(chosen), left_at=None)
        else:
            del self.fields["contact"]


class WalkInForm(forms.Form):
    """Somebody is here now: a customer whom we know, or somebody new."""

    customer: Any = forms.ModelChoiceField(
        Customer.objects.none(), label=_("Customer"), required=False, empty_label=_("Somebody new")
    )
    company_name = LineField(label=_("Company"), max_length=200, required=False, help_text=_("Only for somebody new."))
    contact_name = LineField(label=_("Name of the visitor"), max_length=120, required=False)
    country = country_field(required=False)
    email = forms.EmailField(label=_("Email"), required=False)
    phone = phone_field(_("Phone"))
    purpose = LineField(label=_("Interested in"), max_length=200)
    head_count = head_field()
    language = language_field(required=False, empty=pgettext_lazy("language", "The customer's"))
    wishes = wishes_field()
    owner = ColleagueField(label=_("Host"), empty_label=None)
    assistant = ColleagueField(label=_("Assistant"), required=False, empty_label=_("Nobody"))

    def __init__(self, data: Any = None, files: Any = None, *, actor: Any, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        _people(self, "owner", "assistant")
        _customers(self, actor, str((data or {}).get("customer") or ""))

    def clean(self) -> dict[str, Any]:
        """Somebody must be named."""
        values = super().clean() or {}
        if not values.get("customer") and "customer" not in self.errors:
            if not (values.get("company_name") or values.get("contact_name")):
                self.add_error("company_name", _("Say who is here."))
            if not values.get("country"):
                self.add_error("country", _("Say from which country."))
        clean_phones(self, values, ["phone"], values.get("country") or "")
        return values


class ChangeReceptionForm(SubjectForm):
    """What it is about, for how many, who prepares it."""

    purpose = LineField(label=_("Interested in"), max_length=200)
    contact: Any = forms.ModelChoiceField(
        Contact.objects.none(), label=pgettext_lazy("person", "With"), required=False, empty_label="–"
    )
    head_count = head_field()
    language = language_field()
    wishes = wishes_field()
    assistant = ColleagueField(label=_("Assistant"), required=False, empty_label=_("Nobody"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _people(self, "assistant")
        if self.instance is not None:
            contact: Any = self.fields["contact"]
            contact.queryset = Contact.objects.filter(customer=self.instance.customer_id, left_at=None)

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {
            "purpose": subject.purpose,
            "contact": subject.contact_id,
            "head_count": subject.head_count,
            "language": subject.language,
            "wishes": subject.wishes,
            "assistant": subject.assistant_id,
        }


class MoveForm(SubjectForm):
    """Another time."""

    start = local_time_field(label=_("Begins"), help_text=_("In your own time zone."))
    end = local_time_field(label=_("Ends"), required=False, help_text=_("Empty: as long as planned before."))
    tells_customer = tells_field()

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {"start": timezone.localtime(subject.planned_start).replace(tzinfo=None), "tells_customer": True}


class WhyForm(SubjectForm):
    """Why."""

    reason = LineField(label=_("Reason"), max_length=300)

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {}


class CancelReceptionForm(WhyForm):
    """Why, and whether the customer hears of it."""

    tells_customer = tells_field()

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {"tells_customer": True}


class VisitorForm(forms.Form):
    """What a visitor fills in and signs."""

    name = LineField(label=pgettext_lazy("of a person", "Name"), max_length=120)
    company = LineField(label=_("Company"), max_length=200, required=False)
    phone = LineField(
        label=_("Phone"), max_length=LONGEST, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    email = forms.EmailField(label=_("Email"), required=False)
    rating = forms.ChoiceField(
        label=_("How do you rate your host?"),
        choices=ReceptionVisitor.Rating.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    impression = LineField(label=_("Your impression"), max_length=500, required=False)
    assessment = LineField(label=_("Your assessment of our products"), max_length=500, required=False)
    suggestions = LineField(label=_("Your suggestions"), max_length=500, required=False)
    has_consented = forms.BooleanField(
        label=_("You may keep these details and contact me about this visit."), required=False
    )
    signature = SignatureField(label=_("Signature"))


class EndForm(SubjectForm):
    """What came of the reception, what comes next, and when we thank them."""

    result = forms.ChoiceField(label=_("Result"), choices=Visit.Result.choices, widget=forms.RadioSelect)
    discussed = text_area(_("What was discussed"), rows=5)
    feedback = text_area(_("Customer feedback"), rows=2, required=False)
    next_kind = forms.ChoiceField(
        label=_("What comes next?"),
        choices=[
            (NEXT_TASK, pgettext_lazy("next step", "A task")),
            (NEXT_NONE, pgettext_lazy("next step", "Nothing")),
        ],
        initial=NEXT_TASK,
        widget=forms.RadioSelect,
    )
    next_step = LineField(label=_("Next step"), max_length=200, required=False)
    next_step_on = date_field(label=pgettext_lazy("date", "On"), required=False)
    no_next_step_reason = LineField(label=_("Why nothing follows"), max_length=300, required=False)
    thanks = forms.ChoiceField(
        label=_("Thank the customer by message"),
        choices=Reception.Thanks.choices,
        initial=Reception.Thanks.EVENING,
        widget=forms.RadioSelect,
    )

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {"next_kind": NEXT_TASK, "thanks": Reception.Thanks.EVENING}

    def clean(self) -> dict[str, Any]:
        """A next step with its day, or a reason why nothing follows."""
        values = super().clean() or {}
        if values.get("next_kind") == NEXT_NONE:
            if not values.get("no_next_step_reason"):
                self.add_error("no_next_step_reason", _("Say why nothing follows."))
            return values
        day = values.get("next_step_on")
        if not values.get("next_step"):
            self.add_error("next_step", _("Say what comes next."))
        if day is None and "next_step_on" not in self.errors:
            self.add_error("next_step_on", _("A next step needs its day."))
        elif day is not None and day < timezone.localdate():
            self.add_error("next_step_on", _("The next step lies in the past."))
        return values
