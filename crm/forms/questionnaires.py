"""Forms with which questionnaires are built."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import LineField
from crm.models import Question, Questionnaire
from crm.models.questionnaires import QuestionnaireVersion
from crm.services.questionnaires import SCRIPT, TEXTS, QuestionData
from foundation.knowledge.situations import NAMES
from foundation.notifications.texts import strangers_in

LANGUAGE_LABELS = {
    "en": _("English"),
    "zh_hans": _("Simplified Chinese"),
    "zh_hant": _("Traditional Chinese"),
    "de": _("German"),
}
MOST_OPTIONS = 20
SPARE_OPTIONS = 2


class NamesForm(forms.Form):
    """What a questionnaire is called, and what it is for."""

    name_en = LineField(label=_("Name in English"), max_length=120)
    name_zh_hans = LineField(label=_("Name in simplified Chinese"), max_length=120, required=False)
    name_zh_hant = LineField(label=_("Name in traditional Chinese"), max_length=120, required=False)
    name_de = LineField(label=_("Name in German"), max_length=120, required=False)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Questionnaire.Purpose.choices)

    @property
    def names(self) -> dict[str, str]:
        """The names by column."""
        return {column: self.cleaned_data[f"name_{column}"] for column in TEXTS}


class EditNamesForm(NamesForm):
    """The same for one that exists."""

    is_active = forms.BooleanField(
        label=_("in use"), required=False, help_text=_("Without it no new call is planned with this questionnaire.")
    )


class ScriptForm(forms.Form):
    """What the caller says first and last, in four languages."""

    def __init__(self, data: Any = None, files: Any = None, *, version: QuestionnaireVersion) -> None:
        super().__init__(data, files, initial={name: getattr(version, name) for name in SCRIPT})
        for name in SCRIPT:
            part, _bar, column = name.partition("_")
            word = _("First words") if part == "opening" else _("Last words")
            self.fields[name] = forms.CharField(
                label=f"{word} · {LANGUAGE_LABELS[column]}",
                widget=forms.Textarea(attrs={"rows": 3}),
                required=False,
                max_length=2000,
            )
        self.fields[SCRIPT[0]].help_text = gettext("In braces it may name %(names)s.") % {"names": _in_braces()}

    def clean(self) -> dict[str, Any]:
        """Names in braces that nobody fills are refused, with those that exist."""
        values = super().clean() or {}
        for name, text in list(values.items()):
            if strangers := strangers_in(text or "", NAMES):
                words = {"names": ", ".join(strangers), "known": _in_braces()}
                self.add_error(name, gettext("Nobody fills %(names)s. There is: %(known)s") % words)
        return values


def _in_braces() -> str:
    return ", ".join(
        f"{{{one}}}" for one in ("my_name", "company_name", "company_phone", "customer_name", "contact_name", "subject")
    )


class QuestionForm(forms.Form):
    """A question in four languages, and when it is asked."""

    text_en = LineField(label=_("Question in English"), max_length=300)
    text_zh_hans = LineField(label=_("Question in simplified Chinese"), max_length=300, required=False)
    text_zh_hant = LineField(label=_("Question in traditional Chinese"), max_length=300, required=False)
    text_de = LineField(label=_("Question in German"), max_length=300, required=False)
    kind = forms.ChoiceField(label=_("Kind of answer"), choices=Question.Kind.choices)
    scale_max = forms.IntegerField(label=_("Highest step of the scale"), min_value=2, max_value=10, initial=5)
    is_required = forms.BooleanField(label=_("It has to be answered"), required=False, initial=True)
    meaning = forms.ChoiceField(
        label=_("The answer tells us"),
        choices=Question.Meaning.choices,
        required=False,
        help_text=_(
            "So that a project becomes an inquiry, a visit can be planned, and a dissatisfied customer is called."
        ),
    )
    depends_on = forms.ChoiceField(label=_("Ask only if the answer to this question"), required=False)
    operator = forms.ChoiceField(label=_("Comparison"), choices=[("", "–"), *Question.Operator.choices], required=False)
    condition_options = forms.MultipleChoiceField(
        label=_("One of these answers"), required=False, widget=forms.SelectMultiple(attrs={"size": 6})
    )
    condition_number = forms.DecimalField(label=_("This number"), required=False, max_digits=12, decimal_places=4)

    GROUPS = (
        ("text_en", "text_zh_hans", "text_zh_hant", "text_de"),
        ("kind", "scale_max", "is_required", "meaning"),
        ("depends_on", "operator", "condition_options", "condition_number"),
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        others: Sequence[Question] = (),
        question: Question | None = None,
    ) -> None:
        super().__init__(data, files, initial=_values_of(question) if question else None)
        on: Any = self.fields["depends_on"]
        numbered = [(one, number) for number, one in enumerate(others, 1)]
        others = [one for one in others if question is None or one.pk != question.pk]
        on.choices = [
            ("", _("always ask it")),
            *((str(one.pk), f"{number}. {one.text}") for one, number in numbered if one in others),
        ]
        picks: Any = self.fields["condition_options"]
        picks.choices = [
            (one.text, [(f"{one.pk}:{option.code}", option.text) for option in one.options.all()])
            for one in others
            if one.options.all()
        ]

    def data_of(self, options: Sequence[dict[str, Any]]) -> QuestionData:
        """What the service takes; call after `is_valid()`."""
        values = self.cleaned_data
        return QuestionData(
            kind=values["kind"],
            texts={column: values[f"text_{column}"] for column in TEXTS},
            meaning=values["meaning"],
            is_required=values["is_required"],
            scale_max=values["scale_max"],
            options=options,
            depends_on=int(values["depends_on"]) if values["depends_on"] else None,
            operator=values["operator"],
            values=self._compared(),
        )

    def _compared(self) -> list[str]:
        values = self.cleaned_data
        if values["operator"] in (Question.Operator.IS, Question.Operator.IS_NOT):
            picked = [one.partition(":") for one in values["condition_options"]]
            return [code if pk == values["depends_on"] else f"{pk}-{code}" for pk, _colon, code in picked]
        number = values["condition_number"]
        is_bound = values["operator"] in (Question.Operator.AT_LEAST, Question.Operator.AT_MOST)
        return [format(number.normalize(), "f")] if is_bound and number is not None else []

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("depends_on") and not values.get("operator"):
            self.add_error("operator", _("Say how the answers are compared."))
        if values.get("operator") and not values.get("depends_on"):
            self.add_error("depends_on", _("Choose the question whose answer is compared."))
        return values


def _values_of(question: Question) -> dict[str, Any]:
    names = ("kind", "scale_max", "is_required", "meaning", "operator", *(f"text_{column}" for column in TEXTS))
    values = {name: getattr(question, name) for name in names}
    values["depends_on"] = str(question.depends_on_id or "")
    if question.operator in (Question.Operator.IS, Question.Operator.IS_NOT):
        values["condition_options"] = [f"{question.depends_on_id}:{code}" for code in question.values]
    elif question.values:
        values["condition_number"] = question.values[0]
    return values


class OptionForm(forms.Form):
    """One answer to choose from. A row without any text is no option."""

    code = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    en = LineField(label=_("English"), max_length=160, required=False)
    zh_hans = LineField(label=_("Simplified Chinese"), max_length=160, required=False)
    zh_hant = LineField(label=_("Traditional Chinese"), max_length=160, required=False)
    de = LineField(label=_("German"), max_length=160, required=False)
    is_signal = forms.BooleanField(
        label=_("This answer counts: a project, a visit, or dissatisfaction"), required=False
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        worded = [values.get(column) for column in TEXTS]
        is_empty = not values.get("en") and not values.get("DELETE")
        if is_empty and (any(worded) or values.get("is_signal") or values.get("code")):
            self.add_error("en", _("An option needs its text in English; the other languages fall back to it."))
        return values


_Options = forms.formset_factory(
    OptionForm, extra=SPARE_OPTIONS, can_delete=True, max_num=MOST_OPTIONS, validate_max=True, absolute_max=MOST_OPTIONS
)


def option_forms(data: Any = None, *, question: Question | None = None, more: int = 0) -> Any:
    """The formset of options; `more` empty rows were asked for."""
    if data is not None:
        data = data.copy()
        if more:
            asked = data.get("options-TOTAL_FORMS", "0")
            total = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0
            data["options-TOTAL_FORMS"] = str(min(total + more, MOST_OPTIONS))
    initial = None
    if question is not None:
        initial = [
            {
                "code": one.code,
                "is_signal": one.is_signal,
                **{column: getattr(one, f"text_{column}") for column in TEXTS},
            }
            for one in question.options.all()
        ]
    return _Options(data, initial=initial, prefix="options")


def options_in(formset: Any) -> list[dict[str, Any]]:
    """The rows that are options, in order, after `is_valid()`."""
    rows = [form.cleaned_data for form in formset if form.cleaned_data and not form.cleaned_data.get("DELETE")]
    return [{key: value for key, value in row.items() if key != "DELETE"} for row in rows if row.get("en")]
