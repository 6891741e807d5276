"""What lists of samples and technical requests can be narrowed by."""

from __future__ import annotations

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from crm.filters import colleagues
from crm.models import Sample, TechnicalKind, TechnicalRequest
from crm.sample_selectors import drawers


def day_filter(label: object, field: str, lookup: str) -> django_filters.DateFilter:
    """The first or the last day."""
    day = forms.DateInput(attrs={"type": "date"})
    return django_filters.DateFilter(label=label, field_name=field, lookup_expr=lookup, widget=day)


class SampleFilter(django_filters.FilterSet):
    """Status, salesperson, days of the dispatch and of the wish."""

    status = django_filters.ChoiceFilter(label=_("Status"), choices=Sample.Status.choices)
    owner = django_filters.ModelChoiceFilter(label=_("Salesperson"), queryset=colleagues)
    customer = django_filters.NumberFilter(label=_("Customer"), field_name="customer", widget=forms.HiddenInput)
    wanted_before = day_filter(_("Wanted until"), "wanted_on", "lte")
    sent_after = day_filter(_("Sent from"), "sent_on", "gte")
    sent_before = day_filter(_("Sent until"), "sent_on", "lte")

    class Meta:
        model = Sample
        fields: list[str] = []


class TechnicalFilter(django_filters.FilterSet):
    """Status, kind, priority, who draws, who asked, the day of the wish."""

    status = django_filters.ChoiceFilter(label=_("Status"), choices=TechnicalRequest.Status.choices)
    kind = django_filters.ModelChoiceFilter(label=_("Kind"), queryset=lambda request: TechnicalKind.objects.all())
    priority = django_filters.ChoiceFilter(label=_("Priority"), choices=TechnicalRequest.Priority.choices)
    owner = django_filters.ModelChoiceFilter(label=_("Drawn by"), queryset=lambda request: drawers())
    salesperson = django_filters.ModelChoiceFilter(label=_("Salesperson"), queryset=colleagues)
    customer = django_filters.NumberFilter(label=_("Customer"), field_name="customer", widget=forms.HiddenInput)
    wanted_before = day_filter(_("Wanted until"), "wanted_on", "lte")

    class Meta:
        model = TechnicalRequest
        fields: list[str] = []
