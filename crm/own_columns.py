"""Own fields and tags in the list of customers: what it narrows by, and what its columns show."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import django_filters
from django import forms
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext as _

from crm import own
from crm.filters import CustomerFilter
from crm.models import CustomerTag, OwnField
from foundation.lists.pages import Column

Kind = OwnField.Kind
# code, kind, label, answers: all that a filter is made of, in the reader's language
Spec = tuple[str, str, str, tuple[tuple[str, str], ...]]


def tag_ids() -> ArraySubquery:
    """For a query of customers: the keys of the tags that each carries."""
    return ArraySubquery(CustomerTag.objects.filter(customer=OuterRef("pk")).order_by("pk").values("tag_id"))


def customer_filter() -> Any:
    """The filters of the list of customers, with those of the house's own fields, in the reader's language."""
    specs = tuple(
        (one.code, one.kind, str(one), tuple(own.answers(one)) if one.kind in (Kind.CHOICE, Kind.MANY) else ())
        for one in OwnField.of()
        if one.in_filter
    )
    return _built(specs)


@lru_cache(maxsize=64)
def _built(specs: tuple[Spec, ...]) -> Any:
    found: dict[str, Any] = {f"{own.PREFIX}{spec[0]}": _filter(spec) for spec in specs}
    return type("CustomerFilter", (CustomerFilter,), {"__module__": __name__, **found})


def _filter(spec: Spec) -> django_filters.Filter:
    code, kind, label, offered = spec
    if kind == Kind.CHOICE:
        return django_filters.ChoiceFilter(
            label=label, choices=offered, method=partial(_has, code, lambda value: value)
        )
    if kind == Kind.MANY:
        return django_filters.ChoiceFilter(
            label=label, choices=offered, method=partial(_has, code, lambda value: [value])
        )
    if kind == Kind.YES_NO:
        answers = [(own.YES, _("Yes")), (own.NO, _("No"))]
        return django_filters.ChoiceFilter(label=label, choices=answers, method=partial(_has, code, lambda value: value == own.YES))  # fmt: skip
    if kind == Kind.NUMBER:
        return django_filters.NumericRangeFilter(label=label, method=partial(_between, code, float))
    if kind == Kind.DATE:
        widget = django_filters.widgets.DateRangeWidget(attrs={"type": "date"})
        return django_filters.DateFromToRangeFilter(label=label, widget=widget, method=partial(_between, code, lambda day: day.date().isoformat()))  # fmt: skip
    return django_filters.CharFilter(label=label, method=partial(_says, code), widget=forms.TextInput)


def _has(code: str, kept: Callable[[Any], Any], rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
    """Answered by the index."""
    return rows.filter(own__contains={code: kept(value)}) if value else rows


def _between(code: str, kept: Callable[[Any], Any], rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
    if value and value.start is not None:
        rows = rows.filter(**{f"own__{code}__gte": kept(value.start)})
    if value and value.stop is not None:
        rows = rows.filter(**{f"own__{code}__lte": kept(value.stop)})
    return rows


def _says(code: str, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    return rows.filter(**{f"own__{code}__icontains": value}) if value else rows


def own_columns(*, is_export: bool) -> list[Column]:
    """The columns of the own fields that stand in the list, or in a file of it."""
    fields = [one for one in OwnField.of() if (one.in_export if is_export else one.in_list)]
    return [
        Column(
            own.name_of(one),
            str(one),
            partial(_cell, one),
            is_number=one.kind == Kind.NUMBER,
            plain=partial(_plain, one),
        )
        for one in fields
    ]


def _cell(field: OwnField, row: Any, page: Any) -> object:
    return own.shown(field, row.own.get(field.code))


def _plain(field: OwnField, row: Any, page: Any) -> object:
    return own.raw(field, row.own.get(field.code))
