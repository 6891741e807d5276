"""Forms for inquiries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm import letters
from crm.forms.fields import (
    LineField,
    clean_phones,
    country_field,
    language_field,
    local_time_field,
    phone_field,
    region_field,
)
from crm.models import ClosingReason, Customer, Inquiry, ServiceRecord
from crm.selectors import colleagues_for_inquiries, likely_customers, matches_of_inquiry
from foundation.accounts.picking import ColleagueField
from foundation.notifications.filling import gaps_in
from foundation.ui.forms import ManyFilesField, SubjectForm, text_area
from foundation.ui.places import language_name

ANSWER_CHANNELS = ("phone", "chat", "sms", "meeting", "video", "email")


class InquiryForm(forms.Form):
    """A question that reached us by phone, email, chat or a trade platform."""

    channel = forms.ChoiceField(label=_("Channel"), choices=Inquiry.Channel.choices, initial=Inquiry.Channel.PHONE)
    contact_name = LineField(label=_("Name of the sender"), max_length=120)
    company_name = LineField(label=_("Company"), max_length=200, required=False)
    country = country_field(required=False)
    region = region_field()
    email = forms.EmailField(label=_("Email address"), required=False)
    phone = phone_field(_("Phone"), help_text=_("As it is dialled in the sender's country, or with the country code."))
    language = language_field()
    subject = LineField(label=_("Subject"), max_length=200)
    product_interest = LineField(label=_("Product of interest"), max_length=200, required=False)
    text = text_area(_("Question"), rows=6, most=20_000)
    priority = forms.ChoiceField(label=_("Priority"), choices=Inquiry.Priority.choices)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        clean_phones(self, values, ("phone",), values.get("country", ""))
        return values


class WritingForm(SubjectForm):
    """An email to whoever asked, begun in their language."""

    subject_line = LineField(label=_("Subject"), max_length=200)
    language = forms.ChoiceField(label=_("Language of the letter's frame"), choices=settings.LANGUAGES)
    body = text_area(_("Your answer"), rows=12, most=20_000)
    attachments = ManyFilesField(label=_("Attachments"), required=False, most=5)

    def first_values(self, subject: Any) -> dict[str, Any]:
        """Salutation and closing, in the language of the inquiry."""
        return {"language": letters.frame_language(subject.language), **letters.beginning(subject, self.actor)}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.instance is not None and values.get("body") and self.untouched(values["body"]):
            self.add_error("body", _("There is nothing between the salutation and the closing yet."))
        if gaps := gaps_in(values.get("body") or ""):
            self.add_error("body", gettext("Still to be filled in: %(gaps)s.") % {"gaps": ", ".join(gaps)})
        values["files"] = values.pop("attachments", [])
        return values

    def untouched(self, body: str) -> bool:
        """Whether the text is still the one that the form began with."""
        return body.split() == self.first_values(self.instance)["body"].split()


class AnsweredForm(SubjectForm):
    """The answer was given without an email of ours."""

    channel = forms.ChoiceField(
        label=pgettext_lazy("channel", "How"),
        choices=[(value, label) for value, label in ServiceRecord.Channel.choices if value in ANSWER_CHANNELS],
    )
    content = text_area(_("What was answered"), rows=5)


class AssignForm(SubjectForm):
    """To whom."""

    owner = ColleagueField(label=pgettext_lazy("person", "To"), empty_label=_("Please choose"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people, waiting = colleagues_for_inquiries()
        field: Any = self.fields["owner"]
        field.queryset = people
        for person in people:
            tongues = ", ".join(language_name(one.language) for one in person.languages.all())
            count = gettext("%(count)s waiting") % {"count": waiting.get(person.pk, 0)}
            field.notes[person.pk] = " · ".join(part for part in (count, tongues) if part)

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {}


class HandOverForm(AssignForm):
    """To whom, and what they should know. Remembers from whom, so that nobody's change is overwritten unseen."""

    note = text_area(_("Note"), rows=3, required=False, most=2000)
    was_owner = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {"was_owner": subject.owner_id}


