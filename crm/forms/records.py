"""Forms for service records and what comes next."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.forms.fields import LineField, date_field, local_time_field
from crm.models import Contact, ServiceRecord
from foundation.ui.forms import SubjectForm, text_area

CALL = pgettext_lazy("subject of a record", "Call")


class _OfCustomer(SubjectForm):
    """Knows the customer whose page it was opened on."""

    next_step = LineField(label=_("Next step"), max_length=200, required=False)
    next_step_on = date_field(label=pgettext_lazy("date", "On"), required=False)

    def __init__(self, data: Any = None, files: Any = None, *, instance: Any = None, actor: Any = None) -> None:
        super().__init__(data, files, instance=instance, actor=actor)
        if "contact" in self.fields and instance is not None:
            self.fields["contact"].queryset = Contact.objects.filter(customer=instance, left_at=None)  # type: ignore[attr-defined]

    def first_values(self, subject: Any) -> dict[str, Any]:
        """A new record starts empty."""
        return {}

    def clean_next_step_on(self) -> Any:
        day = self.cleaned_data["next_step_on"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("The next step lies in the past."))
        return day


class CallForm(_OfCustomer):
    """A call, in as few entries as can be: how it went, what was said, what comes next."""

    result = forms.ChoiceField(
        label=_("How did it go?"),
        choices=ServiceRecord.Result.choices,
        initial=ServiceRecord.Result.DONE,
        widget=forms.RadioSelect,
    )
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=pgettext_lazy("person", "With"), required=False, empty_label="–"
    )
    content = text_area(_("What was said"), rows=4, required=False)

    field_order = ["result", "contact", "content", "next_step", "next_step_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = list(self.fields["contact"].queryset[:1]) if self.instance is not None else []  # type: ignore[attr-defined]
        if people:
            self.fields["contact"].initial = people[0].pk

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if (
            values.get("result") == ServiceRecord.Result.DONE
            and not values.get("content")
            and "content" not in self.errors
        ):
            self.add_error("content", _("Write what was said; one sentence is enough."))
        values["subject"] = str(CALL)
        return values


class ServiceRecordForm(_OfCustomer):
    """Everything that a service record holds."""

    subject = LineField(label=_("Subject"), max_length=200)
    type = forms.ChoiceField(label=_("Type of service"), choices=ServiceRecord.Type.choices)
    channel = forms.ChoiceField(label=_("Channel"), choices=ServiceRecord.Channel.choices)
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=pgettext_lazy("person", "With"), required=False, empty_label="–"
    )
    started_at = local_time_field(label=_("Began"), required=False, help_text=_("Empty: just now."))
    ended_at = local_time_field(label=_("Ended"), required=False)
    result = forms.ChoiceField(label=_("Execution status"), choices=ServiceRecord.Result.choices)
    content = text_area(_("Content"), rows=5, required=False)
    feedback = text_area(_("Customer feedback"), rows=3, required=False)
    remark = text_area(_("Remark"), rows=2, required=False)

    field_order = [
        "subject",
        "type",
        "channel",
        "contact",
        "started_at",
        "ended_at",
        "result",
        "content",
        "feedback",
        "remark",
    ]


class CorrectionForm(forms.Form):
    """How it really was; the first record stays as it is."""

    subject = LineField(label=_("Subject"), max_length=200)
    content = text_area(_("Content"), rows=5, required=False)
    feedback = text_area(_("Customer feedback"), rows=3, required=False)
    remark = text_area(_("Remark"), rows=2, required=False)


class NextStepForm(SubjectForm):
    """What comes next, and when."""

    next_step = LineField(label=_("Next step"), max_length=200)
    next_step_on = date_field(label=pgettext_lazy("date", "On"))
