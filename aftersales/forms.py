"""The short forms after the sale."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from phonenumber_field.formfields import PhoneNumberField

from aftersales.models import SurveyQuestion, Ticket
from crm.models import Customer
from crm.selectors import visible_customers
from foundation.accounts.models import Company, User
from foundation.accounts.routing import staff_in_role
from foundation.sla.pauses import reason_choices
from foundation.ui.forms import (
    ACCEPTED,
    UPLOAD_HINT,
    ManyFilesField,
    SignatureField,
    SubjectForm,
    refuse_slip,
    share_fields,
    text_area,
)
from foundation.ui.prepared import prepared
from orders.selectors import visible_orders


def _choices(source: Any, empty: Any = "–") -> list[tuple[str, Any]]:
    return [("", empty), *source.choices]


class ProposeForm(SubjectForm):
    """What we offer."""

    kind = forms.ChoiceField(label=_("Kind of solution"), choices=Ticket.Demand.choices)
    text = text_area(_("Solution"), help_text=_("The customer reads this as it stands, in their own language."))
    ready_on = forms.DateField(
        label=_("Done by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[refuse_slip],
    )
    fault = forms.ChoiceField(label=_("Whose fault"), choices=Ticket.Fault.choices)
    cost = forms.DecimalField(
        label=_("Cost to the customer"),
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=2,
        required=False,
        help_text=_("Empty: free of charge."),
    )
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3, required=False)

    def first_values(self, subject: Any) -> dict[str, Any]:
        """The customer's demand is the first guess at the solution."""
        order = subject.order
        return {
            **super().first_values(subject),
            "kind": subject.demand or Ticket.Demand.REPLACEMENT,
            "currency": order.currency if order else Company.current().currency,
        }

    def clean(self) -> dict[str, Any]:
        """An empty cost is none; a currency is written in capitals."""
        cleaned = super().clean() or {}
        cleaned["cost"] = cleaned.get("cost") or Decimal(0)
        cleaned["currency"] = (cleaned.get("currency") or Company.current().currency).upper()
        ready_on = cleaned.get("ready_on")
        if ready_on and ready_on < timezone.localdate():
            self.add_error("ready_on", _t("This day has passed."))
        return cleaned


class AcceptForm(SubjectForm):
    """Who at the customer's agreed."""

    by = forms.CharField(label=_("Who agreed"), max_length=120)

    def first_values(self, subject: Any) -> dict[str, Any]:
        """Usually the person who complained."""
        return {"by": subject.complainant_name or (str(subject.contact) if subject.contact else "")}


class RejectForm(AcceptForm):
    """Who declined, and why."""

    by = forms.CharField(label=_("Who declined"), max_length=120)
    reason = text_area(_("Why"), rows=3, most=2000)


class WaitForm(SubjectForm):
    """What the customer has to do: one of the reasons that an administrator keeps, and the rest in words."""

    reason = forms.ChoiceField(
        label=_("What are we waiting for?"),
        choices=reason_choices,
        help_text=_("The clock stands still until the customer answers."),
    )
    note = text_area(_("In words"), rows=3, most=2000, required=False)


class ReplyForm(SubjectForm):
    """What the customer answered."""

    text = text_area(_("What the customer said"))


class ReassignForm(SubjectForm):
    """Who takes over."""

    owner = forms.ModelChoiceField(label=_("Colleague"), queryset=User.objects.none(), empty_label="–")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = (
            staff_in_role("service")
            | staff_in_role("technical")
            | staff_in_role("manager")
            | staff_in_role("operations")
        )
        self.fields["owner"].queryset = people.distinct().order_by("name")  # type: ignore[attr-defined]


class PriorityForm(SubjectForm):
    """How urgent it is."""

    priority = forms.ChoiceField(label=_("Priority"), choices=Ticket.Priority.choices)


class ResolveForm(SubjectForm):
    """What was done, signed by the customer."""

    resolution = text_area(_("What was done"))
    signed_by = forms.CharField(label=_("Name of the person who signs"), max_length=120)
    signature = SignatureField(label=_("Signature of the customer"), required=False)
    paper = forms.FileField(
        label=pgettext_lazy("complaint", "Signed paper instead"),
        required=False,
        help_text=UPLOAD_HINT,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def first_values(self, subject: Any) -> dict[str, Any]:
        """Usually the person who complained signs."""
        return {"signed_by": subject.complainant_name or (str(subject.contact) if subject.contact else "")}

    def clean(self) -> dict[str, Any]:
        """Signed on the screen or on paper."""
        cleaned = super().clean() or {}
        if not cleaned.get("signature") and not cleaned.get("paper") and not {"signature", "paper"} & set(self.errors):
            self.add_error("signature", _t("The customer has to sign: on the screen, or on paper that you photograph."))
        return cleaned


@prepared
def _chosen(pk: int, *, user: Any) -> QuerySet[Customer]:
    return visible_customers(user).filter(pk=pk)


class CustomerField(forms.ModelChoiceField):
    """One of the customers that `actor` may see: the `chosen` one is found by a prepared query."""

    actor: Any = None
    chosen: Any = None

    def _get_queryset(self) -> QuerySet[Customer]:
        """What is offered: the chosen one, else the first by name."""
        if self.actor is None:
            return Customer.objects.none()
        rows = visible_customers(self.actor)
        return rows.filter(pk=self.chosen) if str(self.chosen or "").isdecimal() else rows.order_by("name")[:500]

    queryset = property(_get_queryset, forms.ModelChoiceField._set_queryset)  # type: ignore[attr-defined]

    def to_python(self, value: Any) -> Any:
        """The customer of this key."""
        if self.actor is None or not str(value or "").isdecimal():
            return super().to_python(value)
        found = _chosen(int(value), user=self.actor)
        if not found:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value}
            )
        return found[0]


