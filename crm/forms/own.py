"""Own fields in forms."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from crm.forms.fields import LineField, date_field
from crm.models import OwnField
from crm.own import LONGEST, NO, YES, Kind, answers, kept, name_of
from foundation.ui.numbers import AmountField


def form_field(field: OwnField, value: Any = None) -> forms.Field:
    """The field of a form; `value` is what the record has."""
    common: dict[str, Any] = {"label": str(field), "required": field.is_obligatory, "help_text": field.help_text()}
    if field.kind == Kind.CHOICE:
        offered = [("", "–"), *answers(field, retired=value or "")]
        return forms.ChoiceField(choices=offered, **common)
    if field.kind == Kind.MANY:
        offered = answers(field, retired=value or [])
        return forms.MultipleChoiceField(choices=offered, widget=forms.CheckboxSelectMultiple, **common)
    if field.kind == Kind.YES_NO:
        return forms.ChoiceField(choices=[("", "–"), (YES, _("Yes")), (NO, _("No"))], **common)
    if field.kind == Kind.NUMBER:
        return AmountField(max_digits=15, decimal_places=4, **common)
    if field.kind == Kind.DATE:
        return _day(common)
    if field.kind == Kind.LINK:
        return forms.URLField(assume_scheme="https", max_length=LONGEST, **common)
    return LineField(max_length=LONGEST, **common)


def _day(common: dict[str, Any]) -> forms.Field:
    return date_field(label=common["label"], required=common["required"], help_text=common["help_text"])


def initial_of(field: OwnField, value: Any) -> Any:
    """What a form starts with."""
    if value is None:
        return None
    if field.kind == Kind.YES_NO:
        return YES if value else NO
    if field.kind == Kind.NUMBER:
        return Decimal(str(value))
    return value


class OwnFields:
    """For a form: one field for each own field in use. `values_of_own()` gives what changed hands."""

    fields: dict[str, forms.Field]
    initial: Any

    def add_own_fields(self, values: Mapping[str, Any] | None = None) -> None:
        """Put them at the end of the form, starting with what the record has."""
        self.own_fields = OwnField.of()
        for one in self.own_fields:
            value = (values or {}).get(one.code)
            self.fields[name_of(one)] = form_field(one, value)
            self.initial.setdefault(name_of(one), initial_of(one, value))

    def take_own(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Take the own fields out of the cleaned values; by code, None for those that are empty."""
        return {
            one.code: kept(one, cleaned.pop(name_of(one), None))
            for one in self.own_fields
            if name_of(one) in self.fields
        }
