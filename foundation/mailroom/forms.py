"""What sorting a mail asks for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class AssignForm(forms.Form):
    """To which record."""

    number = forms.CharField(
        label=_("Number of the record"),
        max_length=40,
        help_text=_("Of an inquiry, a quote, an order, a shipment or a complaint, such as SO-2026-0001."),
    )


class DiscardForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
