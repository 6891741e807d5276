"""The short forms of transitions: only what the step needs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.ui.forms import ACCEPTED, UPLOAD_HINT, SubjectForm, text_area
from orders.forms.fields import AmountField, DayField
from orders.models import DocumentKind, DocumentVersion
from orders.selectors import document_kinds

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


class FileField(forms.FileField):
    """One file of the kinds that we take."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", UPLOAD_HINT)
        super().__init__(widget=forms.FileInput(attrs={"accept": ACCEPTED}), **kwargs)


class ReportForm(SubjectForm):
    """What came in: the sum agreed, today, unless somebody says otherwise."""

    received = AmountField(label=_("Amount received"), max_digits=14, decimal_places=2, min_value=Decimal("0.01"))
    paid_on = DayField(label=_("Paid on"))
    reference = forms.CharField(
        label=_("Reference of the transfer"),
        max_length=120,
        required=False,
        help_text=_("As it stands on the bank statement."),
    )
    proof = FileField(label=_("Proof of payment"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance is not None:
            label = _now("Amount received in %(currency)s") % {"currency": self.instance.currency}
            self.fields["received"].label = label

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {"received": subject.amount, "paid_on": timezone.localdate()}


class _CheckForm(SubjectForm):
    """A decision about one content: the form carries the digest of what was shown."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {"digest": subject.digest}


class ApproveForm(_CheckForm):
    """The checker says that this very file was looked at."""

    looked = forms.BooleanField(label=_("I have opened and checked this version."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance is not None:
            words = {"number": self.instance.version, "digest": self.instance.digest[:12]}
            self.fields["looked"].help_text = _now("Version %(number)d, content %(digest)s…") % words


class ReturnForm(_CheckForm):
    """What is wrong."""

    error = forms.ChoiceField(label=_("Kind of error"), choices=DocumentVersion.Error.choices)
    reason = text_area(_("What is wrong"), rows=3, most=2000)


class VersionForm(SubjectForm):
    """The corrected file."""

    file = FileField(label=_("Corrected file"))
    reference = forms.CharField(label=_("Number on the document"), max_length=80, required=False)


class DocumentForm(SubjectForm):
    """A new document of an order."""

    kind: Any = forms.ModelChoiceField(label=_("Kind"), queryset=DocumentKind.objects.none())
    file = FileField(label=_("File"))
    reference = forms.CharField(
        label=_("Number on the document"),
        max_length=80,
        required=False,
        help_text=_("For instance the number of the bill of lading."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = document_kinds()  # type: ignore[attr-defined]

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {}
