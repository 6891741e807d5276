"""What lists of customers and inquiries can be narrowed by."""

from __future__ import annotations

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from crm.models import Customer, Inquiry
from foundation.accounts.models import User
from foundation.ui.places import countries, customer_languages


def _colleagues(_request: object) -> object:
    return User.objects.filter(is_active=True).only("name", "email").order_by("name")


class CustomerFilter(django_filters.FilterSet):
    """Kind, tier, country, language, owner, source."""

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Customer.Kind.choices)
    tier = django_filters.ChoiceFilter(label=_("Tier"), choices=Customer.Tier.choices)
    country = django_filters.ChoiceFilter(label=_("Country"), choices=countries)
    language = django_filters.ChoiceFilter(label=_("Language"), choices=customer_languages)
    owner = django_filters.ModelChoiceFilter(label=_("Owner"), queryset=_colleagues)
    source = django_filters.ChoiceFilter(label=_("Source"), choices=Customer.Source.choices)

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
    owner = django_filters.ModelChoiceFilter(label=_("Owner"), queryset=_colleagues)
    outcome = django_filters.ChoiceFilter(label=_("Outcome"), choices=Inquiry.Outcome.choices)
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
