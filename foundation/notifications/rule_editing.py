"""The form behind a rule, in the application and in the administration alike."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.accounts.audiences import audience_choices, channel_choices
from foundation.notifications import channels, facts, subjects
from foundation.notifications.catalogue import overview
from foundation.notifications.models import Rule
from foundation.notifications.rule_words import event_choices

NONE = [("", "---------")]
CONDITIONS = 4
LONGEST_WAIT = 60 * 24 * 90
LONGEST_TRUTH = 24 * 366


class RuleForm(forms.ModelForm):
    """Everything is chosen by its wording; channels are ticked and numbered, facts are met by words."""

    event = forms.ChoiceField(label=pgettext_lazy("rule", "When"))
    audience = forms.ChoiceField(label=_("To whom"))
    template_key = forms.ChoiceField(label=_("In which words"))
    attach = forms.ChoiceField(label=_("Attached papers"), required=False)
    wait = forms.IntegerField(
        label=_("Wait before sending, in minutes"),
        min_value=0,
        max_value=LONGEST_WAIT,
        initial=0,
        help_text=_("What is overtaken until then is not sent."),
    )
    true_for = forms.IntegerField(
        label=_("Stays true for, in hours"),
        required=False,
        min_value=1,
        max_value=LONGEST_TRUTH,
        help_text=_("Counted from the event; what is not out by then is called off. Empty: for ever."),
    )

    no_receipt_within = forms.IntegerField(
        label=_("If not delivered within, in minutes"),
        required=False,
        min_value=1,
        max_value=LONGEST_WAIT,
        help_text=_("Without a receipt by then, it goes another way, once. Empty: no second attempt."),
    )
    fallback_to = forms.ChoiceField(label=_("then send by"), required=False)

    class Meta:
        model = Rule
        fields = (
            "event", "audience", "template_key", "every_channel", "attach", "kind", "is_urgent", "fallback_to", "is_active",
        )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, instance: Rule | None = None, **kwargs: Any) -> None:
        super().__init__(data, files, instance=instance, **kwargs)
        templates = [(line.key, f"{line.title} ({line.key})") for line in overview()]
        offered: dict[str, list[tuple[str, Any]]] = {
            "event": event_choices(),
            "audience": audience_choices(),
            "template_key": templates,
            "attach": subjects.papers_choices(),
            "fallback_to": [(one.code, one.label) for one in channels.transports()],
        }
        for name, choices in offered.items():
            self.fields[name].choices = NONE + choices  # type: ignore[attr-defined]
        self.fields["wait"].initial = int(self.instance.delay.total_seconds() // 60)
        if self.instance.lasts is not None:
            self.fields["true_for"].initial = math.ceil(self.instance.lasts.total_seconds() / 3600)
        if self.instance.fallback_after is not None:
            self.fields["no_receipt_within"].initial = math.ceil(self.instance.fallback_after.total_seconds() / 60)
        self._add_channels()
        self._add_conditions()

    def _add_channels(self) -> None:
        labels = dict(channel_choices())
        used = [str(code) for code in self.instance.channels] if isinstance(self.instance.channels, list) else []
        self.channel_codes = sorted(channels.codes(), key=lambda code: used.index(code) if code in used else len(used))
        for place, code in enumerate(self.channel_codes, start=1):
            label = labels.get(code, code)
            self.fields[f"via_{code}"] = forms.BooleanField(label=label, required=False, initial=code in used)
            self.fields[f"place_{code}"] = forms.IntegerField(
                label=_t("%(channel)s: place in the order") % {"channel": label},
                required=False,
                min_value=1,
                max_value=9,
                initial=place,
            )

    def _add_conditions(self) -> None:
        condition = self.instance.condition if isinstance(self.instance.condition, dict) else {}
        pairs = [*condition.items(), *[("", "")] * CONDITIONS][: max(CONDITIONS, len(condition))]
        self.condition_rows = len(pairs)
        for row, (name, value) in enumerate(pairs):
            self.fields[f"fact_{row}"] = forms.CharField(
                label=_t("Fact"),
                required=False,
                max_length=60,
                initial=name,
                widget=forms.TextInput(attrs={"list": "facts"}),
            )
            self.fields[f"value_{row}"] = forms.CharField(
                label=_t("is one of"), required=False, max_length=300, initial=facts.say_values(value) if name else ""
            )

    def channel_rows(self) -> list[tuple[Any, Any]]:
        """The tick and the place of every channel."""
        return [(self[f"via_{code}"], self[f"place_{code}"]) for code in self.channel_codes]

    def fact_rows(self) -> list[tuple[Any, Any]]:
        """The fact and the values of every line of the condition."""
        return [(self[f"fact_{row}"], self[f"value_{row}"]) for row in range(self.condition_rows)]

    def clean(self) -> dict[str, Any]:
        """Put channels, condition and delay together; the rule itself is checked by its model."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        self.instance.channels = self._chosen(values)
        if not self.instance.channels:
            self.add_error(None, _t("Choose at least one channel."))
        self.instance.condition = self._condition(values)
        self.instance.delay = timedelta(minutes=values.get("wait") or 0)
        self.instance.lasts = timedelta(hours=values["true_for"]) if values.get("true_for") else None
        if self.instance.lasts is not None and self.instance.lasts <= self.instance.delay:
            self.add_error("true_for", _t("A message must stay true for longer than it waits."))
        self._set_fallback(values)
        if not self.instance.key:
            self.instance.key = new_key(values.get("event") or "", values.get("template_key") or "")
        return values

    def _set_fallback(self, values: dict[str, Any]) -> None:
        """A second way needs both its time and its channel."""
        minutes = values.get("no_receipt_within")
        self.instance.fallback_after = timedelta(minutes=minutes) if minutes else None
        if bool(minutes) != bool(values.get("fallback_to")):
            self.add_error("fallback_to", _t("A fallback needs both the time and the channel."))

    def _chosen(self, values: dict[str, Any]) -> list[str]:
        ticked = [code for code in self.channel_codes if values.get(f"via_{code}")]
        return sorted(ticked, key=lambda code: values.get(f"place_{code}") or 9)

    def _condition(self, values: dict[str, Any]) -> dict[str, Any]:
        known = facts.known_facts(values.get("event") or "")
        condition: dict[str, Any] = {}
        for row in range(self.condition_rows):
            name, text = values.get(f"fact_{row}") or "", values.get(f"value_{row}") or ""
            if not name and not text:
                continue
            if not name or not text:
                self.add_error(f"fact_{row}", _t("Write both, the fact and its value."))
            elif name in condition:
                self.add_error(f"fact_{row}", _t("This fact stands above already."))
            else:
                condition[name] = facts.read_values(text, known.get(name, []))
        return condition

    def _update_errors(self, errors: ValidationError) -> None:
        """What the model refuses about fields that this form spells out stands above the form."""
        if hasattr(errors, "error_dict"):
            shown: dict[Any, Any] = {}
            for name, found in errors.error_dict.items():
                shown.setdefault(name if name in self.fields else "__all__", []).extend(found)
            errors = ValidationError(shown)
        super()._update_errors(errors)  # type: ignore[misc]


def new_key(event: str, template_key: str) -> str:
    """A key that no rule has yet."""
    stem = f"{template_key}-{event}"[:54]
    taken = set(Rule.objects.filter(key__startswith=stem).values_list("key", flat=True))
    return next(
        key for number in range(1, len(taken) + 2) if (key := stem if number == 1 else f"{stem}-{number}") not in taken
    )
