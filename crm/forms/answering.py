"""The questions of a version as a form: drawn in any language, checked by the same rules that keep the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from crm.asking import missing, shown
from crm.forms.fields import date_field
from crm.models import Question
from crm.models.questionnaires import words_of
from foundation.ui import html
from foundation.ui.forms import ACCEPTED, UPLOAD_HINT

PREFIX = "q-"
LARGEST_NUMBER = 10**11


@dataclass(frozen=True)
class Asked:
    """A question as it is drawn: its field, its number, whether it is asked now, and the rule for the browser."""

    question: Question
    field: Any
    number: int
    is_asked: bool
    rule: dict[str, str]
    only_if: str


class AnswersForm(forms.Form):
    """One field for each question. `language` is the customer's: what is read to them; hints stay in the reader's."""

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        questions: Sequence[Question],
        language: str = "",
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, initial=initial)
        self.questions = list(questions)
        self.asks = [one.as_ask() for one in questions]
        self.language = language or get_language() or "en"
        for question in questions:
            self.fields[f"{PREFIX}{question.code}"] = _field(question, self.language)

    def clean(self) -> dict[str, Any]:
        """Obligatory is what is asked; what is not asked does not count."""
        values = super().clean() or {}
        answers = self._answers(values)
        asked = set(shown(self.asks, answers))
        for code in [one.code for one in self.questions if one.code not in asked]:
            self.errors.pop(f"{PREFIX}{code}", None)  # what is not asked cannot be wrong
        for code in missing(self.asks, answers):
            name = f"{PREFIX}{code}"
            if name not in self.errors:
                self.add_error(name, _("This question has to be answered."))
        return values

    @property
    def answers(self) -> dict[str, Any]:
        """The answers by the questions' codes, after `is_valid()`."""
        return self._answers(self.cleaned_data)

    def _answers(self, values: dict[str, Any]) -> dict[str, Any]:
        return {one.code: values.get(f"{PREFIX}{one.code}") for one in self.questions}

    def asked(self) -> list[Asked]:
        """Every question in order, with what the page needs to show or hide it."""
        now = set(shown(self.asks, self._typed()))
        texts = {one.pk: one for one in self.questions}
        numbers = {one.code: number for number, one in enumerate(self.questions, 1)}
        found = []
        for question in self.questions:
            on = texts.get(question.depends_on_id or 0)
            rule, words = {}, ""
            if on is not None:
                rule = {
                    "on": f"{PREFIX}{on.code}",
                    "is": question.operator,
                    "values": "|".join(map(str, question.values)),
                }
                words = condition_words(question, on, numbers[on.code])
            field = self[f"{PREFIX}{question.code}"]
            number = numbers[question.code]
            found.append(Asked(question, field, number, question.code in now, rule, words))
        return found

    def _typed(self) -> dict[str, Any]:
        """What is in the fields now, whether it is valid or not."""
        return {one.code: self[f"{PREFIX}{one.code}"].value() for one in self.questions}


def condition_words(question: Question, on: Question, number: int) -> str:
    """“Only if question 2 is one of: Yes”."""
    shown_values = [str(one) for one in question.values]
    if question.operator in (Question.Operator.IS, Question.Operator.IS_NOT):
        known = {one.code: one.text for one in on.options.all()}
        shown_values = [known.get(one, one) for one in shown_values]
    rule = f"{question.get_operator_display()} {', '.join(shown_values)}".strip()
    return _("Only if the answer to question %(number)s %(rule)s") % {"number": number, "rule": rule}


def _field(question: Question, language: str) -> forms.Field:
    """The field of one question; `clean()` takes back what is missing where the question is not asked."""
    text = words_of(question, "text", language)
    label: Any = html.foreign(text, language) if language != get_language() else text
    common: dict[str, Any] = {
        "label": label,
        "required": question.is_required,
        "error_messages": {"required": _("This question has to be answered.")},
    }
    kind = question.kind
    if kind in (Question.Kind.SINGLE, Question.Kind.MULTIPLE):
        choices = [(one.code, _marked(words_of(one, "text", language), language)) for one in question.options.all()]
        if kind == Question.Kind.SINGLE:
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
    if kind == Question.Kind.SCALE:
        steps = [(str(step), str(step)) for step in range(1, question.scale_max + 1)]
        hint = _("1 is bad, %(high)s is very good.") % {"high": question.scale_max}
        widget = forms.RadioSelect(attrs={"data-scale": ""})
        return forms.ChoiceField(choices=steps, widget=widget, help_text=hint, **common)
    if kind == Question.Kind.NUMBER:
        widget_number = forms.TextInput(attrs={"inputmode": "decimal"})
        return forms.DecimalField(
            max_digits=16, decimal_places=4, localize=True, widget=widget_number,
            min_value=-LARGEST_NUMBER, max_value=LARGEST_NUMBER, **common,
        )  # fmt: skip
    if kind == Question.Kind.DATE:
        return date_field(**common)
    if kind == Question.Kind.FILE:
        return forms.FileField(
            help_text=UPLOAD_HINT, widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}), **common
        )
    return forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 2}), **common)


def _marked(text: str, language: str) -> str | SafeString:
    return html.foreign(text, language) if language != get_language() else text


def scale_word(question: Question) -> str:
    """“Scale from 1 to 5”, for lists of questions."""
    if question.kind != Question.Kind.SCALE:
        return str(question.get_kind_display())
    return pgettext("kind of a question", "Scale from 1 to %(high)s") % {"high": question.scale_max}
