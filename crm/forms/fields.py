"""Fields of this stage: countries, languages, colleagues, telephone numbers, local times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.models.products import validate_currency
from foundation.ui.forms import ACCEPTED, ManyFilesField, ManyFilesInput, MomentField, refuse_slip
from foundation.ui.phones import LONGEST, parse_phone
from foundation.ui.places import countries, customer_languages
from foundation.ui.selects import LongChoiceField

# A text or a lazy one.
Label = Any


def one_line(text: str) -> str:
    """Names and subjects: one line, single spaces."""
    return " ".join((text or "").split())


class LineField(forms.CharField):
    """One line of text: line breaks and runs of spaces become single spaces."""

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value) or "")


class CurrencyField(LineField):
    """Three letters, written as people like."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=3, validators=[validate_currency], **kwargs)

    def to_python(self, value: Any) -> str:
        return super().to_python(value).upper()


def country_field(*, required: bool = True, label: Label = "") -> forms.ChoiceField:
    """ISO alpha-2, named in the reader's language."""
    return LongChoiceField(
        label=label or _("Country"), choices=lambda: [("", gettext("Please choose")), *countries()], required=required
    )


def region_field(*, help_text: Label = "") -> forms.CharField:
    """The province or state below the country, in any writing."""
    return LineField(label=_("Province or state"), max_length=80, required=False, help_text=help_text)


def language_field(*, required: bool = True, empty: Label = "", help_text: Label = "") -> forms.ChoiceField:
    """What a customer is written to in; `empty` is the wording of no choice."""
    return LongChoiceField(
        label=_("Language"),
        choices=lambda: [*([("", str(empty))] if empty else []), *customer_languages()],
        required=required,
        help_text=help_text,
    )


def phone_field(label: Label, *, help_text: Label = "") -> forms.CharField:
    """A number as people write it; the form brings it into its normal form by the country of the record."""
    return LineField(
        label=label,
        max_length=LONGEST,
        required=False,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )


def clean_phones(form: forms.BaseForm, values: dict[str, Any], names: Sequence[str], country: str) -> None:
    """Bring the numbers of a form into E.164, each with its own error and an example of the country."""
    for name in names:
        if name not in values:
            continue
        try:
            values[name] = parse_phone(values[name], country)
        except forms.ValidationError as error:
            form.add_error(name, error)


def local_time_field(*, label: Label, required: bool = True, help_text: Label = "") -> forms.DateTimeField:
    """A moment in the reader's own zone."""
    return MomentField(label=label, required=required, help_text=help_text)


def date_field(*, label: Label, required: bool = True, help_text: Label = "") -> forms.DateField:
    """A day."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[refuse_slip],
    )


def spoken_files_field() -> ManyFilesField:
    """Pictures, papers and what was spoken."""
    return ManyFilesField(
        label=_("Photos, papers, voice"),
        required=False,
        widget=ManyFilesInput(attrs={"accept": f"{ACCEPTED},audio/*", "data-voice": "1"}),
        help_text=_(
            "Pictures, PDF and recordings, at most 10 MB each. Record others only when all who are heard have agreed."
        ),
    )
