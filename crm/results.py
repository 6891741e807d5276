"""What a questionnaire has brought to light: counts per question and answer, over all its versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Max, Min, QuerySet

from crm.asking import CHOICES
from crm.models import Answer, Question, Questionnaire, Response
from crm.selectors import only_visible

COUNTED = (*CHOICES, "scale")


@dataclass(frozen=True)
class Bar:
    """One answer of a question: how often it was given, its share of those who answered (0 to 100), and its key."""

    label: str
    key: str
    count: int
    share: float


@dataclass
class Result:
    """One question: its latest wording, how many answered, bars or figures."""

    question: Question
    answered: int
    bars: list[Bar] = field(default_factory=list)
    mean: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


def responses_of(user: Any, questionnaire: Questionnaire) -> QuerySet[Response]:
    """Answered questionnaires of customers whom this person may see."""
    rows = Response.objects.filter(version__questionnaire=questionnaire.pk)
    return only_visible(rows, user, "customer__")


def results_of(questionnaire: Questionnaire, responses: QuerySet[Response]) -> list[Result]:
    """Every question that was ever asked, in the order of its latest version. Five queries, however much was answered."""
    questions = _latest(questionnaire)
    rows = Answer.objects.filter(response__in=responses.order_by().values("pk"))
    answered = dict(rows.order_by().values_list("question__code").annotate(n=Count("response", distinct=True)))
    counts: dict[str, dict[str, int]] = {}
    grouped = rows.filter(question__kind__in=COUNTED).order_by()
    for code, option, number, n in grouped.values_list("question__code", "option__code", "number").annotate(
        n=Count("pk")
    ):
        key = option if option is not None else str(int(number or 0))
        per_question = counts.setdefault(code, {})
        per_question[key] = per_question.get(key, 0) + n
    figures = {
        code: values
        for code, *values in rows.filter(number__isnull=False)
        .order_by()
        .values_list("question__code")
        .annotate(mean=Avg("number"), low=Min("number"), high=Max("number"))
    }
    found = []
    for question in questions:
        result = Result(question, answered.get(question.code, 0))
        if question.code in figures:
            result.mean, result.low, result.high = figures[question.code]
        if question.kind in COUNTED:
            result.bars = _bars(question, counts.get(question.code, {}), result.answered)
        found.append(result)
    return found


def _latest(questionnaire: Questionnaire) -> Sequence[Question]:
    """The last published wording of each question, in the order of the latest version; older ones that are gone last."""
    rows = Question.objects.filter(version__questionnaire=questionnaire.pk).exclude(version__status="draft")
    found: dict[str, Question] = {}
    for question in rows.prefetch_related("options").order_by("-version__number", "position", "pk"):
        found.setdefault(question.code, question)
    return list(found.values())


def _bars(question: Question, counts: dict[str, int], answered: int) -> list[Bar]:
    if question.kind == Question.Kind.SCALE:
        labels = {str(step): str(step) for step in range(1, question.scale_max + 1)}
    else:
        labels = {one.code: one.text for one in question.options.all()}
    for key in counts:
        labels.setdefault(key, key)  # an option of an older version
    return [
        Bar(label, key, counts.get(key, 0), 100 * counts.get(key, 0) / answered if answered else 0.0)
        for key, label in labels.items()
    ]


def answers_like(rows: QuerySet[Answer], question: str, key: str) -> QuerySet[Answer]:
    """The answers behind one bar; all answers of the question without a key."""
    rows = rows.filter(question__code=question)
    if not key:
        return rows
    if key.isascii() and key.isdigit() and len(key) < 4:
        return rows.filter(question__kind="scale", number=int(key)) | rows.filter(option__code=key)
    return rows.filter(option__code=key)
