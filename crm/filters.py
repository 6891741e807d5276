"""What lists of customers and inquiries can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models import (
    Call,
    CallCampaign,
    ClosingReason,
    Customer,
    Inquiry,
    InquirySource,
    Questionnaire,
    Reception,
    Response,
    Tag,
    Visit,
)
from foundation.accounts.models import User
from foundation.ui.places import countries, customer_languages


def colleagues(_request: object) -> object:
    """Everybody who works here, by name."""
    return User.objects.filter(is_active=True).only("name", "email").order_by("name")


def tag_choices() -> list[tuple[str, str]]:
    """Every tag, in their order."""
    return [(str(one.pk), str(one)) for one in Tag.known().values()]


def reason_choices() -> list[tuple[str, str]]:
    """Every reason for the end of an inquiry, in their order."""
    return [(str(one.pk), str(one)) for one in ClosingReason.known()]


def source_choices() -> list[tuple[str, str]]:
    """Every machine that may post inquiries."""
    return [(str(one.pk), str(one)) for one in InquirySource.known()]


class CustomerFilter(django_filters.FilterSet):
    """Kind, tier, country, language, owner, source."""

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Customer.Kind.choices)
    tier = django_filters.ChoiceFilter(label=_("Tier"), choices=Customer.Tier.choices)
    country = django_filters.ChoiceFilter(label=_("Country"), choices=countries)
    language = django_filters.ChoiceFilter(label=_("Language"), choices=customer_languages)
    owner = django_filters.ModelChoiceFilter(label=_("Owner"), queryset=colleagues)
    source = django_filters.ChoiceFilter(label=_("Source"), choices=Customer.Source.choices)
    tag = django_filters.ChoiceFilter(
        label=pgettext_lazy("word on a customer", "Tag"), choices=tag_choices, field_name="tag_rows__tag"
    )

    class Meta:
        model = Customer
        fields: list[str] = []


class InquiryFilter(django_filters.FilterSet):
    """Status, channel, priority, language, country, owner, outcome, day of receipt."""

    status = django_filters.ChoiceFilter(label=_("Status"), choices=Inquiry.Status.choices)
    channel = django_filters.ChoiceFilter(label=_("Channel"), choices=Inquiry.Channel.choices)
    priority = django_filters.ChoiceFilter(label=_("Priority"), choices=Inquiry.Priority.choices)
    language = django_filters.ChoiceFilter(label=_("Language"), choices=customer_languages)
    country = django_filters.ChoiceFilter(label=_("Country"), choices=countries)
    owner = django_filters.ModelChoiceFilter(label=_("Owner"), queryset=colleagues)
    outcome = django_filters.ChoiceFilter(label=_("Outcome"), choices=Inquiry.Outcome.choices)
    closing_reason = django_filters.ChoiceFilter(label=_("Reason"), choices=reason_choices)
    source = django_filters.ChoiceFilter(label=_("Source"), choices=source_choices)
    customer = django_filters.NumberFilter(label=_("Customer"), field_name="customer", widget=forms.HiddenInput)
    received_after = django_filters.DateFilter(
        label=_("Received from"),
        field_name="received_at",
        lookup_expr="date__gte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    received_before = django_filters.DateFilter(
        label=_("Received until"),
        field_name="received_at",
        lookup_expr="date__lte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = Inquiry
        fields: list[str] = []


def planned(label: Any, lookup: str) -> django_filters.DateFilter:
    """The first or the last day for which a meeting is planned."""
    day = forms.DateInput(attrs={"type": "date"})
    return django_filters.DateFilter(label=label, field_name="planned_start", lookup_expr=lookup, widget=day)


class VisitFilter(django_filters.FilterSet):
    """Status, result, salesperson, days."""

    status = django_filters.ChoiceFilter(label=_("Status"), choices=Visit.Status.choices)
    result = django_filters.ChoiceFilter(label=_("Result"), choices=Visit.Result.choices)
    owner = django_filters.ModelChoiceFilter(label=_("Salesperson"), queryset=colleagues)
    customer = django_filters.NumberFilter(label=_("Customer"), field_name="customer", widget=forms.HiddenInput)
    starts_after = planned(_("From"), "date__gte")
    starts_before = planned(_("Until"), "date__lte")

    class Meta:
        model = Visit
        fields: list[str] = []


class ReceptionFilter(django_filters.FilterSet):
    """Status, result, host, assistant, days."""

    status = django_filters.ChoiceFilter(label=_("Status"), choices=Reception.Status.choices)
    result = django_filters.ChoiceFilter(label=_("Result"), choices=Visit.Result.choices)
    owner = django_filters.ModelChoiceFilter(label=_("Host"), queryset=colleagues)
    assistant = django_filters.ModelChoiceFilter(label=_("Assistant"), queryset=colleagues)
    customer = django_filters.NumberFilter(label=_("Customer"), field_name="customer", widget=forms.HiddenInput)
    starts_after = planned(_("From"), "date__gte")
    starts_before = planned(_("Until"), "date__lte")

    class Meta:
        model = Reception
        fields: list[str] = []


def _questionnaires(_request: object) -> object:
    return Questionnaire.objects.defer("search").order_by("name_en", "pk")


class CallFilter(django_filters.FilterSet):
    """Questionnaire, caller, status, campaign, what was heard, the day."""

    questionnaire = django_filters.ModelChoiceFilter(label=_("Questionnaire"), queryset=_questionnaires)
    owner = django_filters.ModelChoiceFilter(label=_("Caller"), queryset=colleagues)
    status = django_filters.ChoiceFilter(label=_("Status"), choices=Call.Status.choices)
    campaign = django_filters.ModelChoiceFilter(
        label=_("Campaign"), queryset=lambda request: CallCampaign.objects.order_by("-pk")
    )
    has_project = django_filters.BooleanFilter(label=_("Project coming up"))
    visit_agreed = django_filters.BooleanFilter(label=_("Agreed to a visit"))
    is_dissatisfied = django_filters.BooleanFilter(label=_("Dissatisfied"))
    customer = django_filters.NumberFilter(label=_("Customer"), field_name="customer", widget=forms.HiddenInput)
    due_after = django_filters.DateFilter(
        label=_("To be made from"),
        field_name="due_at",
        lookup_expr="date__gte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    due_before = django_filters.DateFilter(
        label=_("To be made until"),
        field_name="due_at",
        lookup_expr="date__lte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = Call
        fields: list[str] = []


class ResponseFilter(django_filters.FilterSet):
    """Results: of which days, by whom they were taken, from what kind of customer."""

    taken_by = django_filters.ModelChoiceFilter(label=_("Caller"), queryset=colleagues)
    kind = django_filters.ChoiceFilter(label=_("Kind"), field_name="customer__kind", choices=Customer.Kind.choices)
    answered_after = django_filters.DateFilter(
        label=_("Answered from"),
        field_name="answered_at",
        lookup_expr="date__gte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    answered_before = django_filters.DateFilter(
        label=_("Answered until"),
        field_name="answered_at",
        lookup_expr="date__lte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = Response
        fields: list[str] = []
