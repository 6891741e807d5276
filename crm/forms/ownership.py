"""Forms about whose a customer is: releasing, keeping, handing over, assigning, asking, merging."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.forms.fields import LineField, date_field
from crm.models import Customer
from crm.openwork import open_work
from foundation.accounts.picking import ColleagueField
from foundation.ui.forms import SubjectForm, text_area


class ReleaseForm(SubjectForm):
    """Why the customer goes into the pool."""

    reason = text_area(_("Reason"), rows=3, most=500)


class KeepForm(SubjectForm):
    """Until when a manager keeps a customer from the pool, and why."""

    until = date_field(label=pgettext_lazy("date", "Until"))
    reason = text_area(_("Reason"), rows=2, most=500)

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {"until": subject.kept_until}


class HandOverForm(SubjectForm):
    """To whom, what they must know, and which open work goes with it. Remembers from whom."""

    owner = ColleagueField(label=pgettext_lazy("person", "To"), empty_label=_("Please choose"))
    note = text_area(_("What the new owner must know"), rows=4, most=2000)
    work = forms.MultipleChoiceField(
        label=_("Open work that goes along"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What is not ticked stays with whoever has it."),
    )
    tell_customer = forms.BooleanField(label=_("Tell the customer who is in charge from now on"), required=False)
    was_owner = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = open_work(self.instance)
        field: Any = self.fields["work"]
        field.choices = [(one.value, one.label) for one in found]
        if not found:
            del self.fields["work"]
        else:
            field.initial = [one.value for one in found]

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {"was_owner": subject.owner_id}

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        values = self.cleaned_data
        work = [(code, int(key)) for code, _colon, key in (one.partition(":") for one in values.get("work", []))]
        return {**values, "work": work}


class AssignPoolForm(forms.Form):
    """To whom customers of the pool are given."""

    owner = ColleagueField(label=pgettext_lazy("person", "To"), empty_label=_("Please choose"))
    pk = forms.ModelMultipleChoiceField(Customer.objects.none(), widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pk"].queryset = rows  # type: ignore[attr-defined]


class AskForm(forms.Form):
    """Why somebody needs a customer of a colleague's."""

    note = text_area(_("Why do you need this customer?"), rows=3, most=1000)


class AnswerForm(SubjectForm):
    """A word to whoever asked."""

    reason = text_area(_("A word to the colleague"), rows=2, required=False, most=1000)

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {}


class RefuseForm(SubjectForm):
    """Why not."""

    reason = text_area(_("Reason"), rows=3, most=1000)

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {}


class ApartForm(forms.Form):
    """Why two customers that look alike are two."""

    reason = text_area(_("How do you know?"), rows=2, most=500)


class OtherForm(SubjectForm):
    """With which customer this one is compared."""

    number = LineField(label=_("The other customer's number"), max_length=24, help_text=_("For instance C-00042."))

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {}
