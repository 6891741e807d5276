"""Forms for technical requests and their drawings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import LineField, date_field
from crm.forms.samples import heard_field, offer
from crm.models import Contact, Customer, Inquiry, TechnicalKind, TechnicalQuestion, TechnicalRequest
from crm.sample_selectors import drawers
from foundation.accounts.picking import ColleagueField
from foundation.sla.pauses import reason_choices
from foundation.ui.forms import ManyFilesField, SubjectForm, text_area


class TechnicalForm(forms.Form):
    """The head of a technical request of one customer; the dimensions stand below it."""

    kind: Any = forms.ModelChoiceField(TechnicalKind.objects.none(), label=_("Kind"), empty_label=None)
    subject = LineField(label=_("Subject"), max_length=200)
    wish = text_area(_("What is wanted"), rows=6)
    click_system = LineField(label=_("Click system"), max_length=120, required=False)
    contact: Any = forms.ModelChoiceField(Contact.objects.none(), label=_("Contact"), required=False, empty_label="–")
    inquiry: Any = forms.ModelChoiceField(Inquiry.objects.none(), label=_("Inquiry"), required=False, empty_label="–")
    wanted_on = date_field(label=_("Wanted by"), required=False)
    priority = forms.ChoiceField(label=_("Priority"), choices=TechnicalRequest.Priority.choices)
    uploads = ManyFilesField(label=_("Customer's drawings and photos"), required=False)

    def __init__(self, data: Any = None, files: Any = None, *, customer: Customer, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        kept = (self.initial or {}).get("kind")
        kinds = TechnicalKind.objects.filter(is_active=True) | TechnicalKind.objects.filter(pk=kept or 0)
        offer(self, "kind", kinds)
        offer(self, "contact", customer.contacts.filter(left_at=None))
        offer(self, "inquiry", Inquiry.objects.filter(customer=customer.pk).only("number").order_by("-pk"))

    @staticmethod
    def first_values(customer: Customer) -> dict[str, Any]:
        """The main contact."""
        person = customer.contacts.filter(left_at=None).first()
        return {"contact": person.pk if person else None, "priority": TechnicalRequest.Priority.NORMAL}

    @staticmethod
    def values_of(request: TechnicalRequest) -> dict[str, Any]:
        """As the request stands."""
        names = (
            "kind_id",
            "subject",
            "wish",
            "click_system",
            "contact_id",
            "inquiry_id",
            "wanted_on",
            "priority",
        )
        return {name.removesuffix("_id"): getattr(request, name) for name in names}


class AssignForm(SubjectForm):
    """Who draws."""

    owner = ColleagueField(label=_("Colleague"), empty_label="–")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner", drawers())


class AskForm(SubjectForm):
    """What we have to know, from whom."""

    to = forms.ChoiceField(
        label=_("Whom do we ask?"),
        choices=TechnicalQuestion.To.choices,
        initial=TechnicalQuestion.To.SALES,
        widget=forms.RadioSelect,
        help_text=_("The clock stands still until the answer is here."),
    )
    reason = forms.ChoiceField(
        label=_("What are we waiting for from the customer?"), choices=reason_choices, required=False
    )
    text = text_area(
        _("Question"), rows=4, most=2000, help_text=_("The customer reads this as it stands, in their own language.")
    )

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {"to": TechnicalQuestion.To.SALES}


class AnswerForm(SubjectForm):
    """The answer to the question that is open."""

    text = text_area(_("Answer"), rows=4)
    uploads = ManyFilesField(label=_("Customer's drawings and photos"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.instance.questions.filter(answered_at=None).first() if self.instance is not None else None
        if asked is not None:
            self.fields["text"].help_text = asked.text

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {}


class DrawForm(SubjectForm):
    """The drawings of the next revision."""

    uploads = ManyFilesField(label=_("Drawings"))
    note = text_area(_("What they show, or what has changed"), rows=3, required=False, most=2000)

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {}


class _SeenForm(SubjectForm):
    """A decision about exactly the content that was looked at."""

    def first_values(self, subject: Any) -> dict[str, Any]:
        shown = subject.revisions.filter(number=subject.revision).first()
        return {"digest": shown.digest if shown else "", "name": subject.contact.name if subject.contact else ""}


def digest_field() -> forms.CharField:
    """What was looked at."""
    return forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class ReleaseForm(_SeenForm):
    """Nothing more to say than that somebody has looked."""

    has_looked = forms.BooleanField(label=_("I have looked at every drawing of this revision."))
    digest = digest_field()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values.pop("has_looked", None)
        return values


class ReturnForm(_SeenForm):
    """What is wrong."""

    reason = text_area(_("What is wrong"), rows=3, most=1000)
    digest = digest_field()


class SendForm(SubjectForm):
    """Some words on the way."""

    note = text_area(_("Some words to the customer"), rows=3, required=False, most=1000)

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {}


class ApproveForm(_SeenForm):
    """Who approves."""

    name = LineField(label=_("Who approves"), max_length=120)
    via = heard_field()
    remark = text_area(_("Remark"), rows=2, required=False, most=2000)
    digest = digest_field()


class ChangesForm(_SeenForm):
    """What should be different."""

    name = LineField(label=pgettext_lazy("drawings", "Who wants changes"), max_length=120)
    via = heard_field()
    remark = text_area(_("What should be different"), rows=4, most=2000)
    digest = digest_field()


class AbandonForm(SubjectForm):
    """What came of it, and why."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=TechnicalRequest.Outcome.choices, widget=forms.RadioSelect)
    reason = text_area(_("Reason"), rows=3, most=1000)

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("outcome") and "outcome" not in self.errors:
            self.add_error("outcome", gettext("Say what came of it."))
        return values
