"""What answers to a test are worth. Pure: takes rows, gives points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any


@dataclass(frozen=True)
class Grade:
    """What a whole test came to."""

    points: int
    most: int
    right: frozenset[int]  # ids of the questions that were answered rightly

    @property
    def percent(self) -> int:
        """Whole percent, rounded down: 79.9 is not 80."""
        return self.points * 100 // self.most if self.most else 0


def is_right(question: Any, answer: Any) -> bool:
    """Whether an answer is the right one; of several choices, exactly the right ones."""
    if question.kind == "number":
        try:
            given = Decimal(str(answer))
        except (InvalidOperation, ValueError):
            return False
        return given.is_finite() and abs(given - question.right_number) <= question.tolerance
    if question.kind == "truth":
        return answer in ("true", "false") and (answer == "true") == question.is_true
    right = {one.pk for one in question.options.all() if one.is_right}
    chosen = answer if isinstance(answer, (list, tuple)) else [answer] if answer not in (None, "") else []
    return {int(one) for one in chosen if str(one).isdigit()} == right


def grade(questions: Iterable[Any], answers: Mapping[str, Any]) -> Grade:
    """Points for every question that was answered rightly; what was left out counts nothing."""
    points = most = 0
    right: set[int] = set()
    for question in questions:
        most += question.points
        if is_right(question, answers.get(str(question.pk))):
            points += question.points
            right.add(question.pk)
    return Grade(points, most, frozenset(right))
