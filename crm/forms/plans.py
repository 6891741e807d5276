"""Forms of account plans."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.forms.customers import VersionedForm
from crm.forms.fields import CurrencyField, LineField, date_field
from crm.models import AccountPlan, Contact, GivenUp, PlanPerson
from foundation.accounts.picking import ColleagueField
from foundation.ui.forms import SubjectForm, text_area
from foundation.ui.numbers import AmountField


def refuse_past_review(day: date | None) -> None:
    """What is planned lies ahead."""
    if day is not None and day < timezone.localdate():
        raise forms.ValidationError(_("The next review lies in the past."))


class PlanForm(VersionedForm):
    """What we want to reach, and what is in the way."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2200)
    owner = ColleagueField(label=_("Leads the plan"), required=False, empty_label=_("The customer's owner"))
    goals = text_area(pgettext_lazy("account plan", "Goals"), rows=4, required=False)
    volume_goal = AmountField(
        label=_("Volume wanted"),
        max_digits=14,
        decimal_places=2,
        required=False,
        validators=[MinValueValidator(0)],
        help_text=_("Orders of the year, in the currency of the plan."),
    )
    potential = AmountField(
        label=_("Potential"),
        max_digits=14,
        decimal_places=2,
        required=False,
        validators=[MinValueValidator(0)],
        help_text=_("What they buy in a year altogether, of everybody."),
    )
    currency = CurrencyField(label=_("Currency"), initial="USD")
    competitors = text_area(_("Competitors"), rows=3, required=False)
    risks = text_area(_("Risks"), rows=3, required=False)
    review_on = date_field(label=_("Next review"), required=False)

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["year"]

    def clean_review_on(self) -> date | None:
        """Not in the past, unless it stands there already."""
        day: date | None = self.cleaned_data["review_on"]
        if day != self.initial.get("review_on"):
            refuse_past_review(day)
        return day

    def values(self) -> dict[str, Any]:
        """What the services take."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    @classmethod
    def values_of(cls, plan: AccountPlan) -> dict[str, Any]:
        """What the form starts with."""
        return {name: getattr(plan, name) for name in cls.base_fields}


class ReviewForm(SubjectForm):
    """What came out of the review, and when the next one is."""

    outcome = text_area(_("What came out"), rows=4)
    review_on = date_field(label=_("Next review"), required=False)

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {}

    def clean_review_on(self) -> Any:
        """Not in the past."""
        refuse_past_review(self.cleaned_data["review_on"])
        return self.cleaned_data["review_on"]


class PersonForm(SubjectForm):
    """What somebody means for the plan."""

    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Contact"))
    influence = forms.ChoiceField(label=_("Influence"), choices=PlanPerson.Influence.choices)
    attitude = forms.ChoiceField(label=_("Attitude"), choices=PlanPerson.Attitude.choices, initial="open")
    remark = LineField(label=_("Remark"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["contact"]
        people.queryset = Contact.objects.filter(customer=self.instance.customer_id, left_at=None)

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {}


class GiveUpForm(SubjectForm):
    """Why nobody works at it any more."""

    reason = forms.ChoiceField(label=_("Reason"), choices=GivenUp.Reason.choices)
    note = LineField(label=_("Note"), max_length=300, required=False)
