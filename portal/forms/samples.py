"""The customer's word on samples and drawings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.ui.forms import ManyFilesField


def _name() -> forms.CharField:
    return forms.CharField(
        label=_("Your full name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


def _words(label: Any, *, required: bool, most: int = 1000) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=required, widget=forms.Textarea(attrs={"rows": 3}))


class _SampleForm(forms.Form):
    """Which lines it is about, where there are several."""

    def __init__(self, data: Any = None, *, lines: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if len(lines) < 2:
            del self.fields["lines"]
            return
        field: Any = self.fields["lines"]
        field.choices = [(str(one["pk"]), " · ".join(p for p in (one["name"], one["variant"]) if p)) for one in lines]
        field.initial = [str(one["pk"]) for one in lines]

    def clean_lines(self) -> list[int]:
        return [int(one) for one in self.cleaned_data["lines"]]


class ApproveSampleForm(_SampleForm):
    """Yes, and who says so."""

    lines = forms.MultipleChoiceField(label=_("Which ones suit you?"), widget=forms.CheckboxSelectMultiple)
    name = _name()
    note = _words(_("Anything else?"), required=False)


class RejectSampleForm(_SampleForm):
    """No, and why."""

    lines = forms.MultipleChoiceField(label=_("Which ones do not suit you?"), widget=forms.CheckboxSelectMultiple)
    name = _name()
    reason = _words(_("What is not right?"), required=True)


class ApproveDrawingsForm(forms.Form):
    """Yes to exactly this revision."""

    name = _name()
    remark = _words(_("Anything else?"), required=False, most=2000)
    agrees = forms.BooleanField(label=_("I have looked at the drawings and approve them on behalf of my company."))
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ChangesForm(forms.Form):
    """What should be different."""

    remark = _words(_("What should be different?"), required=True, most=2000)
    name = _name()
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class AnswerForm(forms.Form):
    """The answer to our question."""

    text = _words(_("Your answer"), required=True, most=5000)
    name = _name()
    uploads = ManyFilesField(label=_("Drawings or pictures"), required=False, most=5)
