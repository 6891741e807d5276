"""Filters of the lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.models import Survey, Ticket
from foundation.accounts.models import User
from foundation.lists.search import OneOf


class TicketFilter(django_filters.FilterSet):
    """By state, kind, priority, owner and day of receipt."""

    status = django_filters.MultipleChoiceFilter(label=_("Status"), choices=Ticket.Status.choices, distinct=False)
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=Ticket.Kind.choices, method="of_kinds")
    priority = django_filters.ChoiceFilter(label=_("Priority"), choices=Ticket.Priority.choices)
    owner = django_filters.ModelChoiceFilter(
        label=_("Owner"), queryset=lambda request: User.objects.filter(is_active=True).order_by("name")
    )
    received = django_filters.DateFromToRangeFilter(
        label=pgettext_lazy("at what time", "Received"),
        field_name="received_at",
        widget=django_filters.widgets.RangeWidget(attrs={"type": "date"}),
    )
    customer = django_filters.NumberFilter(
        label=_("Customer"), method="of_customer", widget=django_filters.widgets.forms.HiddenInput
    )

    class Meta:
        model = Ticket
        fields: list[str] = []

    def of_kinds(self, queryset: Any, name: str, value: list[str]) -> Any:
        """Together with words, as the index of the words knows them; alone, as the column has them."""
        if not value:
            return queryset
        if not self.request.GET.get("q"):
            return queryset.filter(kind__in=value)
        return queryset.alias(one_kind=OneOf("kind")).filter(one_kind__overlap=value)

    def of_customer(self, queryset: Any, name: str, value: Any) -> Any:
        """The counter on the customer's page leads here."""
        return queryset.filter(customer=int(value)) if 0 < value < 2**60 else queryset.none()


class SurveyFilter(django_filters.FilterSet):
    """By state, score and day of the answer."""

    status = django_filters.ChoiceFilter(label=_("Status"), choices=Survey.Status.choices)
    score = django_filters.MultipleChoiceFilter(
        label=_("Overall satisfaction"), choices=[(n, str(n)) for n in range(1, 6)], distinct=False
    )
    answered = django_filters.DateFromToRangeFilter(
        label=_("Answered"), field_name="answered_at", widget=django_filters.widgets.RangeWidget(attrs={"type": "date"})
    )

    class Meta:
        model = Survey
        fields: list[str] = []
