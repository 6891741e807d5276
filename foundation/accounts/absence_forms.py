"""Absences and hand-overs as people enter them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.accounts.leaves import away_today
from foundation.accounts.models import Leave, User
from foundation.accounts.work import work_kinds


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


class LeaveForm(forms.Form):
    """From when to when, why, and who stands in."""

    first_day = _day(_("First day"))
    last_day = _day(_("Last day"), help_text=_("This day is included."))
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Leave.Kind.choices, help_text=_("Only you and those above you see it.")
    )
    deputy = forms.ModelChoiceField(
        label=_("Deputy"),
        queryset=User.objects.none(),
        required=False,
        empty_label="–",
        help_text=_("All open work goes to the deputy on the first day and comes back after the last."),
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data)
        people = User.objects.filter(is_active=True).exclude(pk=person.pk).order_by("name")
        self.fields["deputy"].queryset = people  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    """For each kind of work of a person, to whom it goes; nobody chosen: it stays."""

    back_on = _day(
        _("Back on"), required=False, help_text=_("On this day what is still open goes back. Empty: for good.")
    )

    def __init__(self, data: Any = None, *, person: User, counts: dict[str, int]) -> None:
        super().__init__(data)
        away = away_today()
        people = list(User.objects.filter(is_active=True).exclude(pk=person.pk).order_by("name"))
        for kind in work_kinds():
            if not counts.get(kind.code):
                continue
            able = [one.pk for one in people if one.pk not in away and kind.fits(one)]
            self.fields[f"to_{kind.code}"] = forms.ModelMultipleChoiceField(
                label=f"{kind.label} ({counts[kind.code]})",
                queryset=User.objects.filter(pk__in=able).order_by("name"),
                required=False,
                widget=forms.SelectMultiple(attrs={"size": 5}),
                help_text=_("Several colleagues take turns; nobody chosen: it stays."),
            )
        self.order_fields([*(name for name in self.fields if name != "back_on"), "back_on"])

    def chosen(self) -> dict[str, list[User]]:
        """Kind → colleagues, those left out that stay."""
        to = {name.removeprefix("to_"): value for name, value in self.cleaned_data.items() if name.startswith("to_")}
        return {code: list(people) for code, people in to.items() if people}
