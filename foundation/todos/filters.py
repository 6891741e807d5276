"""Filters of the list of tasks."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.accounts.models import User
from foundation.todos.models import Task


class TaskFilter(django_filters.FilterSet):
    """By state, priority, person, day and record."""

    status = django_filters.MultipleChoiceFilter(label=_("Status"), choices=Task.Status.choices, distinct=False)
    priority = django_filters.MultipleChoiceFilter(label=_("Priority"), choices=Task.Priority.choices, distinct=False)
    person = django_filters.ModelChoiceFilter(
        label=pgettext_lazy("person", "For"),
        queryset=lambda request: User.objects.filter(is_active=True).order_by("name"),
    )
    due = django_filters.DateFromToRangeFilter(
        label=_("Due on"), field_name="due_on", widget=django_filters.widgets.RangeWidget(attrs={"type": "date"})
    )
    record = django_filters.CharFilter(label=_("Record"), method="on_record", widget=forms.HiddenInput)

    class Meta:
        model = Task
        fields: list[str] = []

    def on_record(self, queryset: Any, name: str, value: str) -> Any:
        """The list has opened the record's own door already; see `TaskList.queryset`."""
        return queryset
