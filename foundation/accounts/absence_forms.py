"""Absences and hand-overs as people enter them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.accounts.leaves import away_today
from foundation.accounts.models import Leave, User
from foundation.accounts.work import work_kinds
from foundation.ui import formats
from foundation.ui.forms import refuse_slip

# A list may have changed since the page was opened: work went elsewhere, somebody fell ill.
UNFIT = _("This colleague is away, or may not do what is open now. Choose somebody else.")


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget, validators=[refuse_slip])


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
        help_text=_("All open work goes to the deputy on the first day and comes back after the last. Customers stay."),
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data)
        people = User.objects.filter(is_active=True).exclude(pk=person.pk).order_by("name")
        self.fields["deputy"].queryset = people  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    """To whom everything goes, and for each kind of work who takes it instead; nobody chosen: it stays."""

    all_to = forms.ModelChoiceField(
        label=_("Everything goes to"),
        queryset=User.objects.none(),
        required=False,
        empty_label="–",
        help_text=_("What is chosen below goes there instead. Customers go only where they are chosen below."),
        error_messages={"invalid_choice": UNFIT},
    )
    back_on = _day(
        _("Back on"), required=False, help_text=_("On this day what is still open goes back. Empty: for good.")
    )

    def __init__(self, data: Any = None, *, person: User, counts: dict[str, int]) -> None:
        super().__init__(data)
        away = away_today()
        people = list(User.objects.filter(is_active=True).exclude(pk=person.pk).order_by("name"))
        self.kinds = [kind for kind in work_kinds() if counts.get(kind.code)]
        usual = [kind for kind in self.kinds if not kind.is_lasting]
        takers = [one.pk for one in people if one.pk not in away and any(kind.fits(one) for kind in usual)]
        self.fields["all_to"].queryset = User.objects.filter(pk__in=takers).order_by("name")  # type: ignore[attr-defined]
        for kind in self.kinds:
            able = [one.pk for one in people if one.pk not in away and kind.fits(one)]
            self.fields[f"to_{kind.code}"] = forms.ModelMultipleChoiceField(
                label=f"{kind.label} ({counts[kind.code]})",
                queryset=User.objects.filter(pk__in=able).order_by("name"),
                required=False,
                widget=forms.SelectMultiple(attrs={"size": 5}),
                help_text=_("Several colleagues take turns."),
                error_messages={"invalid_choice": UNFIT},
            )
        self.order_fields(["all_to", "back_on", *(f"to_{kind.code}" for kind in self.kinds)])
        self.counts = counts

    @property
    def summary(self) -> str:
        """How much of what is open."""
        return ", ".join(f"{kind.label} ({formats.number(self.counts[kind.code])})" for kind in self.kinds)

    @property
    def by_kind(self) -> list[Any]:
        """The fields that send one kind of work elsewhere."""
        return [self[f"to_{kind.code}"] for kind in self.kinds]

    @property
    def is_divided(self) -> bool:
        """Whether something is chosen there, wrong there, or can go only from there."""
        only_lasting = all(kind.is_lasting for kind in self.kinds)
        return only_lasting or any(field.errors or field.value() for field in self.by_kind)

    def chosen(self) -> dict[str, list[User]]:
        """Kind → colleagues, those left out that stay."""
        to = {kind.code: list(self.cleaned_data[f"to_{kind.code}"]) for kind in self.kinds}
        one = self.cleaned_data["all_to"]
        for kind in self.kinds:
            if one is not None and not to[kind.code] and not kind.is_lasting and kind.fits(one):
                to[kind.code] = [one]
        return {code: people for code, people in to.items() if people}

    def staying(self) -> list[str]:
        """The kinds that stay although everything was to go, because whoever was chosen may not do them."""
        if self.cleaned_data["all_to"] is None:
            return []
        going = self.chosen()
        return [str(kind.label) for kind in self.kinds if kind.code not in going and not kind.is_lasting]