class PromiseForm(SubjectForm):
    """Until when the sender gets an answer."""

    promised_at = local_time_field(label=_("Answer promised for"), help_text=_("In your own time zone."))
    note = text_area(_("Why it takes longer"), rows=2, required=False, most=1000)

    def first_values(self, subject: Any) -> dict[str, Any]:
        later = timezone.localtime(subject.promised_at or timezone.now() + timedelta(days=1))
        return {"promised_at": later.replace(minute=0, second=0, microsecond=0, tzinfo=None)}

    def clean_promised_at(self) -> Any:
        when = self.cleaned_data["promised_at"]
        if when <= timezone.now():
            raise forms.ValidationError(_("The promised time lies in the past."))
        return when


class ConvertForm(SubjectForm):
    """Whose sale it becomes: a customer that fits, another one by number, or a new one."""

    NEW = "new"
    customer = forms.ChoiceField(label=_("Customer"), widget=forms.RadioSelect)
    number = LineField(
        label=_("Another customer's number"), max_length=24, required=False, help_text=_("For instance C-00042.")
    )
    name = LineField(label=_("Name of the new customer"), max_length=200, required=False)
    country = country_field(required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Customer.Kind.choices)
    duplicate_reason = LineField(label=_("Why this is another customer"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.matches = matches_of_inquiry(self.actor, self.instance)
        self.likely = {str(one.pk): one for one in likely_customers(self.actor, self.instance, matches=self.matches)}
        hidden = sorted({str(one.customer.owner or "–") for one in self.matches if not one.is_visible})
        if hidden:
            self.fields["customer"].help_text = gettext(
                "A customer like this exists and belongs to a colleague (%(name)s): ask the manager."
            ) % {"name": ", ".join(hidden)}
        if not any(one.is_likely for one in self.matches):
            del self.fields["duplicate_reason"]
        choices = [(pk, f"{one.name} · {one.number}") for pk, one in self.likely.items()]
        field: Any = self.fields["customer"]
        field.choices = [*choices, (self.NEW, gettext("A new customer"))]
        self.initial.setdefault("customer", field.choices[0][0])

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {"name": subject.company_name or subject.contact_name, "country": subject.country}

    def clean(self) -> dict[str, Any]:
        """What `convert_inquiry` takes: a customer, or the fields of a new one."""
        from crm.selectors import visible_customers

        values = super().clean() or {}
        if values.get("number"):
            found = visible_customers(self.actor).filter(number__iexact=values["number"]).first()
            if found is None:
                self.add_error("number", _("You know no customer of this number."))
            return {"customer": found, "new_customer": None}
        if values.get("customer") == self.NEW:
            if not values.get("name"):
                self.add_error("name", _("A new customer needs a name."))
            if "duplicate_reason" in self.fields and not values.get("duplicate_reason"):
                self.add_error("duplicate_reason", _("This customer may be known already: say why it is another."))
            new = {name: values.get(name, "") for name in ("name", "country", "kind")}
            if values.get("duplicate_reason"):
                new["duplicate_reason"] = values["duplicate_reason"]
            return {"customer": None, "new_customer": new}
        return {"customer": self.likely.get(values.get("customer", "")), "new_customer": None}


class CloseForm(SubjectForm):
    """How it ended, and why."""

    outcome = forms.ChoiceField(label=_("How did it end?"), choices=Inquiry.Outcome.choices, widget=forms.RadioSelect)
    closing_reason = forms.ModelChoiceField(
        ClosingReason.objects.none(), label=_("Reason"), required=False, empty_label=_("Please choose")
    )
    competitor = LineField(label=_("Competitor"), max_length=120, required=False)
    reason = LineField(
        label=_("In words"),
        max_length=300,
        required=False,
        help_text=_("Needed when it was lost without a reason above."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["closing_reason"]
        field.queryset = ClosingReason.objects.filter(is_active=True)
        groups: dict[str, list[tuple[int, str]]] = {}
        for one in field.queryset:
            groups.setdefault(str(one.get_outcome_display()), []).append((one.pk, one.text))
        field.choices = [("", field.empty_label), *groups.items()]

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {}

    def clean(self) -> dict[str, Any]:
        """A reason belongs to its outcome; some ask for the competitor."""
        values = super().clean() or {}
        why = values.get("closing_reason")
        if why is not None and why.outcome != values.get("outcome"):
            self.add_error("closing_reason", _("This reason belongs to another outcome."))
        elif why is not None and why.asks_competitor and not values.get("competitor"):
            self.add_error("competitor", _("Name the competitor, or write “unknown”."))
        return values
