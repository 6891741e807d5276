"""The customer's answer to a quote."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class AcceptForm(forms.Form):
    """Yes, and who says so."""

    name = forms.CharField(
        label=_("Your full name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    agrees = forms.BooleanField(label=_("I accept this offer on behalf of my company."))


class DeclineForm(forms.Form):
    """No, and perhaps why."""

    reason = forms.CharField(
        label=_("What should have been different?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
