"""Forms for service records and what comes next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import LineField, date_field, local_time_field, spoken_files_field
from crm.forms.recordings import ASKED, AsksConsent
from crm.models import Contact, Customer, ServiceRecord
from foundation.ui import formats
from foundation.ui.forms import SubjectForm, needed_sometimes, text_area

CALL = pgettext_lazy("subject of a record", "Call")


FOLLOWING = ("next_step", "next_step_on", "no_step_reason")


class Following(forms.Form):
    """What comes next and when, or why nothing does: one of the two is said of every conversation."""

    next_step = needed_sometimes(LineField(label=_("Next step"), max_length=200, required=False))
    next_step_on = needed_sometimes(date_field(label=pgettext_lazy("date", "On"), required=False))
    no_step_reason = needed_sometimes(
        LineField(
            label=_("Why nothing follows"), max_length=300, required=False, help_text=_("Needed without a next step.")
        )
    )

    def planned(self) -> str:
        """The next step that the customer has already, which stays if no other is given; empty for none or a past one."""
        customer = self.customer_of()
        day = customer.next_step_on if customer is not None else None
        if customer is None or not customer.next_step or day is None or day < timezone.localdate():
            return ""
        return f"{customer.next_step} · {formats.day(day)}"

    def customer_of(self) -> Customer | None:
        """Whose conversation it is, where that is known."""
        return None

    def say_planned(self) -> None:
        """Tell what stays."""
        if planned := self.planned():
            self.fields["next_step"].help_text = gettext("Empty: “%(step)s” stays.") % {"step": planned}

    def clean_next_step_on(self) -> Any:
        """The day, unless it is past."""
        day = self.cleaned_data["next_step_on"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("The next step lies in the past."))
        return day

    def clean(self) -> dict[str, Any]:
        """Step and day, or the reason."""
        values = super().clean() or {}
        step, day, reason = (values.get(name) for name in FOLLOWING)
        nothing = not (step or day or reason or {"next_step", "next_step_on"} & set(self.errors))
        if nothing and (self.planned() or values.get("result") == ServiceRecord.Result.NOT_REACHED):
            return values  # what is planned already stays; whoever was not reached is still to be
        if step and day is None and "next_step_on" not in self.errors:
            self.add_error("next_step_on", _("A next step needs its day."))
        elif day and not step:
            self.add_error("next_step", _("Say what comes next."))
        elif not step and not reason and not {"next_step", "next_step_on"} & set(self.errors):
            self.add_error("next_step", _("Say what comes next, or why nothing follows."))
        elif step and reason:
            self.add_error("no_step_reason", _("Either a next step, or why nothing follows: not both."))
        return values


class Attached(forms.Form):
    """Pictures, papers and what was spoken."""

    attachments = spoken_files_field()


class _OfCustomer(Following, Attached, AsksConsent, SubjectForm):
    """Knows the customer whose page it was opened on."""

    def __init__(self, data: Any = None, files: Any = None, *, instance: Any = None, actor: Any = None) -> None:
        super().__init__(data, files, instance=instance, actor=actor)
        if "contact" in self.fields and instance is not None:
            self.fields["contact"].queryset = Contact.objects.filter(customer=instance, left_at=None)  # type: ignore[attr-defined]
        self.say_planned()
        self.ask_consent()

    def clean(self) -> dict[str, Any]:
        """With the consent to a recording, where one is asked for."""
        values = super().clean() or {}
        values["recording"] = self.consent_given(values)
        return values

    def customer_of(self) -> Customer | None:
        found: Customer | None = self.instance
        return found

    def first_values(self, subject: Any) -> dict[str, Any]:
        """A new record starts empty."""
        return {}


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
    content = needed_sometimes(text_area(_("What was said"), rows=4, required=False))

    field_order = ["result", "contact", "content", *FOLLOWING, "attachments", *ASKED]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_asked = self.instance is not None and not self.is_bound  # what is sent says itself who it was
        people = list(self.fields["contact"].queryset[:1]) if is_asked else []  # type: ignore[attr-defined]
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
        *FOLLOWING,
        "attachments",
        *ASKED,
    ]


class CorrectionForm(forms.Form):
    """How it really was; the first record stays as it is."""

    subject = LineField(label=_("Subject"), max_length=200)
    type = needed_sometimes(
        forms.ChoiceField(label=_("Type of service"), choices=ServiceRecord.Type.choices, required=False)
    )
    channel = needed_sometimes(
        forms.ChoiceField(label=_("Channel"), choices=ServiceRecord.Channel.choices, required=False)
    )
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=pgettext_lazy("person", "With"), required=False, empty_label="–"
    )
    started_at = needed_sometimes(local_time_field(label=_("Began"), required=False))
    ended_at = local_time_field(label=_("Ended"), required=False)
    result = needed_sometimes(
        forms.ChoiceField(label=_("Execution status"), choices=ServiceRecord.Result.choices, required=False)
    )
    content = text_area(_("Content"), rows=5, required=False)
    feedback = text_area(_("Customer feedback"), rows=3, required=False)
    remark = text_area(_("Remark"), rows=2, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, files: Any = None, *, record: ServiceRecord, customer: Customer) -> None:
        """`record` says how it was until now, `customer` whose people there are."""
        said = record.text.words()
        known = {name: getattr(record, name) for name in ("type", "channel", "result", "started_at", "ended_at")}
        self.stood = {name: said.get(name, "") for name in ("subject", "content", "feedback", "remark")} | known
        self.stood["contact"] = record.contact
        super().__init__(data, files, initial={**self.stood, "contact": record.contact_id, "version": record.pk})
        people = Contact.objects.filter(Q(left_at=None) | Q(pk=record.contact_id), customer=customer)
        self.fields["contact"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Something of it: a record is kept for good, and so is a correction that corrects nothing."""
        values = super().clean() or {}
        for name in self.stood:
            if self.add_prefix(name) not in self.data and name != "subject":
                values[name] = self.stood[name]  # a page from before it was asked
        for name in ("type", "channel", "result", "started_at"):
            values[name] = values.get(name) or self.stood[name]
        for name in ("started_at", "ended_at"):
            if _plain(values.get(name)) == _plain(self.stood[name]):
                values[name] = self.stood[name]  # the form shows minutes
        if not self.errors and all(_plain(values.get(name)) == _plain(kept) for name, kept in self.stood.items()):
            raise forms.ValidationError(_("Nothing differs from the record as it stands: say how it really was."))
        values["version"] = values.get("version") or 0
        return values


def _plain(value: Any) -> Any:
    """Texts without blanks around them, times by the minute."""
    if isinstance(value, datetime):
        return value.replace(second=0, microsecond=0)
    return "\n".join(value.strip().splitlines()) if isinstance(value, str) else value


class NextStepForm(SubjectForm):
    """What comes next, and when."""

    next_step = LineField(label=_("Next step"), max_length=200)
    next_step_on = date_field(label=pgettext_lazy("date", "On"))
