"""A target as people edit it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.accounts.audiences import channel_choices
from foundation.journal.registry import all_types
from foundation.sla import escalation
from foundation.sla.dates import date_choices
from foundation.sla.models import Clock, Target
from foundation.sla.values import is_known, known_codes, value_label
from foundation.sla.widgets import CodesInput, ValuesInput
from foundation.ui.forms import MomentField, text_area


class LevelsField(SimpleArrayField):
    """Percentages as people write them in any language; whatever is wrong with one is said in one sentence."""

    def __init__(self) -> None:
        super().__init__(
            forms.IntegerField(min_value=1, max_value=99),
            label=_("Warning levels in percent"),
            required=False,
            help_text=_("Such as 50, 75, 90"),
        )

    def clean(self, value: Any) -> Any:
        """Whole numbers, between whatever separates them."""
        text = value if isinstance(value, str) else ",".join(map(str, value or []))
        try:
            return super().clean(",".join(re.split(r"[\s,，、;；%％]+", text)).strip(","))
        except ValidationError as error:
            said = _t("Warning levels are whole numbers between 1 and 99, separated by commas.")
            raise ValidationError(said, code="levels") from error


class TargetForm(forms.ModelForm):
    """All of a target; event codes must be known to the journal or have been there before."""

    warning_percent = LevelsField()

    class Meta:
        model = Target
        fields = (
            "code", "metric", "position", "is_active",
            "name", "name_zh_hans", "name_zh_hant", "name_de",
            "amount", "unit", "calendar", "anchor_fact", "anchor_side", "warning_percent",
            *Target.EVENT_FIELDS,
            *Target.CONDITIONS,
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dates = [("", "–"), *date_choices()]
        kept = self.instance.anchor_fact
        if kept and kept not in dict(dates):
            dates.append((kept, kept))
        widget = self.fields["anchor_fact"].widget
        self.fields["anchor_fact"] = forms.ChoiceField(
            label=_("Counted from the date"),
            choices=dates,
            required=False,
            help_text=_("A day counts to its end, or to its beginning where time runs before it."),
        )
        self.fields["anchor_fact"].widget.is_required = widget.is_required
        for place, name in enumerate(Target.EVENT_FIELDS):
            self.fields[name].widget = CodesInput(self.fields[name].label, brings_list=place == 0)
        for name in Target.CONDITIONS:
            self._offer_values(name)

    def _offer_values(self, name: str) -> None:
        """Ticks for the values that stages have named, and for those that stood there before; a line where nobody has."""
        offered = dict.fromkeys([*known_codes(name), *(getattr(self.instance, name) or [])])
        if known_codes(name):
            widget = ValuesInput(attrs={"class": "is-columns"})
            widget.offer((code, value_label(name, code)) for code in offered)
            self.fields[name].widget = widget

    def clean(self) -> dict[str, Any]:
        """Refuse codes that no event carries, so that a typing error does not keep a clock from starting."""
        cleaned = super().clean() or self.cleaned_data
        known = {one.code for one in all_types()}
        for name in Target.EVENT_FIELDS:
            before = set(getattr(self.instance, name) or []) if self.instance.pk else set()
            unknown = sorted(set(cleaned.get(name) or []) - known - before)
            if unknown:
                self.add_error(name, ValidationError(_("No event is called “%(code)s”."), params={"code": unknown[0]}))
        self._refuse_unknown_values(cleaned)
        return cleaned

    def _refuse_unknown_values(self, cleaned: dict[str, Any]) -> None:
        """Nor a value that no record has."""
        for name in Target.CONDITIONS:
            before = getattr(self.instance, name) or [] if self.instance.pk else []
            odd = [one for one in cleaned.get(name) or [] if not is_known(name, one) and one not in before]
            if odd:
                self.add_error(name, ValidationError(_("No record has the value “%(code)s”."), params={"code": odd[0]}))


class StepForm(forms.Form):
    """One step of the escalation. Without minutes it is no step."""

    after = forms.IntegerField(
        label=_("Minutes of working time after the breach"), min_value=1, max_value=1_000_000, required=False
    )
    audiences = forms.MultipleChoiceField(
        label=_("Whom"), widget=forms.CheckboxSelectMultiple(attrs={"class": "is-columns"}), required=False
    )
    channels = forms.MultipleChoiceField(
        label=pgettext_lazy("by which means", "By"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audiences"].choices = list(escalation.audience_labels().items())  # type: ignore[attr-defined]
        self.fields["channels"].choices = channel_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A step tells somebody, somehow."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("after") is None:
            return values
        if not values.get("audiences"):
            self.add_error("audiences", _t("Choose whom the step tells."))
        if not values.get("channels"):
            self.add_error("channels", _t("Choose how the step tells them."))
        return values

    @property
    def is_spare(self) -> bool:
        """Whether nothing is in it: it waits folded."""
        return not self.initial and not self.errors and not self.has_changed()

    def step(self) -> escalation.Step | None:
        """The step, or None for a row without minutes."""
        values = self.cleaned_data
        if values.get("after") is None:
            return None
        return escalation.Step(values["after"], tuple(values["audiences"]), tuple(values["channels"]))


class _Steps(forms.BaseFormSet):
    """All steps of one target."""

    def clean(self) -> None:
        """Two steps at one time would be one."""
        seen = set()
        for form in self.forms:
            after = getattr(form, "cleaned_data", {}).get("after")
            if after is not None and after in seen:
                form.add_error("after", _t("Two steps come at the same time."))
            seen.add(after)


StepFormSet = forms.formset_factory(
    StepForm, formset=_Steps, extra=1, max_num=escalation.MOST_STEPS, absolute_max=escalation.MOST_STEPS
)


def steps_in(formset: forms.BaseFormSet) -> list[escalation.Step]:
    """Those that were filled in."""
    return [step for form in formset.forms if (step := form.step()) is not None]


def steps_initial(target: Target) -> list[dict[str, Any]]:
    """The steps of a target as its form begins."""
    return [step.stored() for step in escalation.steps_of(target)]


def fingerprint(target: Target, fields: Sequence[str]) -> str:
    """What tells one edit from another: a change is saved only as it was shown in its preview."""
    values = {name: getattr(target, "calendar_id" if name == "calendar" else name) for name in fields}
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()


class DueForm(forms.Form):
    """When it is due, in the reader's zone, and why."""

    due_at = MomentField(
        label=_("Due"), help_text=_("In your own time zone. From then on pauses and other changes do not move it.")
    )
    reason = text_area(_("Reason"), rows=2, most=1000)

    def __init__(self, data: Any = None, *, clock: Clock) -> None:
        first = {"due_at": timezone.localtime(clock.due_at).replace(tzinfo=None)} if clock.due_at else {}
        super().__init__(data, initial=first)


class ResetForm(forms.Form):
    """Why the promise begins afresh."""

    reason = text_area(
        _("Reason"), rows=2, most=1000, help_text=_("The time used so far is kept in the ledger and counts no more.")
    )

    def __init__(self, data: Any = None, *, clock: Clock) -> None:
        super().__init__(data)
