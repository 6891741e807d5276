"""The short forms of transitions: only what the step needs."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

LONG = forms.Textarea(attrs={"rows": 4})


class ReasonForm(forms.Form):
    """A step that must be explained."""

    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=LONG)


class SendForm(forms.Form):
    """Send a quote, with a few words of one's own above the standard text."""

    note = forms.CharField(
        label=_("Personal words"),
        max_length=2000,
        required=False,
        widget=LONG,
        help_text=_("Stand above the standard text of the email. The PDF and a link for the answer are added."),
    )


class AcceptForm(forms.Form):
    """The customer's yes, given by phone, by email or on paper."""

    name = forms.CharField(label=_("Who accepted"), max_length=120)
    note = forms.CharField(label=_("How we know"), max_length=1000, required=False, widget=LONG)


class DeclineForm(forms.Form):
    """The customer's no."""

    reason = forms.CharField(label=_("Reason given by the customer"), max_length=1000, required=False, widget=LONG)