@share_fields("customer", "photos")
class TicketForm(forms.Form):
    """A complaint as a colleague enters it."""

    customer = CustomerField(label=_("Customer"), queryset=Customer.objects.none(), required=False, empty_label="–")
    order = forms.CharField(
        label=_("Order number"), max_length=40, required=False, help_text=_("Such as SO-2026-0001.")
    )
    subject = forms.CharField(label=_("In one line"), max_length=200)
    description = text_area(_("What happened"))
    kind = forms.ChoiceField(label=_("Kind"), choices=Ticket.Kind.choices)
    demand = forms.ChoiceField(label=_("What the customer wants"), choices=_choices(Ticket.Demand), required=False)
    defect = forms.CharField(label=_("Defect"), max_length=200, required=False)
    defect_rate = forms.DecimalField(
        label=_("Defect rate in percent"), min_value=0, max_value=100, decimal_places=2, max_digits=5, required=False
    )
    channel = forms.ChoiceField(label=_("How it came in"), choices=Ticket.Channel.choices, initial=Ticket.Channel.PHONE)
    priority = forms.ChoiceField(label=_("Priority"), choices=Ticket.Priority.choices)
    complainant_name = forms.CharField(label=_("Who complains"), max_length=120, required=False)
    complainant_email = forms.EmailField(label=_("Email address"), required=False)
    complainant_phone = PhoneNumberField(
        label=_("Phone"), required=False, help_text=_("With the country code, such as +49 40 123456.")
    )
    photos = ManyFilesField(label=_("Photos or papers"), required=False)

    def __init__(self, data: Any = None, files: Any = None, *, actor: Any, initial: Any = None) -> None:
        super().__init__(data, files, initial=initial)
        self.actor = actor
        field = self.fields["customer"]
        assert isinstance(field, CustomerField)
        field.actor, field.chosen = actor, (data or {}).get("customer") or (initial or {}).get("customer")

    def clean_order(self) -> Any:
        """The order of that number, among those that this person may see."""
        number = (self.cleaned_data.get("order") or "").strip()
        if not number:
            return None
        order = visible_orders(self.actor).filter(number__iexact=number).first()
        if order is None:
            raise forms.ValidationError(_t("There is no order %(number)s.") % {"number": number})
        return order

    def clean(self) -> dict[str, Any]:
        """The order's customer is the customer."""
        cleaned = super().clean() or {}
        order, customer = cleaned.get("order"), cleaned.get("customer")
        if order is not None and customer is not None and order.customer_id != customer.pk:
            self.add_error("order", _t("This order belongs to another customer."))
        return cleaned


class ComplaintForm(forms.Form):
    """A complaint as a customer enters it on their page."""

    order = forms.CharField(
        label=_("Order number"), max_length=60, required=False, help_text=_("If you have it at hand.")
    )
    kind = forms.ChoiceField(label=_("What is it about?"), choices=Ticket.Kind.choices)
    subject = forms.CharField(label=_("In one line"), max_length=200)
    description = text_area(_("What happened?"), help_text=_("Which goods, how many, since when."))
    demand = forms.ChoiceField(
        label=_("What would you like us to do?"), choices=lambda: _choices(Ticket.Demand), required=False
    )
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(label=_("Your email address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    phone = PhoneNumberField(
        label=_("Your phone"),
        required=False,
        help_text=_("With the country code, such as +49 40 123456."),
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
    )
    photos = ManyFilesField(label=_("Photos"), required=False)


class AnswerForm(forms.Form):
    """What a customer writes on their ticket's page."""

    text = text_area(_("Your message"))
    photos = ManyFilesField(label=_("Photos"), required=False)


class DeclineForm(forms.Form):
    """Why a customer declines a solution."""

    reason = text_area(_("What would you rather have?"), rows=3, most=2000)


class SurveyForm(forms.Form):
    """The questions of the survey, as rows of the database."""

    def __init__(self, data: Any = None, *, questions: list[SurveyQuestion]) -> None:
        super().__init__(data)
        self.questions = questions
        for question in questions:
            self.fields[question.code] = self._field(question)

    @staticmethod
    def _field(question: SurveyQuestion) -> forms.Field:
        if question.kind == SurveyQuestion.Kind.TEXT:
            return text_area(question.text, rows=3, required=question.is_required, most=2000)
        words = [_t("very dissatisfied"), _t("dissatisfied"), _t("neither"), _t("satisfied"), _t("very satisfied")]
        return forms.TypedChoiceField(
            label=question.text,
            choices=[(str(score), f"{score} – {word}") for score, word in enumerate(words, 1)],
            coerce=int,
            empty_value=None,
            required=question.is_required,
            widget=forms.RadioSelect,
        )

    def answers(self) -> dict[SurveyQuestion, int | str]:
        """Question → score or words; what was left empty is left out."""
        given = {question: self.cleaned_data.get(question.code) for question in self.questions}
        return {question: value for question, value in given.items() if value not in (None, "")}
