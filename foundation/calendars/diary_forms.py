"""The form that moves an entry of the calendar."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.calendars.diary.entries import Entry, Source
from foundation.ui.forms import MomentField, refuse_slip


class MoveEntryForm(forms.Form):
    """Another time or another day, and whether the customer is told."""

    start = MomentField(label=_("Begins"), help_text=_("In your own time zone."))
    end = MomentField(label=_("Ends"), required=False, help_text=_("Empty: as long as before."))
    day = forms.DateField(
        label=_("New day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=True,
        validators=[refuse_slip],
    )
    tells = forms.BooleanField(label=_("Tell the customer"), required=False)
    sure = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    back = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, source: Source, entry: Entry, back: str = "", **kwargs: Any) -> None:
        first = {"start": _local(entry.start), "end": _local(entry.end), "day": entry.start, "back": back}
        super().__init__(data, initial={**first, **kwargs.pop("initial", {})}, **kwargs)
        self.entry = entry
        for name in ("start", "end") if entry.is_whole_day else ("day",):
            del self.fields[name]
        if source.is_point and "end" in self.fields:
            del self.fields["end"]
        if not entry.asks_telling:
            del self.fields["tells"]

    def clean(self) -> dict[str, Any]:
        """It ends after it begins; without an end it is as long as before."""
        values = super().clean() or {}
        start, end = values.get("start"), values.get("end")
        if start and not end and "end" in self.fields and "end" not in self.errors:
            before = self.entry
            assert isinstance(before.start, datetime)
            values["end"] = start + (before.until - before.start)
        elif start and end and end <= start:
            self.add_error("end", gettext("It must end after it begins."))
        return values

    @property
    def wanted(self) -> tuple[Any, Any]:
        """Start and end as the services take them."""
        if self.entry.is_whole_day:
            return self.cleaned_data["day"], None
        return self.cleaned_data["start"], self.cleaned_data.get("end")


def _local(moment: Any) -> Any:
    return timezone.localtime(moment).replace(tzinfo=None) if isinstance(moment, datetime) else None
