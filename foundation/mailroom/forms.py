"""What sorting a mail asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.ui.forms import SubjectForm


class AssignForm(SubjectForm):
    """To which record; the one that the mail names, where it names one, stands there to be looked at."""

    number = forms.CharField(
        label=_("Number of the record"),
        max_length=40,
        help_text=_("Of an inquiry, a quote, an order, a shipment or a complaint, such as SO-2026-0001."),
    )

    def first_values(self, subject: Any) -> dict[str, Any]:
        """The number of the record that the mail seems to be about."""
        return {"number": getattr(subject.subject, "number", "")}


class DiscardForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
