"""The rules of a questionnaire, without the database: which question is asked, what is missing, what can never work.

An answer is a code (single), a list of codes (multiple), a number (scale, number), a text, a day, or a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

CHOICES = ("single", "multiple")
NUMBERS = ("scale", "number")
OPERATORS = {"answered": ("",), "is": CHOICES, "is_not": CHOICES, "at_least": NUMBERS, "at_most": NUMBERS}
LOWEST = 1  # of every scale
FEWEST_OPTIONS = 2


@dataclass(frozen=True)
class Condition:
    """Ask only when the answer to question `on` is (not) one of `values`, reaches the number, or was given at all."""

    on: str
    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ask:
    """What the rules need to know of a question."""

    code: str
    kind: str
    is_required: bool = True
    options: tuple[str, ...] = ()
    condition: Condition | None = None
    scale_max: int = 5


@dataclass(frozen=True)
class Fault:
    """Why a questionnaire cannot work: at which question, in which field of its form, and in words."""

    code: str
    field: str
    message: str


def is_given(value: Any) -> bool:
    """Whether something was answered; zero is an answer."""
    return value is not None and value != "" and value != []


def shown(asks: Sequence[Ask], answers: Mapping[str, Any]) -> list[str]:
    """The codes of the questions that are asked after these answers, in order. What is not asked counts as unanswered."""
    asked: list[str] = []
    known: set[str] = set()
    for ask in asks:
        if ask.condition is None or (ask.condition.on in known and holds(ask.condition, answers)):
            asked.append(ask.code)
            known.add(ask.code)
    return asked


def holds(condition: Condition, answers: Mapping[str, Any]) -> bool:
    """Whether the answer fulfils the condition; no answer fulfils none."""
    value = answers.get(condition.on)
    if not is_given(value):
        return False
    if condition.operator == "answered":
        return True
    if condition.operator in ("at_least", "at_most"):
        number, bound = _number(value), _number(condition.values[0] if condition.values else None)
        if number is None or bound is None:
            return False
        return number >= bound if condition.operator == "at_least" else number <= bound
    given = {str(one) for one in (value if isinstance(value, (list, tuple, set)) else [value])}
    fits = bool(given & set(condition.values))
    return fits if condition.operator == "is" else not fits


def kept(asks: Sequence[Ask], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that count: given, and to questions that are asked."""
    return {code: answers[code] for code in shown(asks, answers) if is_given(answers.get(code))}


def missing(asks: Sequence[Ask], answers: Mapping[str, Any]) -> list[str]:
    """The obligatory questions that are asked and not answered."""
    required = {ask.code for ask in asks if ask.is_required}
    return [code for code in shown(asks, answers) if code in required and not is_given(answers.get(code))]


def faults(asks: Sequence[Ask]) -> list[Fault]:
    """What can never work, question by question."""
    found: list[Fault] = []
    places = {ask.code: place for place, ask in enumerate(asks)}
    by_code = {ask.code: ask for ask in asks}
    for place, ask in enumerate(asks):
        if ask.kind in CHOICES and len(ask.options) < FEWEST_OPTIONS:
            found.append(Fault(ask.code, "options", _("Give at least two options to choose from.")))
        if ask.condition is not None:
            found += _condition_faults(ask, ask.condition, place, places, by_code)
    return found


def _condition_faults(
    ask: Ask, condition: Condition, place: int, places: Mapping[str, int], by_code: Mapping[str, Ask]
) -> Iterable[Fault]:
    if condition.on == ask.code:
        yield Fault(ask.code, "depends_on", _("A question cannot depend on its own answer."))
        return
    on = by_code.get(condition.on)
    if on is None:
        yield Fault(ask.code, "depends_on", _("The question on which this one depends is gone."))
        return
    if places[condition.on] > place:
        yield Fault(ask.code, "depends_on", _("A question can depend only on one that is asked before it."))
        return
    kinds = OPERATORS.get(condition.operator, ())
    if condition.operator != "answered" and on.kind not in kinds:
        yield Fault(
            ask.code, "operator", _("This comparison does not fit the kind of the question that it depends on.")
        )
    elif condition.operator in ("is", "is_not"):
        yield from _option_faults(ask, condition, on)
    elif condition.operator in ("at_least", "at_most"):
        yield from _number_faults(ask, condition, on)


def _option_faults(ask: Ask, condition: Condition, on: Ask) -> Iterable[Fault]:
    if not condition.values:
        yield Fault(ask.code, "condition_options", _("Choose the answers after which this question is asked."))
    elif set(condition.values) - set(on.options):
        yield Fault(ask.code, "condition_options", _("Choose answers of the question that this one depends on."))
    elif condition.operator == "is_not" and on.kind == "single" and not set(on.options) - set(condition.values):
        yield Fault(ask.code, "condition_options", _("After no answer at all would this question be asked."))


def _number_faults(ask: Ask, condition: Condition, on: Ask) -> Iterable[Fault]:
    bound = _number(condition.values[0] if condition.values else None)
    if bound is None:
        yield Fault(ask.code, "condition_number", _("Enter the number to compare with."))
    elif on.kind == "scale" and (bound > on.scale_max if condition.operator == "at_least" else bound < LOWEST):
        yield Fault(
            ask.code,
            "condition_number",
            _("The scale goes from %(low)s to %(high)s: this can never be.") % {"low": LOWEST, "high": on.scale_max},
        )


def _number(value: Any) -> Decimal | None:
    if isinstance(value, (list, tuple)):
        return None
    try:
        number = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() else None
